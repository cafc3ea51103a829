import APISIX
import Findings
import Probes

extension Check {
  /// Gets what a registry has of the services that upstreams name.
  /// - Parameters:
  ///   - listed: what Kubernetes has of all services; nil for other registries.
  ///   - works: what its servers answered.
  static func servicesHaveNodes(
    _ kind: RegistryKind, _ installation: Installation, _ config: DiscoveryConfig?, _ inventory: Fact<Inventory>,
    listed: Fact<ResolveAnswer>?, works: [Fact<RegistryCheckAnswer>], gives services: Fact<ResolveAnswer>
  ) -> Check {
    Check(.upstreams, "every service of \(kind.key) that they name has nodes", gives: [services.withhold]) {
      context throws(Unmet) in
      let found = try inventory()
      guard !found.services(of: kind).isEmpty else { throw .skipped("none names a service of \(kind.key)") }
      let answers = try works.map { fact throws(Unmet) in try fact() }
      if !answers.isEmpty, !answers.contains(where: \.works) {
        throw answers.contains { $0.findings.hasTimeout }
          ? .unknown("\(kind.key) did not answer in time") : .skipped("\(kind.key) does not let APISIX read")
      }
      var answer: ResolveAnswer
      if let listed {
        do throws(Unmet) { answer = try listed() } catch {
          guard error.kind == .refused, let seen = installation.seen(of: kind, for: found, config, in: context) else {
            throw error
          }
          // APISIX itself has nothing of it.
          services.withhold(error)
          return Outcome(seen.findings, Evidence(sources: seen.sources, secrets: seen.secrets))
        }
      } else {
        let (asked, findings) = installation.services(of: kind, for: found, config, in: context)
        guard let asked else { return Outcome(findings) }
        answer = asked
      }
      // What was said of the list is said there.
      if listed != nil { answer.forgetFindings() }
      let judged = installation.judged(answer, of: kind, for: found, config, in: context)
      services.give(judged)
      var outcome = Outcome(judged.findings, Evidence(sources: judged.sources, secrets: judged.secrets))
      let counts = found.services(of: kind).compactMap { service, _ in judged.count(of: service) }
      if !counts.isEmpty {
        outcome.detail = "\(counted(counts.count, "service")), \(counted(counts.reduce(0, +), "node"))"
      }
      return outcome
    }
  }

  /// Connects to the nodes, where that was asked for.
  static func nodesAnswer(
    _ kind: RegistryKind, _ installation: Installation, _ inventory: Fact<Inventory>, _ services: Fact<ResolveAnswer>,
    gives tried: Fact<[RegistryService: [Finding]]>
  ) -> Check {
    Check(
      .reachability, "the nodes of \(kind.key) take a connection from here", gives: [tried.withhold]
    ) { context throws(Unmet) in
      guard let depth = installation.probe else { throw .untried("not tried; --probe connects to each node") }
      let wanted = Set(try inventory().services(of: kind).map(\.0))
      let nodes = (try services().kept ?? []).filter { wanted.contains($0.service) && !$0.nodes.isEmpty }
      guard !nodes.isEmpty else { throw .skipped("there are none") }
      let findings = NodeProbe.findings(nodes, installation.access, depth, in: context)
      tried.give(Dictionary(zip(nodes.map(\.service), findings)) { first, _ in first })
      return Outcome(findings.flatMap { $0 })
    }
  }
}
