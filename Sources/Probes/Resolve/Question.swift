import APISIX
import Findings
import JSON
import Registries

/// `resolve`: the nodes that APISIX would compute for a service name, or for all of them, and why there are none.
public struct ResolveQuestion: Sendable {
  /// nil for all, for what upstreams refer to, or for what a running APISIX holds.
  public var serviceName: String?
  /// Whose upstreams are to be judged.
  public var sources = UpstreamSources()
  /// The control API of the APISIX to compare with.
  public var control: String?
  /// Files to take for the objects of the clusters, `ID=FILE` for one of them; none: the API servers are asked.
  public var from: [String] = []
  /// Whether the nodes are tried too.
  public var probe: NodeProbe.Depth?
  public var access = AccessOptions()

  public init() {}

  public func ask(in context: Context) -> ResolveAnswer {
    answer { () throws(Stop) in
      let config = try config(context)
      let live = from.isEmpty ? LiveResolver(config?.kubernetes ?? [:], access, context) : nil
      let resolver: any Resolver
      if let live {
        resolver = live
      } else {
        resolver = FileResolver(from, try config?.kubernetes(of: access.cluster), access.release)
      }
      guard let serviceName else { return try several(resolver, live, config, context) }
      return probed(try resolver.resolve(serviceName), in: context)
    }
  }

  /// Follows the one service until the user ends it.
  /// - Returns: why it could not be followed, where `tell` was never called.
  public func watch(in context: Context, _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    answer { () throws(Stop) in
      LiveResolver(try config(context)?.kubernetes ?? [:], access, context).watch(serviceName ?? "", tell)
    }
  }

  /// Why the question cannot be answered at all.
  struct Stop: Error {
    let finding: Finding
    var status = ExitStatus.unfinished
  }

  private func answer(_ body: () throws(Stop) -> ResolveAnswer) -> ResolveAnswer {
    do throws(Stop) { return try body() } catch {
      var answer = ResolveAnswer()
      answer.findings = [error.finding]
      answer.status = error.status
      return answer
    }
  }

  private func config(_ context: Context) throws(Stop) -> ResolveConfig? {
    let variables = from.isEmpty ? access.variables ?? context.environment : access.variables
    return try ResolveConfig(
      access.config, Conditions(release: access.release, environment: variables.map { .known($0) } ?? .unknown), context
    )
  }

  private func several(
    _ resolver: any Resolver, _ live: LiveResolver?, _ config: ResolveConfig?, _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    let inventory = try sources.inventory(config, access, live, context)
    var answer = try resolver.all(keeping: control == nil ? .counts : .everything)
    let services = answer.services ?? []
    if let control {
      answer.services = nil
      guard let discovery = answer.discovery else { return answer }
      let endpoint = APISIXEndpoint(.control, url: control, access)
      try answer.compare(endpoint.dump(context.http(traced: true)), with: discovery)
    } else if let inventory, answer.missing != [nil], !services.isEmpty || answer.status == nil {
      // A cluster that does not answer costs its own names only.
      try inventory.resolve(&answer) { name throws(Stop) in try resolver.reasons(for: name) }
    } else {
      answer.findings += Diagnosis.refused(services)
    }
    return answer
  }

  private func probed(_ answer: ResolveAnswer, in context: Context) -> ResolveAnswer {
    guard let probe, let name = serviceName, let nodes = answer.nodes, !nodes.isEmpty else { return answer }
    var answer = answer
    context.progress("probing \(nodes.count) node\(nodes.count == 1 ? "" : "s")")
    answer.probes = NodeProbe.run(nodes, of: name, probe, access, in: context)
    answer.findings =
      NodeProbe.findings(name, answer.probes) + NodeProbe.tlsFindings(name, answer.probes) + answer.findings
    return answer
  }
}

/// Where the objects of services come from.
protocol Resolver {
  /// One service name: its nodes, or why there are none.
  func resolve(_ name: String) throws(ResolveQuestion.Stop) -> ResolveAnswer
  /// Every service name there is.
  func all(keeping interest: ClusterStore.Interest) throws(ResolveQuestion.Stop) -> ResolveAnswer
  /// Why a name among many has no nodes.
  func reasons(for name: String) throws(ResolveQuestion.Stop) -> [Finding]
}
