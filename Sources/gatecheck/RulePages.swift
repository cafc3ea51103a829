import Findings
import JSON

/// docs/rules/ is written from the rules themselves, so that the pages cannot differ.
enum RulePages {
  static func write(_ catalogue: Catalogue, below folder: String, _ session: Session) -> ExitStatus {
    for page in catalogue.pages {
      guard session.save(page.text, to: "\(folder)/\(page.path)", makingFolders: true) else { return .unfinished }
    }
    return .passed
  }
}

extension Catalogue {
  /// For editors and scripts: the rules with their pages.
  func json(of rules: [Rule]) -> JSONValue {
    [
      "schemaVersion": 1, "gatecheck": .string(Version.current), "command": "rules",
      "rules": .array(
        rules.map { rule in
          .object([
            "id": .string(rule.id), "severity": .string(rule.severity.rawValue), "summary": .string(rule.summary),
            "checks": .string(rule.checks), "why": .string(rule.why), "example": .string(rule.example),
            "fix": .string(rule.fix), "since": rule.since.map { .string($0) },
          ])
        }),
    ]
  }
}
