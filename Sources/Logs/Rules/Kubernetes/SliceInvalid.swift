import APISIX
import Findings
import SourceText

enum SliceInvalid {
  static let rule: Rule = """
    log/slice-invalid (warning, since 3.9.0): An EndpointSlice lacks what APISIX needs
    Checks: `endpoint_slice validation fail`.
    Why: APISIX passes over a slice without name, namespace or the label kubernetes.io/service-name: it was made by \
    hand.
    Example: endpoint_slice validation fail: endpoint_slice has no service-name, endpointSlice: {}
    Fix: Add the label kubernetes.io/service-name, or leave the slice as it is if nothing asks for it.
    """

  static let check = LogCheck(rule, .sliceInvalid) {
    guard let words = $0.said(.sliceInvalid) else { return nil }
    let name = shown(words[.name] ?? "")
    return Explanation(
      rule, "APISIX passes over an EndpointSlice without \(name)",
      help: "add the label kubernetes.io/service-name to the slice, if a route needs it", .request(.kubernetes),
      values: [(.property, name)])
  }
}
