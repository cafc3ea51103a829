import Findings

enum MalformedKubernetesName {
  static let isDNSName = Rule(
    id: "service-name/dns-name", severity: .error,
    summary: "A DNS name stands where namespace/name:port is needed",
    checks:
      "Service names of the kubernetes registry that are written as a host, `plat-dev.default.svc.cluster.local` or "
      + "`plat-dev.default`, or as a URL.",
    why: "APISIX does not resolve the name, it looks it up among the Endpoints as namespace/name:port-name. A DNS name "
      + "gives `get unexpected upstream service_name` and 503; with a port behind it, 503 and no word of why.",
    example: "service_name: cms.default.svc.cluster.local",
    fix: "service_name: default/cms:http")

  static let portMissing = Rule(
    id: "service-name/port-missing", severity: .error,
    summary: "The name of the port is missing",
    checks: "Service names of the kubernetes registry without a colon, or with nothing behind it.",
    why:
      "APISIX splits the name at its last colon. Without one it logs `get unexpected upstream service_name`, and the "
      + "request gets 503. Nothing behind the colon finds only unnamed ports of EndpointSlices.",
    example: "service_name: default/plat-dev",
    fix: "service_name: default/plat-dev:http   # the name of the port in the Service")

  static let malformed = Rule(
    id: "service-name/malformed", severity: .error,
    summary: "A service name cannot be that of any Service",
    checks:
      "Service names of the kubernetes registry: the namespace must be there, namespace and name must be names that "
      + "Kubernetes allows, and there are no blanks and no more slashes than `id/namespace/name:port` has.",
    why: "APISIX looks the text up as it stands. What no Service can be called is never found: 503 `no valid upstream "
      + "node`, mostly without another line in the log.",
    example: "service_name: plat-dev:http",
    fix: "service_name: default/plat-dev:http")

  static let rules = [isDNSName, portMissing, malformed]

  static func check(
    _ field: Field, _ text: String, _ parts: KubernetesServiceName.Parts, _ mode: KubernetesServiceName.Mode
  ) -> Finding? {
    let shape = mode.multiple && !mode.single ? "ID/NAMESPACE/NAME:PORT" : "NAMESPACE/NAME:PORT"
    if text.hasWhiteSpace {
      return field.finding(malformed, "'\(text)' has white space in it", help: "write \(shape)")
    }
    if let finding = dnsName(field, text, parts) { return finding }
    guard let port = parts.port else {
      let known = parts.count > 1 ? text : "NAMESPACE/\(text)"
      return field.finding(
        portMissing, "'\(text)' names no port; APISIX wants \(shape)",
        help: "write \(known):PORT, the name of the port in the Service")
    }
    guard let namespace = parts.namespace else {
      return field.finding(
        malformed, "'\(text)' has no namespace; APISIX wants \(shape)", help: "write NAMESPACE/\(text)")
    }
    if parts.count > 3 {
      return field.finding(malformed, "'\(text)' has too many slashes", help: "write \(shape)")
    }
    if namespace.isEmpty || parts.name.isEmpty {
      return field.finding(
        malformed, "'\(text)' has an empty \(namespace.isEmpty ? "namespace" : "name")",
        help: "write \(shape)")
    }
    for (part, role) in [(namespace, "namespace"), (parts.name, "name")] {
      guard let objection = objection(part, dots: role == "name") else { continue }
      return field.finding(
        malformed, "no \(role) in Kubernetes is called '\(part)': it \(objection)", help: "write \(shape)")
    }
    if parts.name == "default", namespace != "default" {
      return field.finding(
        malformed, severity: .warning,
        "'\(text)' looks for a Service named default in namespace \(namespace)",
        help: "the namespace comes first: default/\(namespace):\(port)")
    }
    return nil
  }

  private static func dnsName(_ field: Field, _ text: String, _ parts: KubernetesServiceName.Parts) -> Finding? {
    var host = Substring(text)
    if let scheme = text.range(of: "://") { host = text[scheme.upperBound...] }
    let isURL = host.startIndex != text.startIndex
    guard isURL || parts.count == 1 else { return nil }
    host = host.prefix { $0 != "/" && $0 != ":" }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard isURL || labels.count > 1 else { return nil }
    let named = labels.count == 2 || (labels.count > 2 && labels[2] == "svc")
    let help =
      named ? "write \(labels[1])/\(labels[0]):PORT, the name of the port in the Service" : "write NAMESPACE/NAME:PORT"
    return field.finding(
      isDNSName,
      "'\(text.masked)' is a \(isURL ? "URL" : "DNS name"); the kubernetes registry wants NAMESPACE/NAME:PORT",
      help: help)
  }

  /// Source: Kubernetes' rules for names of namespaces and of Endpoints.
  private static func objection(_ name: String, dots: Bool) -> String? {
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
