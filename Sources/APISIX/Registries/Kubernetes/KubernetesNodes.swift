import JSON

/// The clusters' lists, as whole answers. Where they are read piece by piece, the same requests of `ClusterSettings`
/// are sent, and the same `ClusterView` reads.
extension KubernetesModel {
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    let sections = lookup.section.items
    let clusters = (sections ?? [lookup.section]).map {
      ClusterSettings($0, in: lookup.release, isOne: sections == nil)
    }
    let name = lookup.serviceName
    var discovery = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false)
    guard !discovery.hasDuplicateID else { return discovery.resolve(name) }
    let parsed = try? ServiceName(name, mode: discovery.mode)
    for (index, section) in (sections ?? [lookup.section]).enumerated() {
      let settings = clusters[index]
      let isMeant = parsed != nil && parsed?.cluster == settings.id
      guard lookup.asksAll || isMeant else { continue }
      try list(&discovery.clusters[index], lookup.asksAll ? nil : parsed?.parts, settings, section, answers)
    }
    return discovery.resolve(name)
  }

  static func dumped(_ document: JSONValue, _ kind: RegistryKind) -> [RegistryService: [UpstreamNode]]? {
    guard let clusters = document["endpoints"], document["config"] != nil || clusters.array != nil else { return nil }
    var services: [RegistryService: [UpstreamNode]] = [:]
    for cluster in clusters.array ?? [] {
      let prefix = cluster["id"]?.string.map { $0 + "/" } ?? ""
      for endpoint in cluster["endpoints"]?.array ?? [] {
        guard let name = endpoint["name"]?.string, let text = endpoint["value"]?.string,
          let ports = try? JSONValue.parse(text)
        else { continue }
        for port in ports.object?.members ?? [] {
          services[RegistryService(kind, "\(prefix)\(name):\(port.key)")] = UpstreamNode.list(port.value) ?? []
        }
      }
    }
    return services
  }

  private static func list(
    _ view: inout ClusterView, _ service: (namespace: String, name: String)?, _ settings: ClusterSettings,
    _ section: LuaValue, _ answers: RegistryAnswers
  ) throws(RegistryStop) {
    var token: String?
    repeat {
      let target =
        service.map { settings.listTarget(of: $0.namespace, $0.name) } ?? settings.listTarget(continuing: token)
      let answer = try answers.reply(to: .get(server(section) + target, credential(section))).json()
      view.take(document: answer)
      token = ClusterView.continuation(of: answer)
    } while token != nil
  }

  private static func server(_ section: LuaValue) -> String {
    let parts = ["schema", "host", "port"].map { section["service"]?[$0]?.text ?? "" }
    return "\(parts[0])://\(parts[1]):\(parts[2])"
  }

  private static func credential(_ section: LuaValue) -> [RegistryRequest.Credential] {
    let client = section["client"]
    if let token = client?["token"]?.text { return [.header(name: "Authorization", value: "Bearer " + token)] }
    return client?["token_file"]?.text.map { [.tokenFile($0)] } ?? []
  }
}
