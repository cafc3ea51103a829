public import JSON
import SourceText

/// What a command hands to a renderer: everything there is to say, in its final order, with every credential that the
/// report knows of already masked.
public struct Report: Sendable {
  /// A file that was looked at.
  public struct File: Sendable, Hashable {
    /// As the user named it.
    public let path: String
    /// One of apisix-config, apisix-standalone, adc, kubernetes, helm-values; nil when it was not made out.
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
  public let files: [File]
  /// What text shows before the findings: that, and for whom, all is well.
  public let preface: [String]
  /// Ordered, and without duplicates.
  public let findings: [Finding]
  /// What this command adds to the JSON document, in order: `nodes`, `token`, `probes`.
  public let members: [JSONObject.Member]
  /// The files that findings quote, by the path that the findings name.
  public let sources: [String: SourceFile]
  public let summary: Summary
  let scrubber: Scrubber

  /// - Parameters:
  ///   - secrets: credentials that came from elsewhere than `sources`. They, and the credentials of `sources`, are
  ///     replaced by `***` wherever they turn up in findings, members and verdicts, so that a slip of a rule shows
  ///     nothing. Only those of at least 16 bytes: a shorter one may be an ordinary word.
  ///   - order: findings without a file always keep the order in which they were given, behind those of files.
  public init(
    command: String, version: String, files: [File] = [], preface: [String] = [], findings: [Finding],
    members: [JSONObject.Member] = [], sources: [String: SourceFile] = [:], secrets: [String] = [],
    order: Order = .byPlace
  ) {
    let scrubber = Scrubber(sources: sources, others: secrets)
    self.command = command
    self.version = version
    self.files = files.map {
      File(path: $0.path, kind: $0.kind, verdict: $0.verdict.map(scrubber.scrub))
    }
    self.preface = preface.map(scrubber.scrub)
    var seen: Set<Said> = []
    let unique = findings.map(scrubber.scrub).filter { seen.insert(Said(finding: $0)).inserted }
    self.findings = order == .byPlace ? Self.byPlace(unique, files: files) : unique
    self.members = members.map { JSONObject.Member(key: $0.key, value: scrubber.scrub($0.value)) }
    self.sources = sources
    self.summary = Summary(self.findings)
    self.scrubber = scrubber
  }

  private static func byPlace(_ findings: [Finding], files: [File]) -> [Finding] {
    let ranks = Dictionary(files.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
    let placed = findings.filter { $0.file != nil }.sorted { left, right in
      let leftFile = left.file ?? ""
      let rightFile = right.file ?? ""
      if leftFile != rightFile {
        let leftRank = ranks[leftFile] ?? files.count
        let rightRank = ranks[rightFile] ?? files.count
        return leftRank == rightRank ? leftFile < rightFile : leftRank < rightRank
      }
      let leftOffset = left.range?.start.offset ?? -1
      let rightOffset = right.range?.start.offset ?? -1
      return (leftOffset, left.rule, left.message) < (rightOffset, right.rule, right.message)
    }
    return placed + findings.filter { $0.file == nil }
  }
}

/// How many findings there are of each severity.
public struct Summary: Sendable, Hashable {
  public let errors: Int
  public let warnings: Int
  public let notes: Int

  public init(_ findings: [Finding]) {
    errors = findings.count { $0.severity == .error }
    warnings = findings.count { $0.severity == .warning }
    notes = findings.count { $0.severity == .note }
  }

  /// `2 errors, 1 warning`; `no problems` when there is nothing.
  public var text: String {
    let parts = [(errors, "error"), (warnings, "warning"), (notes, "note")]
      .filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
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
    hasher.combine(finding.message)
    hasher.combine(finding.path)
  }
}

extension Finding {
  init(
    id: String, severity: Severity, message: String, file: String?, range: SourceRange?, path: String?,
    help: String?, fix: Fix?
  ) {
    self.rule = id
    self.severity = severity
    self.message = message
    self.file = file
    self.range = range
    self.path = path
    self.help = help
    self.fix = fix
  }
}
