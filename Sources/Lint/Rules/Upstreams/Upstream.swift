import Findings

/// An upstream as APISIX's resources have it: an item of `upstreams`, or under `upstream`.
struct Upstream: Sendable {
  let field: Field
  /// Whether the file is ADC's, whose upstreams have other keys and messages.
  let isADC: Bool

  /// A key whose value is not null.
  func given(_ key: String) -> Field? { field[key].flatMap { $0.isNull ? nil : $0 } }

  var name: Field? { given("service_name") }
  var type: Field? { given("discovery_type") }
  var nodes: Field? { given("nodes") }

  /// Whether apisix-seed wrote the object back.
  var isSeeded: Bool { field["_service_name"] != nil || field["_discovery_type"] != nil }

  func check(in project: Project) -> [Finding] {
    guard field.isMapping else { return [] }
    return UpstreamChoice.check(self) + UpstreamKeys.check(self, in: project) + UpstreamNodes.check(self)
      + DiscoveryReference(name: name, type: type, args: given("discovery_args")).check(in: project)
  }
}
