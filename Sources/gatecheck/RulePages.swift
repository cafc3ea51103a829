import Findings
import Glibc
import JSON

/// docs/rules/ is written from the rules themselves, so that the pages cannot differ.
enum RulePages {
  static func write(_ catalogue: Catalogue, below folder: String, _ session: Session) -> ExitStatus {
    for page in catalogue.pages {
      let path = "\(folder)/\(page.path)"
      makeFolders(above: path)
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        session.notices.write("gatecheck: cannot write \(terminalSafe(path)): \(String(cString: strerror(errno)))\n")
        return .unfinished
      }
      Output(descriptor: descriptor).write(page.text)
      close(descriptor)
    }
    return .passed
  }

  private static func makeFolders(above path: String) {
    var done = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      done += "/\(part)"
      mkdir(done, 0o755)
    }
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
