import APISIX
import Findings

enum PortInvalid {
  static let rule: Rule = """
    kubernetes/port-invalid (error, since 2.13.0): The API server's port is not a port number
    Checks: That the string in `service.port` is a decimal number from 1 to 65535 without sign, space or leading zero, \
    or a placeholder `${NAME}` as the whole value.
    Why: Anything else fails APISIX's schema, and APISIX does not start: `object matches none of the required`.
    Example: port: "06443"
    Fix: port: "6443"
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let port = cluster["service", "port"], let text = port.string,
      Placeholder.accepted(text) == nil, Placeholder.endingInDigit(text) == nil
    else { return nil }
    // PCRE's `$` lets one final line break pass.
    let digits = text.hasSuffix("\n") ? String(text.dropLast()) : text
    if let number = UInt16(digits), number > 0, String(number) == digits { return nil }
    let trimmed = digits.filter { !$0.isWhitespace }.drop { $0 == "0" }
    let mended = UInt16(trimmed).map(String.init)
    return port.finding(
      rule,
      "port \(quoted(text))\(port.substituted ? ", out of \(port.written ?? "a variable")," : "") is not a number from "
        + "1 to 65535 without leading zero or space",
      help: "write the API server's port: port: \"\(mended ?? "6443")\"",
      fix: port.substituted
        ? nil : mended.flatMap { port.replacing(withYAML: "\"\($0)\"", safe: false) })
  }
}
