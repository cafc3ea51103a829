import Findings

/// An upstream as APISIX's resources have it: an item of `upstreams`, or under `upstream`.
struct Upstream: Sendable {
  let field: Field
  /// Whether the file is ADC's, whose upstreams have other keys and messages.
  let isADC: Bool
  let project: Project

  /// A key whose value is not null.
  func given(_ key: String) -> Field? { field[key].flatMap { $0.isNull ? nil : $0 } }

  /// The same where it is the string that it must be.
  fileprivate func text(_ key: String) -> Field? { given(key).flatMap { $0.isText ? $0 : nil } }

  var name: Field? { given("service_name") }
  var type: Field? { given("discovery_type") }
  var nodes: Field? { given("nodes") }

  /// Whether apisix-seed wrote the object back.
  var isSeeded: Bool { field["_service_name"] != nil || field["_discovery_type"] != nil }

  private static let checks: [Check<Upstream>] = [
    Check(UpstreamChoice.rules, UpstreamChoice.check), Check(UpstreamKeys.rules, UpstreamKeys.check),
    Check(UpstreamNodes.rule, UpstreamNodes.check), Check([], UpstreamTypes.check),
    Check(UpstreamBalancing.rules, UpstreamBalancing.check), Check(NumberInBraces.rule, NumberInBraces.check),
    Check(DiscoveryReference.rules) { upstream in
      DiscoveryReference(
        name: upstream.text("service_name"), type: upstream.text("discovery_type"),
        args: upstream.given("discovery_args")
      ).check(in: upstream.project)
    },
    Check(ADCKeys.nodesNotAList, ADCKeys.nodes), Check(StandaloneVariables.rule, StandaloneVariables.check),
  ]

  static let rules = checks.rules()

  func check() -> [Finding] { field.isMapping ? Self.checks.findings(in: self) : [] }
}
