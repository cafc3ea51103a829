import Findings

enum EurekaServiceName {
  static let rule: Rule = """
    service-name/eureka-case (note): Eureka's application names are in upper case
    Checks: Service names of the eureka registry with lower-case letters.
    Why: Eureka answers with application names in upper case, and APISIX compares the case as well. A name in lower \
    case is not found, unless the registry keeps it as it is.
    Example: service_name: user-service
    Fix: service_name: USER-SERVICE
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    guard use.text.utf8.contains(where: { 97...122 ~= $0 }) else { return nil }
    return use.name.finding(
      rule, "'\(use.text)' has lower-case letters; Eureka's application names are in upper case",
      help: "write \(use.text.uppercased())")
  }
}
