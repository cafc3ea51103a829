import Inputs
public import JSON
import Parallel
import SourceText

/// What a command hands to a renderer: everything there is to say, in its final order, with every credential that the
/// report knows of already masked.
public struct Report: Sendable {
  /// A file that was looked at.
  public struct File: Sendable, Hashable {
    /// As the user named it.
    public let path: String
    /// One of apisix-config, apisix-standalone, apisix-admin, adc, kubernetes, helm-values; nil for none of them.
    public let kind: String?
    /// What APISIX would do with it; nil for files that are not a config.
    public let verdict: JSONValue?

    public init(path: String, kind: String?, verdict: JSONValue? = nil) {
      self.path = path
      self.kind = kind
      self.verdict = verdict
    }
  }

  public enum Order: Sendable {
    /// By file as in `files`, then offset, rule and message: for rules over files.
    case byPlace
    /// As they were found: for probes, where the exact cause stands before what follows from it.
    case asGiven
  }

  /// The command as typed, `lint` or `token verify`.
  public let command: String
  /// gatecheck's own version.
  public let version: String
  public var files: [File] {
    given.map { file in
      File(path: file.path, kind: file.kind, verdict: file.verdict.map { scrubber.scrub($0, of: file.path) })
    }
  }
  /// What text shows before the findings: that, and for whom, all is well.
  public let preface: [String]
  /// Ordered, and without duplicates.
  public let findings: [Finding]
  /// What this command adds to the JSON document, in order: `nodes`, `token`, `probes`.
  public var members: JSONObject {
    JSONObject(added().members.map { .init(key: $0.key, value: scrubber.scrub($0.value, of: nil)) })
  }
  /// The files that findings quote, by the path that the findings name.
  public let sources: [String: SourceFile]
  public let summary: Summary
  let scrubber: Scrubber
  /// Its text, where that is more than a list of findings.
  let words: (@Sendable (Report, RenderOptions) -> String)?
  /// As they came.
  private let given: [File]
  private let added: @Sendable () -> JSONObject

  /// - Parameters:
  ///   - secrets: credentials that came from elsewhere than `sources`. They, and the credentials of `sources`, are
  ///     replaced by `***` wherever they turn up in findings, members and verdicts, so that a slip of a rule shows
  ///     nothing. Only those of at least 16 bytes: a shorter one may be an ordinary word. What looks like a secret is
  ///     replaced as well.
  ///   - members: made for a format that shows them only: there may be a hundred thousand nodes.
  ///   - words: writes it as text, where that is more than a list of findings.
  ///   - order: findings without a file always keep the order in which they were given, behind those of files.
  public init(
    command: String, version: String, files: [File] = [], preface: [String] = [], findings: [Finding],
    members: @autoclosure @escaping @Sendable () -> JSONObject = [:], sources: [String: SourceFile] = [:],
    secrets: [String] = [],
    order: Order = .byPlace, words: (@Sendable (Report, RenderOptions) -> String)? = nil
  ) {
    // Nobody's file but of one that was named by a token.
    let names = ShownNames(Set(files.map(\.path)).union(sources.keys).union(findings.lazy.compactMap(\.file)))
    let files = names.isEmpty ? files : files.map { File(path: names[$0.path], kind: $0.kind, verdict: $0.verdict) }
    let findings = names.isEmpty ? findings : findings.map { $0.named($0.file.map { names[$0] }) }
    let sources = names.isEmpty ? sources : names.renamed(sources)
    let scrubber = Scrubber(sources: sources, others: secrets)
    self.command = command
    self.version = version
    given = files
    self.preface = preface.map(scrubber.scrub)
    let said = concurrentMap(findings, threads: findings.count / 256) { scrubber.scrub($0) }
    self.findings = order == .byPlace ? Self.byPlace(said, files) : Self.unique(said)
    added = members
    self.sources = sources
    self.summary = Summary(self.findings)
    self.scrubber = scrubber
    self.words = words
  }

  /// A text that is shown beside the report, without the credentials that it knows of.
  public func shown(_ text: String) -> String { scrubber.scrub(text) }

  /// The same of a value that a document has.
  package func shown(_ value: JSONValue) -> JSONValue { scrubber.scrub(value, of: nil) }

