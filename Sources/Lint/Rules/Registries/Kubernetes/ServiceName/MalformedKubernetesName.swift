import APISIX
import Findings
import Inputs

enum MalformedKubernetesName {
  static let isDNSName: Rule = """
    service-name/dns-name (error): A DNS name stands where namespace/name:port is needed
    Checks: Service names of the kubernetes registry that are written as a host, `plat-dev.default.svc.cluster.local` \
    or `plat-dev.default`, or as a URL.
    Why: APISIX does not resolve the name, it looks it up among the Endpoints as namespace/name:port-name. A DNS name \
    gives `get unexpected upstream service_name` and 503; with a port behind it, 503 and no word of why.
    Example: service_name: cms.default.svc.cluster.local
    Fix: service_name: default/cms:http
    """

  static let portMissing: Rule = """
    service-name/port-missing (error): The name of the port is missing
    Checks: Service names of the kubernetes registry without a colon, or with nothing behind it.
    Why: APISIX splits the name at its last colon. Without one it logs `get unexpected upstream service_name`, and the \
    request gets 503. Nothing behind the colon finds only unnamed ports of EndpointSlices.
    Example: service_name: default/plat-dev
    Fix: service_name: default/plat-dev:http   # the name of the port in the Service
    """

  static let malformed: Rule = """
    service-name/malformed (error): A service name cannot be that of any Service
    Checks: Service names of the kubernetes registry: the namespace must be there, namespace and name must be names \
    that Kubernetes allows, there are no blanks and no more slashes than `id/namespace/name:port` has, and it is one \
    name.
    Why: APISIX looks the text up as it stands. What no Service can be called is never found: 503 `no valid upstream \
    node`, mostly without another line in the log.
    Example: service_name: plat-dev:http
    Fix: service_name: default/plat-dev:http
    """

  static let rules = [isDNSName, portMissing, malformed]

  /// - Parameter name: nil where APISIX finds no port in the text.
  static func check(
    _ field: Field, _ text: String, _ name: ServiceName?, _ mode: KubernetesServiceName.Mode
  ) -> Finding? {
    let shape = mode.multiple && !mode.single ? "ID/NAMESPACE/NAME:PORT" : "NAMESPACE/NAME:PORT"
    func wrong(_ problem: String, _ help: String? = nil) -> Finding {
      field.finding(malformed, problem, help: "write \(help ?? shape)")
    }
    if let names = ServiceName.several(in: text) {
      return field.finding(
        malformed, "'\(text)' holds \(names.count) names, and an upstream takes one",
        help: "make an upstream of each, and share the traffic out with the plugin traffic-split")
    }
    if ServiceName.hasWhiteSpace(text) { return wrong("'\(SecretPatterns.quotable(text))' has white space in it") }
    // One final line feed does no harm, and would stand in every message.
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    if name?.canExist != true || SecretPatterns.quotable(text) != text, let finding = dnsName(field, text) {
      return finding
    }
    guard let name else {
      let known = text.has("/") ? text : "NAMESPACE/\(text)"
      return field.finding(
        portMissing, "'\(text)' names no port; APISIX wants \(shape)",
        help: "write \(known):PORT, the name of the port in the Service")
    }
    let parts = name.key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      return wrong("'\(text)' has no namespace; APISIX wants \(shape)", "NAMESPACE/\(text)")
    }
    if name.cluster?.contains("/") ?? false { return wrong("'\(text)' has too many slashes") }
    for (part, role) in zip(parts, ["namespace", "name"]) {
      if part.isEmpty { return wrong("'\(text)' has an empty \(role)") }
    }
    for (part, role) in zip(parts, ["namespace", "name"]) {
      guard let objection = objection(part, dots: role == "name") else { continue }
      return wrong("no \(role) in Kubernetes is called '\(part)': it \(objection)")
    }
    if let sign = name.port.first(where: { ",;|".contains($0) }) {
      return wrong("no port in Kubernetes is called '\(name.port)': it has '\(sign)' in it", "one port")
    }
    if parts[1] == "default", parts[0] != "default" {
      return field.finding(
        malformed, severity: .warning,
        "'\(text)' looks for a Service named default in namespace \(parts[0])",
        help: "the namespace comes first: default/\(parts[0]):\(name.port)")
    }
    return nil
  }

  private static func dnsName(_ field: Field, _ text: String) -> Finding? {
    let shown = SecretPatterns.quotable(text)
    if shown != text {
      return field.finding(
        isDNSName, "'\(shown)' is an address; the kubernetes registry wants NAMESPACE/NAME:PORT",
        help: "write NAMESPACE/NAME:PORT")
    }
    guard let advice = ServiceName.Advice(text, mode: .single),
      [.url, .clusterDomain, .dotted, .host].contains(advice.shape)
    else { return nil }
    return field.finding(
      isDNSName,
      "'\(text)' is a \(text.has("://") ? "URL" : "DNS name"); the kubernetes registry wants NAMESPACE/NAME:PORT",
      help: advice.key.hasPrefix("NAMESPACE/")
        ? "write NAMESPACE/NAME:PORT" : "write \(advice.key):PORT, the name of the port in the Service")
  }

  /// Source: Kubernetes' rules for names of namespaces and of Endpoints.
  private static func objection(_ name: Substring, dots: Bool) -> String? {
    for scalar in name.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9", "-": continue
      case "." where dots: continue
      case "A"..."Z": return "has upper-case letters"
      default: return "has '\(scalar)' in it"
      }
    }
    return name.hasPrefix("-") || name.hasSuffix("-") ? "begins or ends with '-'" : nil
  }
}
