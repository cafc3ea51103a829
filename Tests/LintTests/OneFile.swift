import APISIX
import Findings
import SourceText

@testable import Lint

extension LintResult {
  /// What lint says of these files, with no settings and no environment.
  static func of(
    _ files: (path: String, text: String)..., named: Bool = true, release: Release = .newest,
    upgradeTo target: Release? = nil
  ) -> LintResult {
    Linter(Catalogue(LintRules.all), now: 0, upgradeTo: target) { _ in Conditions(release: release) }.check(
      files.map { LintInput(path: $0.path, bytes: Array($0.text.utf8), named: named) })
  }
}

extension [Finding] {
  /// `LINE AREA/NAME` of each.
  var lines: [String] { map { "\($0.range?.start.line ?? 0) \($0.rule.id)" } }
}
