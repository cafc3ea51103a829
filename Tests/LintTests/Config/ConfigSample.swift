import APISIX
import Findings
import SourceText
import Testing
import YAML

@testable import Lint

/// A whole config.yaml and what lint says of it.
struct ConfigSample: Sendable, CustomTestStringConvertible {
  let about: String
  let yaml: String
  /// `LINE:COLUMN RULE`, an error with `!` before it, a note with `?`.
  let findings: [String]
  let release: Release
  /// nil: not known.
  let environment: [String: String]?

  init(
    _ about: String, _ yaml: String, _ findings: [String], release: Release = .newest,
    environment: [String: String]? = nil
  ) {
    self.about = about
    self.yaml = yaml + "\n"
    self.findings = findings
    self.release = release
    self.environment = environment
  }

  var testDescription: String { about }

  var conditions: Conditions {
    Conditions(release: release, environment: environment.map { .known($0) } ?? .unknown)
  }

  var found: [Finding] { Self.lint(Array(yaml.utf8), conditions) }

  /// As the linter does it for a file that was named.
  static func lint(_ bytes: [UInt8], _ conditions: Conditions) -> [Finding] {
    let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in conditions }
    let findings = linter.check([LintInput(path: "config.yaml", bytes: bytes, named: true)]).findings
    return findings.sorted { left, right in
      (left.range?.start.offset ?? 0, left.rule.id) < (right.range?.start.offset ?? 0, right.rule.id)
    }
  }

  static func line(_ finding: Finding) -> String {
    let mark =
      switch finding.severity {
      case .error: "!"
      case .warning: ""
      case .note: "?"
      }
    let start = finding.range?.start
    return "\(mark)\(start?.line ?? 0):\(start?.column ?? 0) \(finding.rule)"
  }

  /// Every safe fix, alone, mends what it was given for and leaves YAML behind; so it has nothing to do a second time.
  func expectFixes() {
    let bytes = Array(yaml.utf8)
    let before = found
    for finding in before {
      guard let fix = finding.fix, fix.safe else { continue }
      let fixed = TextEdit.apply(fix.edits, to: bytes).bytes
      #expect(
        Tree.partial(fixed).1 == nil, "\(finding.rule) leaves no YAML:\n\(String(decoding: fixed, as: UTF8.self))")
      let after = Self.lint(fixed, conditions)
      let left = after.filter { $0.rule == finding.rule }.count
      #expect(left < before.filter { $0.rule == finding.rule }.count, "\(finding.rule) is still there")
      #expect(!after.contains { $0.rule == finding.rule && $0.path == finding.path && $0.message == finding.message })
    }
  }
}