  /// The same of a finding.
  package func shown(_ finding: Finding) -> Finding { scrubber.scrub(finding) }

  /// Each said once, in the order given.
  private static func unique(_ findings: [Finding]) -> [Finding] {
    var seen: Set<Said> = []
    return findings.filter { seen.insert(Said(finding: $0)).inserted }
  }

  private static func byPlace(_ findings: [Finding], _ files: [File]) -> [Finding] {
    var ranks = Ranks(files)
    var placed: [(rank: Int, index: Int)] = []
    placed.reserveCapacity(findings.count)
    for (index, finding) in findings.enumerated() {
      if let file = finding.file { placed.append((ranks.rank(of: file), index)) }
    }
    placed.sort { left, right in
      if left.rank != right.rank { return left.rank < right.rank }
      return findings[left.index].stands(before: findings[right.index])
    }
    // What is said twice stands side by side now.
    var result: [Finding] = []
    result.reserveCapacity(findings.count)
    for (_, index) in placed where !isSaid(findings[index], atEndOf: result) { result.append(findings[index]) }
    return placed.count == findings.count ? result : result + unique(findings.filter { $0.file == nil })
  }

  private static func isSaid(_ finding: Finding, atEndOf findings: [Finding]) -> Bool {
    for other in findings.reversed() {
      if Said(finding: other) == Said(finding: finding) { return true }
      if other.file != finding.file || other.stands(before: finding) { return false }
    }
    return false
  }

  /// The places of files in a list, for those who mostly ask in its order.
  private struct Ranks {
    private let files: [File]
    private var next = 0
    private lazy var known = Dictionary(
      files.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })

    init(_ files: [File]) { self.files = files }

    mutating func rank(of file: String) -> Int {
      while next < files.count, files[next].path != file { next += 1 }
      return next < files.count ? next : known[file] ?? files.count
    }
  }
}

extension Finding {
  /// In one file, or among files that were not looked at.
  fileprivate func stands(before other: Finding) -> Bool {
    if file != other.file { return file ?? "" < other.file ?? "" }
    let (here, there) = (range?.start.offset ?? -1, other.range?.start.offset ?? -1)
    return here != there ? here < there : (rule.id, message) < (other.rule.id, other.message)
  }
}

/// Names of files in which a token stands, without it.
private struct ShownNames {
  private var names: [String: String] = [:]

  init(_ paths: Set<String>) {
    for path in paths {
      let shown = SecretPatterns.hidden(path)
      if shown != path { names[path] = shown }
    }
  }

  var isEmpty: Bool { names.isEmpty }

  subscript(_ path: String) -> String { names[path] ?? path }

  /// Where two go by one name, neither is quoted.
  func renamed(_ sources: [String: SourceFile]) -> [String: SourceFile] {
    let all = Dictionary(grouping: sources) { self[$0.key] }
    return all.compactMapValues { $0.count == 1 ? $0[0].value : nil }
  }
}

/// How many findings there are of each severity.
public struct Summary: Sendable, Hashable {
  public let errors: Int
  public let warnings: Int
  public let notes: Int

  public init(_ findings: [Finding]) {
    var (errors, warnings, notes) = (0, 0, 0)
    for finding in findings {
      switch finding.severity {
      case .error: errors += 1
      case .warning: warnings += 1
      case .note: notes += 1
      }
    }
    self.errors = errors
    self.warnings = warnings
    self.notes = notes
  }

  /// `2 errors, 1 warning`; `no problems` when there is nothing.
  public var text: String {
    let parts = [(errors, "error"), (warnings, "warning"), (notes, "note")]
      .filter { $0.0 > 0 }
      .map { counted($0.0, $0.1) }
    return parts.isEmpty ? "no problems" : parts.joined(separator: ", ")
  }
}

/// A finding without its help and fix: two that differ only there say the same thing twice.
private struct Said: Hashable {
  let finding: Finding

  static func == (left: Said, right: Said) -> Bool {
    let (left, right) = (left.finding, right.finding)
    return left.rule == right.rule && left.severity == right.severity && left.message == right.message
      && left.file == right.file && left.range == right.range && left.path == right.path
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(finding.file)
    hasher.combine(finding.range?.start.offset)
    hasher.combine(finding.rule)
  }
}
