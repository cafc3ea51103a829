/// The discovery section in the values of APISIX's Helm charts.
struct HelmDiscovery: Sendable {
  /// `apisix.discovery` (chart 2.x) or `discovery` (0.x, 1.x).
  let section: Field
  /// Its `registry`, which the chart writes to config.yaml as the discovery section and is judged as one; nil where
  /// there is none.
  let registry: Field?

  /// - Parameter values: those of a chart.
  /// - Returns: nil where there is no discovery section.
  init?(_ values: Field) {
    guard
      let section = [values["apisix"]?["discovery"], values["discovery"]].compactMap({ $0 }).first(where: \.isMapping)
    else { return nil }
    self.section = section
    registry = section["registry"].flatMap { $0.isMapping ? $0 : nil }
  }

  /// The kinds under `registry`.
  var kinds: [Field.Member] { registry?.members ?? [] }
  var isEnabled: Bool { section["enabled"]?.string == "true" }
}
