import Findings

enum DiscoveryPlace {
  static let rule: Rule = """
    helm/discovery-place (error): The discovery section is where this chart does not read it
    Checks: Whether discovery stands under `apisix` for charts from 2.0 on, and at the top level for charts 0.x and \
    1.x. Which chart it is tells its version, beside the values or in Chart.yaml, else keys that only charts from \
    2.0 on have, such as `apisix.deployment`; where neither does, this is silent.
    Why: The charts 0.x and 1.x write `discovery.registry` into config.yaml, those from 2.0 on \
    `apisix.discovery.registry`. The other one is read by nobody, and requests get 503 with `discovery NAME is \
    uninitialized`.
    Example:
    apisix:
      deployment:
        mode: standalone
    discovery:
      enabled: true
      registry:
        kubernetes: {}
    Fix: apisix:
      deployment: {mode: standalone}
      discovery: {enabled: true, registry: {kubernetes: {}}}
    """

  /// - Parameter beside: the chart of the Chart.yaml in the folder of a values file.
  static func check(_ values: ChartValues, beside: Chart?) -> Finding? {
    let root = values.root
    let nested = root["apisix"]?.members.first { $0.key == "discovery" }
    let direct = root.members.first { $0.key == "discovery" }
    guard let (isNew, proof) = line(of: values, beside) else { return nil }
    guard let lost = isNew ? direct : nested, lost.value.isMapping, (isNew ? nested : direct) == nil,
      lost.value["enabled"] != nil || lost.value["registry"] != nil
    else { return nil }
    // Of a chart that another depends on the values stand below its name.
    if beside?.below != nil, values.chart.name == nil, case .key(.top, let name) = root.trail {
      let (read, other) = (path(isNew: isNew), path(isNew: !isNew))
      return lost.finding(
        rule, "\(proof) reads only \(name).\(read) here: this \(name).\(other) is not rendered",
        help: "move it to \(name).\(read).registry")
    }
    return lost.finding(
      rule,
      "\(proof) reads only \(isNew ? "apisix.discovery" : "discovery at the top level"): "
        + "this \(isNew ? "top-level discovery" : "apisix.discovery") is not rendered",
      help: isNew ? "move it under apisix: apisix.discovery.registry" : "move it to the top level: discovery.registry")
  }

  /// Where a chart reads it.
  static func path(isNew: Bool) -> String { isNew ? "apisix.discovery" : "discovery" }

  /// Whether the chart is one from 2.0 on, and what says so.
  private static func line(of values: ChartValues, _ beside: Chart?) -> (isNew: Bool, proof: String)? {
    let chart = values.chart.name == nil ? beside ?? values.chart : values.chart
    if chart.isBitnami { return nil }
    if let version = chart.version {
      return chart.isAPISIX ? chart.major.map { ($0 >= 2, "chart \(version)") } : nil
    }
    let apisix = values.root["apisix"]
    // Old keys may be left over from before an upgrade: they prove nothing, and new ones beside them nothing either.
    guard let key = newKeys.first(where: { key in apisix?[key].map { $0.isMapping || $0.isSequence } ?? false }),
      !oldKeys.contains(where: { values.root[$0] != nil })
    else { return nil }
    return (true, "chart 2.x, which has apisix.\(key),")
  }

  /// What only the charts from 2.0 on have under `apisix`.
  private static let newKeys = [
    "deployment", "admin", "nginx", "pluginAttrs", "vault", "prometheus", "extPlugin", "customPlugins", "router",
  ]
  /// What only those before have at the top level.
  private static let oldKeys = ["gateway", "admin", "nginx", "pluginAttrs", "extPlugin", "customPlugins", "deployment"]
}
