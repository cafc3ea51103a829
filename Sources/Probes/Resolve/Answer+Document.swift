import APISIX
public import JSON

extension ResolveAnswer {
  /// What resolve adds to the JSON document.
  public func members(_ serviceName: String?) -> JSONObject {
    let registry = JSONValue.string(self.registry)
    guard let serviceName else {
      let isTold = services?.contains { $0.service.registry != .kubernetes } ?? false
      return [
        "registry": isMixed ? .null : registry, "services": .array((services ?? []).map { $0.json(isTold: isTold) }),
      ]
    }
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
  /// - Parameter isTold: whether it says which registry it is of.
  fileprivate func json(isTold: Bool) -> JSONValue {
    let arguments = service.arguments.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
    return .object([
      "serviceName": .string(serviceName), "registry": isTold ? .string(service.registry.key) : nil,
      "discoveryArgs": arguments.isEmpty
        ? nil : .object(JSONObject(arguments.map { JSONObject.Member(key: $0, value: $1) })), "nodes": JSONValue(nodes),
      "notReady": notReady.map { JSONValue($0) },
      "usedBy": usedBy.map { JSONValue($0) }, "state": state.map { .string($0.rawValue) },
    ])
  }
}
