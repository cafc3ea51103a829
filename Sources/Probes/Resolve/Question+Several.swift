package import APISIX
import Findings

/// Many services at once, in steps: the upstreams that name them, what each registry has of them, and what that says of
/// the upstreams.
extension ResolveQuestion {
  /// All services, those that upstreams have, or those that a running APISIX holds.
  func several(
    _ resolvers: [(kind: RegistryKind, any Resolver)], _ live: LiveResolver?, _ config: DiscoveryConfig?,
    _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    let inventory = try sources.inventory(config, access, live, context)
    var whole: ResolveAnswer?
    for (kind, resolver) in resolvers {
      var part: ResolveAnswer
      do throws(Stop) { part = try services(of: kind, resolver, for: inventory, context) } catch {
        // One among several that has no list keeps back nothing of the others.
        guard resolvers.count > 1, let finding = error.findings.first, finding.rule == RegistryRules.noList else {
          throw error
        }
        part = ResolveAnswer()
        part.registry = kind.key
        part.notices = [finding.message]
      }
      if whole == nil { whole = part } else { whole?.add(part) }
    }
    var answer = whole ?? ResolveAnswer()
    guard control == nil else { return answer }
    // What does not answer costs its own names only.
    guard let inventory, answer.missing != [nil] || resolvers.count > 1,
      answer.services?.isEmpty == false || answer.status == nil
    else { return try judged(answer, resolvers, nil) }
    answer.findings += inventory.problems
    answer = try judged(answer, resolvers, inventory)
    inventory.judge(&answer, asked: resolvers.map(\.kind))
    return answer
  }

  /// The upstreams that its sources have; nil where it names none.
  package func inventory(_ config: DiscoveryConfig?, in context: Context) throws(Stop) -> Inventory? {
    let hasCluster = sources.referenced.contains(UpstreamSources.cluster)
    return try sources.inventory(config, access, hasCluster ? LiveResolver(config, access, context) : nil, context)
  }

  /// What one registry has: of the services that upstreams name; of Kubernetes, and without upstreams, of all.
  package func services(
    of kind: RegistryKind, for inventory: Inventory?, _ config: DiscoveryConfig?, in context: Context
  ) throws(Stop) -> ResolveAnswer {
    try services(of: kind, resolver(kind, config, context), for: inventory, context)
  }

  /// What that says of the upstreams that name them.
  package func judged(
    _ answer: ResolveAnswer, of kind: RegistryKind, for inventory: Inventory?, _ config: DiscoveryConfig?,
    in context: Context
  ) throws(Stop) -> ResolveAnswer {
    try judged(answer, [(kind, resolver(kind, config, context))], inventory)
  }

  private func services(
    of kind: RegistryKind, _ resolver: any Resolver, for inventory: Inventory?, _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    let interest = control == nil && !keepsNodes ? ClusterStore.Interest.counts : .everything
    if let inventory, let registry = resolver as? RegistryResolver {
      return registry.services(inventory.services(of: kind), keeping: interest)
    }
    return try listed(resolver, of: kind, interest, context)
  }

  private func judged(
    _ answer: ResolveAnswer, _ resolvers: [(kind: RegistryKind, any Resolver)], _ inventory: Inventory?
  ) throws(Stop) -> ResolveAnswer {
    var answer = answer
    if let inventory {
      try inventory.resolve(&answer, asked: resolvers.map(\.kind)) { upstream throws(Stop) in
        guard let service = upstream.service,
          let resolver = resolvers.first(where: { $0.kind == service.registry })?.1
        else { return [] }
        let meant: any Resolver = (resolver as? RegistryResolver)?.of(service, upstream.scheme) ?? resolver
        return try meant.reasons(for: service.name)
      }
    } else {
      answer.findings += Diagnosis.refused(answer.services ?? [])
    }
    return answer
  }

  /// All of one registry, beside what APISIX holds of it where that is asked for.
  private func listed(
    _ resolver: any Resolver, of kind: RegistryKind, _ interest: ClusterStore.Interest, _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    guard let control else { return try resolver.all(keeping: interest) }
    var answer: ResolveAnswer
    do throws(Finding) {
      if let registry = resolver as? RegistryResolver, kind == .nacos, from.isEmpty {
        // It knows the names that upstreams have, and the dump says which.
        let held = try dump(control, kind, context)
        answer = registry.services(held.services.keys.map { ($0, nil) }, keeping: interest)
        answer.notices.append("compared are the services that the running APISIX holds: it asks for no others")
        answer.compare(held, in: access.release)
        return answer
      }
    } catch {
      answer = ResolveAnswer()
      answer.services = []
      answer.findings = [error]
      return answer
    }
    answer = try resolver.all(keeping: interest)
    answer.services = nil
    guard answer.discovery != nil || answer.everything != nil else { return answer }
    do throws(Finding) { answer.compare(try dump(control, kind, context), in: access.release) } catch {
      answer.services = []
      answer.findings += error
    }
    return answer
  }
}
