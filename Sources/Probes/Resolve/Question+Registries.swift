package import APISIX
package import Findings
import Inputs
import SourceText

/// Which registries are asked, and what they say together.
extension ResolveQuestion {
  /// The registries that are meant: one that was named, else those that config.yaml enables and that can be asked.
  func kinds(_ config: DiscoveryConfig?) -> [RegistryKind] {
    if let registry { return [registry] }
    guard from.isEmpty, access.cluster == nil, let config else { return [.kubernetes] }
    let enabled = config.registries.compactMap { RegistryKind(rawValue: $0.name) }
      .filter { $0 == .kubernetes || RegistryResolver.kinds.contains($0) }
    if let serviceName {
      // NAMESPACE/NAME:PORT is meant for Kubernetes, whatever there is.
      let isKubernetes = [ServiceNameMode.single, .multi].contains { (try? ServiceName(serviceName, mode: $0)) != nil }
      if isKubernetes, serviceName.has("/"), !serviceName.has("://") { return [.kubernetes] }
    }
    return enabled.isEmpty ? [.kubernetes] : enabled
  }

  func resolver(_ kind: RegistryKind, _ config: DiscoveryConfig?, _ context: Context) -> any Resolver {
    kind == .kubernetes ? LiveResolver(config, access, context) : registry(kind, config, context)
  }

  func registry(_ kind: RegistryKind, _ config: DiscoveryConfig?, _ context: Context) -> RegistryResolver {
    RegistryResolver(
      kind: kind, config: config, access: access, context: context, arguments: arguments, files: from)
  }

  /// The one name, of the first that has it.
  func one(
    _ name: String, _ resolvers: [(kind: RegistryKind, any Resolver)], _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    var answers: [ResolveAnswer] = []
    for (kind, resolver) in resolvers {
      var answer = try resolver.resolve(name)
      if let control { compare(&answer, RegistryService(kind, name, arguments), control, context) }
      answers.append(answer)
    }
    let holding = answers.filter { $0.nodes?.isEmpty == false }
    guard var answer = holding.first else {
      var answer = answers.first ?? ResolveAnswer()
      for other in answers.dropFirst() {
        answer.findings += other.findings
        answer.notices += other.notices
        answer.secrets += other.secrets
        answer.status = answer.status ?? other.status
      }
      return answer
    }
    if holding.count > 1 {
      answer.findings += Finding(
        RegistryRules.severalHold,
        "\(holding.map(\.registry).joined(separator: " and ")) have \(name); these are the nodes of "
          + answer.registry, help: "discovery_type of the upstream says which: --registry NAME")
    }
    return probed(answer, resolvers.first { $0.kind.key == answer.registry }?.1 as? LiveResolver, in: context)
  }

  package func dump(_ control: String, _ kind: RegistryKind, _ context: Context) throws(Finding) -> DiscoveryDump {
    let endpoint = APISIXEndpoint(.control, url: control, access)
    let document = try endpoint.dump(of: kind.key, context.http(traced: true))
    guard let dump = DiscoveryDump(document, of: kind) else {
      throw Finding(
        ResolveRules.apisixRefused, "the control API answers with something else than a dump of \(kind.key)",
        help: APISIXEndpoint.Kind.control.place)
    }
    return dump
  }

  private func compare(
    _ answer: inout ResolveAnswer, _ service: RegistryService, _ control: String, _ context: Context
  ) {
    do throws(Finding) {
      answer.compare(try dump(control, service.registry, context), for: service, in: access.release)
    } catch { answer.findings += error }
  }

  func probed(_ answer: ResolveAnswer, _ live: LiveResolver?, in context: Context) -> ResolveAnswer {
    guard let probe, let name = serviceName, let nodes = answer.nodes, !nodes.isEmpty else { return answer }
    var answer = answer
    context.progress("probing \(counted(nodes.count, "node"))")
    let isKubernetes = answer.registry == RegistryKind.kubernetes.key
    answer.probes = NodeProbe.run(nodes, of: isKubernetes ? name : nil, access, probe, in: context)
    let found =
      NodeProbe.findings(name, answer.probes, answer.registry)
      + NodeProbe.tlsFindings(name, answer.probes, answer.registry)
    // The Service's own address may be reachable where its pods are not.
    let isUnreachable = answer.probes.allSatisfy { ["no-route", "timed-out"].contains($0.word) }
    let around = isUnreachable ? answer.wayRound ?? live?.staticNode(of: name) : nil
    answer.findings = found + [around].compactMap { $0 } + answer.findings
    return answer
  }
}
