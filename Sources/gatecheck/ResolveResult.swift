import APISIX
import Findings
import JSON
import Probes

/// What `resolve` found out, before anything is rendered.
struct ResolveResult {
  /// nil when APISIX would find nothing, or when all services were asked for.
  var nodes: [UpstreamNode]?
  /// Addresses that would be nodes if they were ready.
  var notReady: (count: Int, addresses: [Observation.Address]) = (0, [])
  /// Where more than one service was asked for.
  var services: [ServiceRow]?
  /// In the order of `nodes`; empty without --probe.
  var probes: [NodeProbe] = []
  var findings: [Finding] = []
  var sources: [String: SourceFile] = [:]
  var secrets: [String] = []
  /// Where the findings alone do not say it.
  var status: ExitStatus?

  /// Whether a table has anything to show.
  var isShown: Bool { services.map { !$0.isEmpty } ?? !(nodes ?? []).isEmpty }

  /// What resolve adds to the JSON document.
  func members(_ serviceName: String?) -> [JSONObject.Member] {
    guard let serviceName else {
      let list = (services ?? []).map(\.json)
      return [.init(key: "registry", value: .string(RegistryKind.kubernetes.key)), .init(key: "services", value: .array(list))]
    }
    var list = nodes.map { $0.map(\.json) }
    for (index, probe) in probes.enumerated() {
      guard case .object(var object) = list?[index] else { continue }
      object.members.append(.init(key: "probe", value: probe.json))
      list?[index] = .object(object)
    }
    return [
      .init(key: "serviceName", value: .string(serviceName)), .init(key: "registry", value: .string(RegistryKind.kubernetes.key)),
      .init(key: "nodes", value: list.map { .array($0) } ?? .null),
      .init(key: "notReady", value: .number(Double(notReady.count))),
      .init(key: "notReadyAddresses", value: .array(notReady.addresses.map(\.json))),
    ]
  }
}

/// One service among many.
struct ServiceRow {
  let serviceName: String
  /// nil when APISIX would find nothing.
  var nodes: Int?
  /// How many addresses are not ready; nil where that was not looked at.
  var notReady: Int?
  /// Who refers to it, with --referenced and --admin.
  var usedBy: [String]?
  /// What the running APISIX has of it, with --control.
  var state: DiscoveryDump.Difference.State?

  init(_ count: KubernetesDiscovery.ServiceCount) {
    serviceName = count.serviceName
    nodes = count.nodes
    notReady = count.notReady
  }

  init(_ difference: DiscoveryDump.Difference) {
    serviceName = difference.serviceName
    nodes = difference.nodes
    state = difference.state
  }

  init(_ serviceName: String, nodes: Int?, notReady: Int, usedBy: [String]) {
    self.serviceName = serviceName
    self.nodes = nodes
    self.notReady = notReady
    self.usedBy = usedBy
  }

  var json: JSONValue {
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

extension Observation.Address {
  fileprivate var json: JSONValue {
    ["host": .string(host), "port": port.map { .number(Double($0)) } ?? .null]
  }
}
