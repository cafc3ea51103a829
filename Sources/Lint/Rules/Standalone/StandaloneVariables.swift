import Findings

enum StandaloneVariables {
  static let rule = Rule(
    id: "standalone/variable", severity: .warning,
    summary: "A variable that APISIX does not fill in",
    checks: "service_name and discovery_type of upstreams for `${NAME}`.",
    why:
      "In a standalone file APISIX fills in `${{NAME}}` from its environment, and nothing else. Any other form stays "
      + "as it is, and no service has that name.",
    example: "service_name: ${NAMESPACE}/plat-dev:http",
    fix: "service_name: ${{NAMESPACE}}/plat-dev:http")

  static func check(_ upstream: Upstream) -> [Finding] {
    [upstream.name, upstream.type].compactMap { field in
      guard let field, let text = field.string, !text.contains("${{") else { return nil }
      guard let name = variable(text) else { return nil }
      return field.finding(
        rule, "'\(text.masked)' stays as it is: APISIX fills in ${{\(name)}} only",
        help: "write ${{\(name)}}",
        fix: field.replacing(with: text.replacing("${\(name)}", with: "${{\(name)}}"), safe: false))
    }
  }

  /// The name in `${NAME}`; other forms may be another program's.
  private static func variable(_ text: String) -> String? {
    guard let start = text.range(of: "${"), let end = text[start.upperBound...].firstIndex(of: "}") else {
      return nil
    }
    let name = text[start.upperBound..<end]
    let plain = name.utf8.allSatisfy { (65...90).contains($0 & 0xDF) || (48...57).contains($0) || $0 == 95 }
    return plain && !name.isEmpty ? String(name) : nil
  }
}
