/// Where the values of APISIX's chart have what a config.yaml has.
public enum ChartPlace {
  /// `apisix.discovery.registry`
  /// - Parameter label: a chart as it labels its objects: `apisix-2.10.0`; nil for that of somebody else.
  public static func registry(_ label: String) -> String? {
    guard let end = label.lastIndex(of: "-") else { return nil }
    let chart = Chart(name: String(label[..<end]), version: String(label[label.index(after: end)...]))
    guard chart.isAPISIX, let major = chart.major else { return nil }
    return "\(DiscoveryPlace.path(isNew: major >= 2)).registry"
  }
}
