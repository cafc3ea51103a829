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
          var members: [JSONObject.Member] = [
            .init(key: "id", value: .string(rule.id)), .init(key: "severity", value: .string(rule.severity.rawValue)),
            .init(key: "summary", value: .string(rule.summary)), .init(key: "checks", value: .string(rule.checks)),
            .init(key: "why", value: .string(rule.why)), .init(key: "example", value: .string(rule.example)),
            .init(key: "fix", value: .string(rule.fix)),
          ]
          if let since = rule.since { members.append(.init(key: "since", value: .string(since))) }
          return .object(JSONObject(members))
        }),
    ]
  }
}
