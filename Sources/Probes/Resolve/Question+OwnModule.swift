import APISIX
import Findings
import HTTP
import Inputs
import JSON
import SourceText

/// A registry module of one's own, whose questions nobody knows: what the running APISIX holds of it is all there is.
extension ResolveQuestion {
  /// The one that is meant; nil where it is a registry that comes with APISIX.
  func ownModule(_ config: DiscoveryConfig?) -> String? {
    if let ownModule { return ownModule }
    guard registry == nil, from.isEmpty, access.cluster == nil, sources.isEmpty, let config, config.refused == nil
    else { return nil }
    let names = config.registries.map(\.name)
    return names.allSatisfy { RegistryKind(rawValue: $0) == nil } ? names.first : nil
  }

  func ask(ofOwn module: String, _ config: DiscoveryConfig?, _ context: Context) throws(Stop) -> ResolveAnswer {
    let enabled = config?.registries.map(\.name) ?? []
    guard enabled.contains(module) else {
      let near = nearest(module, among: RegistryKind.allCases.map(\.key) + enabled)
      throw Stop(
        finding: Finding(
          RegistryRules.noneEnabled, "\(config?.path ?? "config.yaml") has no discovery.\(terminalSafe(module))",
          help: near.map { "did you mean --registry \($0)?" } ?? "it has: \(enabled.joined(separator: ", "))"),
        status: .usage)
    }
    var answer = ResolveAnswer()
    answer.registry = module
    let file = "apisix/discovery/\(module.replacing(".", with: "/"))"
    guard let control else {
      answer.status = .unfinished
      let name = serviceName.map { Shell.quoted($0) } ?? "--all"
      answer.findings += Finding(
        RegistryRules.ownModule, "\(module) is a module of one's own (\(file)): which nodes it gives is not known here",
        help: "ask the running APISIX what it holds: gatecheck resolve \(name) --registry \(Shell.quoted(module)) "
          + "--control http://127.0.0.1:9090")
      return answer
    }
    do throws(Finding) {
      let dump = try APISIXEndpoint(.control, url: control, access).dump(of: module, context.http(traced: true))
      answer.take(ofOwn: dump, module, serviceName)
    } catch {
      answer.findings += error
      answer.status = answer.status ?? .unfinished
    }
    return answer
  }
}

extension ResolveAnswer {
  fileprivate mutating func take(ofOwn dump: JSONValue, _ module: String, _ name: String?) {
    var held: [String: [UpstreamNode]] = [:]
    for service in dump["services"]?.object?.members ?? [] {
      if let nodes = UpstreamNode.list(service.value["nodes"] ?? service.value) { held[service.key] = nodes }
    }
    notices.append("shown is what the running APISIX holds; what \(module) would give is not known here")
    guard let name else {
      services = held.sorted { $0.key < $1.key }.map { name, nodes in
        Service(service: RegistryService(.kubernetes, name), nodes: nodes.isEmpty ? nil : nodes.count)
      }
      return
    }
    nodes = held[name]
    guard nodes == nil else { return }
    let near = nearest(name, among: Array(held.keys))
    findings += Finding(
      RegistryRules.unknownService,
      held.isEmpty
        ? "the dump of \(module) holds no services of a form that is known here"
        : "the running APISIX holds nothing of \(name) from \(module)",
      help: near.map { "did you mean service_name: \($0)?" }
        ?? "\(module) decides what its dump shows: its function dump_data")
  }
}
