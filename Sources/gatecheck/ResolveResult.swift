import APISIX
import Doctor
import Findings
import JSON

/// What `resolve` found out, before anything is rendered.
struct ResolveResult {
  /// nil when APISIX would find nothing, or when all services were asked for.
  var nodes: [UpstreamNode]?
  /// Addresses that would be nodes if they were ready.
  var notReady = 0
  /// For --all.
  var services: [KubernetesDiscovery.ServiceCount]?
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
      let list = (services ?? []).map { service -> JSONValue in
        ["serviceName": .string(service.serviceName), "nodes": .number(Double(service.nodes))]
      }
      return [.init(key: "registry", value: "kubernetes"), .init(key: "services", value: .array(list))]
    }
    var list = nodes.map { $0.map(\.json) }
    for (index, probe) in probes.enumerated() {
      guard case .object(var object) = list?[index] else { continue }
      object.members.append(.init(key: "probe", value: probe.json))
      list?[index] = .object(object)
    }
    return [
      .init(key: "serviceName", value: .string(serviceName)), .init(key: "registry", value: "kubernetes"),
      .init(key: "nodes", value: list.map { .array($0) } ?? .null),
      .init(key: "notReady", value: .number(Double(notReady))),
    ]
  }
}
