import APISIX
public import Findings
import Inputs
import JSON
import Logs
public import Probes
import SourceText

/// `doctor --from-bundle`: what a bundle has of an installation, judged again where it holds what is judged, and else
/// told as it was recorded. No server is asked, and no file read.
public struct BundleQuestion: Sendable {
  private let bundle: Bundle
  private let catalogue: @Sendable () -> Catalogue

  public init(_ bundle: Bundle, _ catalogue: @escaping @Sendable () -> Catalogue) {
    (self.bundle, self.catalogue) = (bundle, catalogue)
  }

  public func ask(in context: Context) -> DoctorAnswer {
    var answer = DoctorAnswer()
    let all = catalogue()
    let checks = Dictionary(grouping: bundle.checks) { $0["installation"]?.string }
    let allFiles = Dictionary(grouping: bundle.files) { $0.file.installation }
    var names: Set<String?> = []
    for check in bundle.checks where names.insert(check["installation"]?.string).inserted {
      let name = check["installation"]?.string
      let told = checks[name] ?? []
      var files = allFiles[name] ?? []
      // What hangs on a configuration that is not in the bundle cannot be judged without it.
      if told.contains(where: { $0["category"]?.string == Category.configuration.rawValue }),
        !files.contains(where: { $0.file.kind == .config })
      {
        files = []
      }
      let (again, evidence) = judged(files, in: context)
      let record = Record(files, again)
      let results = told.compactMap { CheckResult(recorded: $0, all, record.texts) }.map(record.merged)
      answer.add(results, evidence, AccessOptions())
    }
    return answer
  }

  /// What the same checks say of its files.
  private func judged(_ files: [(file: BundledFile, bytes: [UInt8])], in context: Context) -> ([CheckResult], Evidence)
  {
    var context = context
    let texts = Dictionary(files.map { ($0.file.path, $0.bytes) }) { first, _ in first }
    context.files = { path, _ throws(FileError) in
      guard let bytes = texts[path] else {
        throw FileError(.notFound, path: path, reason: "no such file in the bundle")
      }
      return bytes
    }
    var installation = Installation(catalogue)
    // Nobody knows them here.
    installation.variables = .unknown
    for (file, bytes) in files {
      if let release = Release(parsing: file.release) { installation.access.release = release }
      if file.isReleaseSaid { installation.access.givenRelease = file.release }
      switch file.kind {
      case .config: installation.access.config = file.path
      case .routes: installation.sources.referenced.append(file.path)
      case .log: (installation.logs, installation.logText) = ([file.path], bytes)
      case .groups: break
      }
    }
    return Engine(context: context, observe: { _ in }).run(installation.checksOfFiles)
  }
}

extension Installation {
  /// All that needs nothing but its files.
  fileprivate var checksOfFiles: [Check] {
    let more = { @Sendable (judged: JudgedConfig?) -> [Check] in
      let inventory = Fact<Inventory>()
      let routes: [Check] = [.upstreamsAreRead(self, judged, gives: inventory), .upstreamsAreRight(self, inventory)]
      return (routeFiles.isEmpty ? [] : routes) + (logs.isEmpty ? [] : [.logIsQuiet(self, judged)])
    }
    guard let path = configName else { return more(nil) }
    return [.configIsAccepted(path, self, then: more)]
  }
}

/// What was recorded of one installation, beside what is judged now.
private struct Record {
  let texts: [String: SourceText]
  private let again: [CheckResult]
  /// Of each file the lines on which something is hidden.
  private let hidden: [String: Set<Int>]
  /// Those that explain what its log has.
  private let logRules: Set<String>

  init(_ files: [(file: BundledFile, bytes: [UInt8])], _ again: [CheckResult]) {
    self.again = again
    let judged = files.filter { [.config, .routes].contains($0.file.kind) }
    texts = Dictionary(judged.map { ($0.file.path, SourceText($0.bytes)) }) { first, _ in first }
    hidden = Dictionary(judged.map { ($0.file.path, $0.file.hidden) }) { first, _ in first }
    let groups = files.first { $0.file.kind == .groups }.flatMap { try? JSONValue.parse($0.bytes) }
    logRules = groups.map { LogAnswer.rules(inGroups: $0) } ?? []
  }

  /// What is judged now, with what only those could tell who had all of it.
  func merged(_ recorded: CheckResult) -> CheckResult {
    guard var now = again.first(where: { $0.category == recorded.category && $0.name == recorded.name }),
      now.unmet == nil
    else { return recorded }
    let fresh = now.findings
    let kept = recorded.findings.compactMap { old in
      fresh.first { isSame($0, old) } ?? (hangsOnHidden(old) ? old : nil)
    }
    now.findings = kept + fresh.filter { new in !kept.contains { isSame($0, new) } && isCertain(new) }
    (now.place, now.detail) = (recorded.place, recorded.detail)
    if kept.isEmpty, recorded.isToldElsewhere { now.worst = recorded.worst }
    return now
  }

  private func isSame(_ one: Finding, _ other: Finding) -> Bool {
    one.rule == other.rule && one.file == other.file && one.range?.start.line == other.range?.start.line
      && one.path == other.path
  }

  /// Whether what it says needs a value that is not in the bundle.
  private func hangsOnHidden(_ finding: Finding) -> Bool {
    guard let file = finding.file, let text = texts[file], let line = finding.range?.start.line else { return true }
    return isHidden(finding) || text.line(line)?.has("${") == true
  }

  private func isHidden(_ finding: Finding) -> Bool {
    guard let lines = finding.file.flatMap({ hidden[$0] }), let range = finding.range else { return false }
    return lines.contains { (range.start.line...max(range.start.line, range.end.line)).contains($0) }
  }

  /// Whether it would be found in the whole files, too.
  private func isCertain(_ new: Finding) -> Bool {
    guard let file = new.file, texts[file] != nil else {
      return new.rule.id.hasPrefix("log/") && !logRules.contains(new.rule.id)
    }
    return new.range != nil && !isHidden(new) && !logRules.contains(new.rule.id)
  }
}
