import APISIX
import Common
import Findings
import Inputs
import SourceText

enum MalformedKubernetesName {
  static let rules = [ServiceNameForm.dnsName, ServiceNameForm.portMissing, ServiceNameForm.malformed]

  /// - Parameter name: nil where APISIX finds no port in the text.
  static func check(
    _ field: Field, _ text: String, _ name: ServiceName?, _ mode: KubernetesServiceName.Mode
  ) -> Finding? {
    let shape = mode.multiple && !mode.single ? "ID/NAMESPACE/NAME:PORT" : "NAMESPACE/NAME:PORT"
    func wrong(_ problem: String, _ help: String? = nil) -> Finding {
      field.finding(
        ServiceNameForm.malformed, problem, help: "write \(help ?? shape)",
        fix: help.flatMap { field.replacing(with: $0, safe: false) }
      )
    }
    if let count = several(text) {
      return field.finding(
        ServiceNameForm.malformed, "'\(text)' holds \(count) names, and an upstream takes one",
        help: "make an upstream of each, and share the traffic out with the plugin traffic-split")
    }
    let meant = mode.multiple ? nil : meant(text)
    if ServiceName.hasWhiteSpace(text) {
      return wrong("'\(SecretPatterns.quotable(text))' has white space in it", meant)
    }
    // One final line feed does no harm, and would stand in every message.
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    if name?.canExist != true || meant == nil && text.has("://") || SecretPatterns.quotable(text) != text,
      let finding = dnsName(field, text)
    {
      return finding
    }
    guard let name else {
      if let meant { return wrong("'\(text)' has no colon before its port", meant) }
      let known = text.has("/") ? text : "NAMESPACE/\(text)"
      return field.finding(
        ServiceNameForm.portMissing, "'\(text)' names no port; APISIX wants \(shape)",
        help: "write \(known):PORT, the name of the port in the Service")
    }
    let parts = name.key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      if let meant { return wrong("'\(text)' has no slash between namespace and name", meant) }
      let isName = text.utf8.allSatisfy { $0.isAlphanumeric || "-.:".utf8.contains($0) }
      return field.finding(
        ServiceNameForm.malformed, "'\(text)' has no namespace; APISIX wants \(shape)",
        help: "write \(isName ? "NAMESPACE/\(text)" : shape)")
    }
    if let id = name.cluster, id.isEmpty || id.contains("/") {
      return wrong("'\(text)' has \(id.isEmpty ? "a slash at its start" : "too many slashes")", meant)
    }
    for (part, role) in zip(parts, ["namespace", "name"]) {
      if part.isEmpty { return wrong("'\(text)' has an empty \(role)") }
    }
    for (part, role) in zip(parts, ["namespace", "name"]) {
      guard let objection = objection(part, dots: role == "name") else { continue }
      return wrong("no \(role) in Kubernetes is called '\(part)': it \(objection)", meant)
    }
    if let sign = name.port.first(where: { ",;|".contains($0) }) {
      return field.finding(
        ServiceNameForm.malformed, "no port in Kubernetes is called '\(name.port)': it has '\(sign)' in it",
        help: "write one port")
    }
    if let objection = objection(name.port[...], dots: false) {
      return wrong("no port in Kubernetes is called '\(name.port)': it \(objection)", meant)
    }
    if parts[1] == "default", parts[0] != "default" {
      return field.finding(
        ServiceNameForm.malformed, severity: .warning,
        "'\(text)' looks for a Service named default in namespace \(parts[0])",
        help: "the namespace comes first: default/\(parts[0]):\(name.port)")
    }
    return nil
  }

  /// How many names stand in a text, whether each has its namespace or not; nil for one.
  private static func several(_ text: String) -> Int? {
    if let names = ServiceName.several(in: text) { return names.count }
    let parts = text.split { ",;|".contains($0) }
    return parts.count > 1 && parts.allSatisfy { $0.contains(":") } ? parts.count : nil
  }

  /// The one right form of a name for one cluster, where only its signs are not those that APISIX wants; nil where a
  /// part is missing or nobody can tell.
  private static func meant(_ text: String) -> String? {
    var text = text.filter { !$0.isWhitespace }.replacing("\u{FF1A}", with: ":").replacing("\u{FF0F}", with: "/")
    if let scheme = text.firstBytes(of: "://") { text = String(text[scheme.upperBound...]) }
    let parts = text.lowercased().split { $0 == "/" || $0 == ":" }
    guard parts.count == 3, text.utf8.filter({ "/:".utf8.contains($0) }).count <= 3,
      text.split(separator: ":", omittingEmptySubsequences: false).last?.isEmpty == false,
      zip(parts, [false, true, false]).allSatisfy({ objection($0, dots: $1) == nil })
    else { return nil }
    return "\(parts[0])/\(parts[1]):\(parts[2])"
  }

  private static func dnsName(_ field: Field, _ text: String) -> Finding? {
    let shown = SecretPatterns.quotable(text)
    if shown != text {
      return field.finding(
        ServiceNameForm.dnsName, "'\(shown)' is an address; the kubernetes registry wants NAMESPACE/NAME:PORT",
        help: "write NAMESPACE/NAME:PORT")
    }
    if let nodes = ServiceName.nodes(ofAddress: text) {
      return field.finding(
        ServiceNameForm.dnsName, "'\(text)' is an address; the kubernetes registry wants NAMESPACE/NAME:PORT",
        help: "write NAMESPACE/NAME:PORT, or without discovery nodes: \(nodes)")
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
