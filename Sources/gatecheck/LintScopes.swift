import APISIX
import Findings
import Inputs
import Lint
import Probes

/// What holds for the files of a folder: the nearest .gatecheck.yaml, and the flags above it.
final class LintScope: Sendable {
  let settings: Settings?
  let selection: Selection
  let conditions: Conditions

  init(settings: Settings?, selection: Selection, conditions: Conditions) {
    self.settings = settings
    self.selection = selection
    self.conditions = conditions
  }
}

/// The scope of each file. A folder is looked at once, and a scope is shared by all folders below its settings.
struct LintScopes: Sendable {
  /// Of the working directory, and of what is no matter of a single file.
  let base: LintScope
  /// What there is to say about a release.
  private(set) var notes: [String] = []
  private let arguments: LintCommand
  private let environment: APISIX.Environment
  private let files: HostFiles
  private var finder = SettingsFinder()
  /// By the folder, as it is named.
  private var scopes: [Substring: LintScope] = [:]
  /// By the path of the settings.
  private var shared: [String: LintScope] = [:]

  /// - Throws: for settings or a release that are wrong; the command ends with status 2.
  init(_ arguments: LintCommand, environment: APISIX.Environment) throws {
    self.arguments = arguments
    self.environment = environment
    files = arguments.release.files
    let settings = try finder.settings()
    let release = try arguments.release.choice(settings: settings?.apisixVersion)
    base = try Self.scope(arguments, settings, release.release, environment, files)
    notes += release.note.map { [$0] } ?? []
  }

  /// What a walk passes by of what stands in a folder.
  /// - Parameter folder: absolute.
  mutating func filter(ofFolder folder: String) throws(SettingsError) -> FileList.Filter? {
    let settings = try finder.settings(forFolder: folder)
    return settings.map { settings in { settings.skips($0, isDirectory: $1) } }
  }

  /// Looks up the scopes of these files, so that `subscript` knows them.
  mutating func add(_ files: [InputFile]) throws(SettingsError) {
    // Files of a folder mostly follow each other.
    var last: Substring?
    for file in files where file.path != InputFile.standardInputName {
      let folder = LocalPath.directory(of: file.path)
      if folder == last { continue }
      last = folder
      if scopes[folder] == nil { scopes[folder] = try scope(under: finder.settings(forFile: file.path)) }
    }
  }

  subscript(path: String) -> LintScope { scopes[LocalPath.directory(of: path)] ?? base }

  /// The result with what counts of its findings; all of them, mostly.
  func counted(_ result: LintResult) -> LintResult {
    let countsAll = ([base] + scopes.values).allSatisfy { $0.settings == nil && $0.selection.letsAllThrough }
    if countsAll { return result }
    var result = result
    result.findings.removeAll { !counts($0) }
    return result
  }

  /// Whether a finding counts where it is.
  func counts(_ finding: Finding) -> Bool {
    guard let file = finding.file else { return base.selection.includes(finding) }
    let scope = self[file]
    guard scope.selection.includes(finding) else { return false }
    return scope.settings.map { !$0.ignores(finding.rule.id, in: finder.absolute(file)) } ?? true
  }

  private mutating func scope(under settings: Settings?) throws(SettingsError) -> LintScope {
    if settings?.path == base.settings?.path { return base }
    let path = settings?.path ?? ""
    if let known = shared[path] { return known }
    do {
      let release = try arguments.release.choice(settings: settings?.apisixVersion)
      if let note = release.note, !notes.contains(note) { notes.append(note) }
      let scope = try Self.scope(arguments, settings, release.release, environment, files)
      shared[path] = scope
      return scope
    } catch let error as SettingsError {
      throw error
    } catch {
      throw SettingsError(path: path, "\(error)")
    }
  }

  private static func scope(
    _ arguments: LintCommand, _ settings: Settings?, _ release: Release, _ environment: APISIX.Environment,
    _ files: HostFiles
  ) throws -> LintScope {
    try settings?.check(against: rules)
    return LintScope(
      settings: settings, selection: arguments.selection.selection(settings),
      conditions: Conditions(
        release: release, environment: environment, files: files.lookup,
        declared: Set(settings?.registries ?? [])))
  }
}
