import APISIX
public import JSON

extension ResolveAnswer {
  /// What resolve adds to the JSON document.
  public func members(_ serviceName: String?) -> JSONObject {
    let registry = JSONValue.string(self.registry)
    guard let serviceName else { return ["registry": registry, "services": .array((services ?? []).map(\.json))] }
    let addresses = notReady.addresses.map { ["host": .string($0.host), "port": JSONValue($0.port)] as JSONValue }
    return [
      "serviceName": .string(serviceName), "registry": registry, "nodes": JSONValue(nodes.map { $0.indices.map(node) }),
      "notReady": JSONValue(notReady.count), "notReadyAddresses": .array(addresses),
    ]
      + (held.map { ["held": ["state": .string($0.state.rawValue), "nodes": JSONValue($0.nodes?.map(\.json))]] } ?? [:])
  }

  private func node(_ index: Int) -> JSONValue {
    guard let node = nodes?[index].json.object else { return .null }
    return .object(probes.isEmpty ? node : node + ["probe": probes[index].json])
  }
}

extension ResolveAnswer.Service {
  fileprivate var json: JSONValue {
    .object([
      "serviceName": .string(serviceName), "nodes": JSONValue(nodes), "notReady": notReady.map { JSONValue($0) },
      "usedBy": usedBy.map { JSONValue($0) }, "state": state.map { .string($0.rawValue) },
    ])
  }
}
