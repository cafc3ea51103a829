import APISIX
import Common
import Findings
import Inputs

enum MalformedKubernetesName {
  static let rules = [ServiceNameForm.dnsName, ServiceNameForm.portMissing, ServiceNameForm.malformed]

  /// - Parameter name: nil where APISIX finds no port in the text.
  static func check(
    _ field: Field, _ text: String, _ name: ServiceName?, _ mode: KubernetesServiceName.Mode
  ) -> Finding? {
    let shape = mode.multiple && !mode.single ? "ID/NAMESPACE/NAME:PORT" : "NAMESPACE/NAME:PORT"
    func wrong(_ problem: String, _ help: String? = nil) -> Finding {
      field.finding(ServiceNameForm.malformed, problem, help: "write \(help ?? shape)")
    }
    if let names = ServiceName.several(in: text) {
      return field.finding(
        ServiceNameForm.malformed, "'\(text)' holds \(names.count) names, and an upstream takes one",
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
        ServiceNameForm.portMissing, "'\(text)' names no port; APISIX wants \(shape)",
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
        ServiceNameForm.malformed, severity: .warning,
        "'\(text)' looks for a Service named default in namespace \(parts[0])",
        help: "the namespace comes first: default/\(parts[0]):\(name.port)")
    }
    return nil
  }

  private static func dnsName(_ field: Field, _ text: String) -> Finding? {
    let shown = SecretPatterns.quotable(text)
    if shown != text {
      return field.finding(
        ServiceNameForm.dnsName, "'\(shown)' is an address; the kubernetes registry wants NAMESPACE/NAME:PORT",
        help: "write NAMESPACE/NAME:PORT")
    }
    guard let advice = ServiceName.Advice(text, mode: .single),
      [.url, .clusterDomain, .dotted, .host].contains(advice.shape)
    else { return nil }
    return field.finding(
      ServiceNameForm.dnsName,
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
