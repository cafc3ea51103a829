public import APISIX
public import Findings
public import Inputs

/// What holds for the files of a folder: the nearest .gatecheck.yaml, and the flags above it.
public final class LintScope: Sendable {
  public let settings: Settings?
  public let selection: Selection
  public let conditions: Conditions

  public init(settings: Settings?, selection: Selection, conditions: Conditions) {
    self.settings = settings
    self.selection = selection
    self.conditions = conditions
  }
}

/// The scope of each file. A folder is looked at once, and a scope is shared by all folders below its settings.
public struct LintScopes: Sendable {
  /// Makes the scope of what stands below these settings, and says what there is to say about its release.
  public typealias Make = @Sendable (Settings?) throws -> (scope: LintScope, note: String?)

  /// Of the working directory, and of what is no matter of a single file.
  public let base: LintScope
  /// What there is to say about a release.
  public private(set) var notes: [String]
  private let make: Make
  private var finder = SettingsFinder()
  /// By the folder, as it is named.
  private var scopes: [Substring: LintScope] = [:]
  /// By the path of the settings.
  private var shared: [String: LintScope] = [:]

  /// - Throws: for settings or a release that are wrong; the command ends with status 2.
  public init(_ make: @escaping Make) throws {
    self.make = make
    let (scope, note) = try make(finder.settings())
    base = scope
    notes = note.map { [$0] } ?? []
  }

  /// What a walk passes by of what stands in a folder.
  /// - Parameters:
  ///   - folder: absolute.
  ///   - hasSettings: its listing has a .gatecheck.yaml.
  public mutating func filter(
    ofFolder folder: String, _ hasSettings: Bool
  ) throws(SettingsError) -> FileList.Filter? {
    let settings = try finder.settings(forFolder: folder, hasSettings: hasSettings)
    return settings.map { settings in { settings.skips($0, isDirectory: $1) } }
  }

  /// Looks up the scopes of these files, so that `subscript` knows them.
  public mutating func add(_ files: [InputFile]) throws(SettingsError) {
    // Files of a folder mostly follow each other.
    var last: Substring?
    for file in files where file.path != InputFile.standardInputName {
      let folder = LocalPath.directory(of: file.path)
      if folder == last { continue }
      last = folder
      if scopes[folder] == nil { scopes[folder] = try scope(under: finder.settings(forFile: file.path)) }
    }
  }

  public subscript(path: String) -> LintScope { scopes[LocalPath.directory(of: path)] ?? base }

  /// Whether every file is judged as this release.
  public func areAll(_ release: Release) -> Bool {
    ([base] + scopes.values).allSatisfy { $0.conditions.release == release }
  }

  /// The result with what counts of its findings; all of them, mostly.
  public func counted(_ result: LintResult) -> LintResult {
    let countsAll = ([base] + scopes.values).allSatisfy { $0.settings == nil && $0.selection.letsAllThrough }
    if countsAll { return result }
    var result = result
    result.findings.removeAll { !counts($0) }
    return result
  }

  /// Whether a finding counts where it is.
  public func counts(_ finding: Finding) -> Bool {
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
      let (scope, note) = try make(settings)
      if let note, !notes.contains(note) { notes.append(note) }
      shared[path] = scope
      return scope
    } catch let error as SettingsError {
      throw error
    } catch {
      throw SettingsError(path: path, "\(error)")
    }
  }
}
