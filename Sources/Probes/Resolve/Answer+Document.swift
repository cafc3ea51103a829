import APISIX
public import JSON

extension ResolveAnswer {
  /// What resolve adds to the JSON document.
  public func members(_ serviceName: String?) -> [JSONObject.Member] {
    let registry = JSONObject.Member(key: "registry", value: .string(RegistryKind.kubernetes.key))
    guard let serviceName else {
      return [registry, .init(key: "services", value: .array((services ?? []).map(\.json)))]
    }
    var list = nodes.map { $0.map(\.json) }
    for (index, probe) in probes.enumerated() {
      guard case .object(var object) = list?[index] else { continue }
      object.members.append(.init(key: "probe", value: probe.json))
      list?[index] = .object(object)
    }
    let addresses = notReady.addresses.map { address -> JSONValue in
      ["host": .string(address.host), "port": address.port.map { .number(Double($0)) } ?? .null]
    }
    return [
      .init(key: "serviceName", value: .string(serviceName)), registry,
      .init(key: "nodes", value: list.map { .array($0) } ?? .null),
      .init(key: "notReady", value: .number(Double(notReady.count))),
      .init(key: "notReadyAddresses", value: .array(addresses)),
    ]
  }
}

extension ResolveAnswer.Service {
  fileprivate var json: JSONValue {
    var members: [JSONObject.Member] = [
      .init(key: "serviceName", value: .string(serviceName)),
      .init(key: "nodes", value: nodes.map { .number(Double($0)) } ?? .null),
    ]
    if let notReady { members.append(.init(key: "notReady", value: .number(Double(notReady)))) }
    if let usedBy { members.append(.init(key: "usedBy", value: .array(usedBy.map { .string($0) }))) }
    if let state { members.append(.init(key: "state", value: .string(state.rawValue))) }
    return .object(JSONObject(members))
  }
}
