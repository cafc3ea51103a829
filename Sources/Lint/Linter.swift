public import APISIX
public import Findings
import JSON
import SourceText
import YAML

/// A file's bytes, as the user named it.
public struct LintInput: Sendable {
  public let path: String
  public let bytes: [UInt8]
  /// Named on the command line, not found in a folder: it is then looked at even when its content tells no kind.
  public let named: Bool

  public init(path: String, bytes: [UInt8], named: Bool) {
    self.path = path
    self.bytes = bytes
    self.named = named
  }
}

/// What lint says of some files.
public struct LintResult: Sendable {
  public var files: [Report.File] = []
  public var findings: [Finding] = []
  /// The texts that findings quote, with their credentials marked.
  public var sources: [String: SourceFile] = [:]
}

/// Runs every rule over files, offline and deterministically.
public struct Linter: Sendable {
  public let conditions: Conditions
  /// Seconds since 1970; only expiry of tokens hangs on it.
  public let now: Int

  public init(_ conditions: Conditions, now: Int) {
    self.conditions = conditions
    self.now = now
  }

  /// Looks at one file; nil when it is of no kind that gatecheck knows and was not named.
  public func check(_ input: LintInput) -> LintResult? {
    let (tree, error) = Tree.partial(input.bytes)
    guard let kind = FileKind.detect(tree) ?? (input.named ? FileKind.apisixConfig : nil) else { return nil }
    let file = LintFile(path: input.path, kind: kind, tree: tree, error: error)
    var result = LintResult()
    var verdict: JSONValue?
    switch kind {
    case .apisixConfig:
      let lint = ConfigLint(file, conditions, now: now)
      result.findings = lint.findings()
      verdict = lint.context.verdict.json
    default:
      result.findings = YAMLRules.error(of: file)
    }
    result.files = [Report.File(path: input.path, kind: kind.rawValue, verdict: verdict)]
    result.sources[input.path] = SourceFile(
      tree.text, secrets: CredentialRanges.find(in: tree, broken: error != nil))
    return result
  }
}

extension Verdict {
  /// The `verdict` of the JSON document.
  var json: JSONValue {
    [
      "apisix": .string(release.description), "accepts": accepts.map { .bool($0) } ?? .null,
      "stage": stage.map { .string($0.rawValue) } ?? .null, "message": message.map { .string($0) } ?? .null,
    ]
  }
}
