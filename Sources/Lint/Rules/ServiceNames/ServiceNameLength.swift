import Findings

enum ServiceNameLength {
  static let rule: Rule = """
    service-name/length (error): A service name is empty or too long
    Checks: The length of service_name: 1 to 256 characters.
    Why: APISIX's schema refuses the upstream, and the route, service or upstream that holds it is dropped.
    Example: service_name: ""
    Fix: service_name: default/plat-dev:http
    """

  static func check(_ name: Field) -> Finding? {
    guard let text = name.string else { return nil }
    // The validator counts bytes.
    let count = text.utf8.count
    guard count == 0 || count > 256 else { return nil }
    return name.finding(
      rule,
      count == 0 ? "the service name is empty" : "the service name has \(count) characters; 256 are allowed",
      help: "name the service")
  }
}
