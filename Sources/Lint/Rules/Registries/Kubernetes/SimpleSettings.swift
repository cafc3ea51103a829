import APISIX
import Findings
import SourceText

enum SimpleSettings {
  static let labelSelectorNotString: Rule = """
    kubernetes/label-selector-not-string (error, since 2.13.0): label_selector is not a string
    Checks: That `label_selector` is one string in kubectl's grammar.
    Why: APISIX sends it as it is, and its schema accepts only a string: `object matches none of the required`.
    Example:
    label_selector:
      app: web
    Fix: label_selector: app=web
    """

  static let weightInvalid: Rule = """
    kubernetes/weight-invalid (error, since 2.13.0): default_weight is not a whole number from 0 on
    Checks: That `default_weight` is a whole number of at least 0, and not a string.
    Why: Anything else fails the schema: `object matches none of the required`.
    Example: default_weight: "50"
    Fix: default_weight: 50
    """

  static let flagNotBoolean: Rule = """
    kubernetes/flag-not-boolean (error, since 3.9.0): A switch is not true or false
    Checks: That `watch_endpoint_slices` (from 3.9 on) and `service.ssl_verify` (from 3.17 on) are booleans.
    Why: Quoted `"true"` is a string, and a string fails the schema: `object matches none of the required`.
    Example: watch_endpoint_slices: "true"
    Fix: watch_endpoint_slices: true
    """

  static let rules = [labelSelectorNotString, weightInvalid, flagNotBoolean]

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    var findings: [Finding] = []
    if let labels = cluster["label_selector"], !labels.isString, !labels.isOpen {
      findings += labels.finding(
        labelSelectorNotString, "label_selector is \(labels.described); APISIX accepts a string",
        help: "write it as kubectl does: label_selector: \(labels.asLabelSelector ?? "app=web")")
    }
    if let weight = cluster["default_weight"], !weight.isOpen,
      !(weight.number.map { $0 >= 0 && $0 == $0.rounded() } ?? false)
    {
      let digits = weight.string.flatMap { Int($0) }.flatMap { $0 >= 0 ? String($0) : nil }
      findings += weight.finding(
        weightInvalid, "default_weight is \(weight.described); APISIX accepts a whole number from 0 on",
        help: "write default_weight: \(digits ?? "50"), \(weight.asTyped)",
        fix: digits.flatMap { weight.replacing(withYAML: $0) })
    }
    for (keys, feature) in [(["watch_endpoint_slices"], Feature.slicesKey), (["service", "ssl_verify"], .sslVerify)] {
      guard cluster.release.has(feature), let flag = cluster[keys], flag.boolean == nil, !flag.isOpen else { continue }
      let word = flag.string.flatMap { ["true", "false"].contains($0.lowercased()) ? $0.lowercased() : nil }
      findings += flag.finding(
        flagNotBoolean, "\(flag.key) is \(flag.described); APISIX accepts true or false",
        help: "write \(flag.key): \(word ?? "true"), \(flag.asTyped)",
        fix: word.flatMap { flag.replacing(withYAML: $0) })
    }
    return findings
  }
}
