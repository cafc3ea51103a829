public import APISIX
import Common
public import Findings
import Inputs
import JSON
import Registries
import SourceText

/// `resolve`: the nodes that APISIX would compute for a service name, or for all of them, and why there are none.
public struct ResolveQuestion: Sendable {
  /// nil for all, for what upstreams refer to, or for what a running APISIX holds.
  public var serviceName: String?
  /// Whose upstreams are to be judged.
  public var sources = UpstreamSources()
  /// The control API of the APISIX to compare with, for one service name or for all.
  public var control: String?
  /// Files to take for the objects of the clusters, `ID=FILE` for one of them; none: the API servers are asked.
  public var from: [String] = []
  /// Whether the nodes are tried too.
  public var probe: NodeProbe.Depth?
  /// Which registry is asked; nil for the one that config.yaml enables, first of all Kubernetes.
  public var registry: RegistryKind?
  /// `discovery_args` of the upstream.
  public var arguments: [String: String] = [:]
  /// apisix-seed's, which is asked in place of a registry of APISIX's.
  public var seed = SeedOptions()
  public var access = AccessOptions()

  public init() {}

  /// What was found, as people are told it.
  public func told(_ findings: [Finding]) -> [Finding] { access.told(findings, from: from) }

  public func ask(in context: Context) -> ResolveAnswer {
    answer(in: context) { () throws(Stop) in
      let read = try read(context)
      if seed.isGiven { return told(try seeded(read, context), read) }
      if let kinds = others(read) { return told(try others(kinds, read, context), read) }
      let config = try read.map { config throws(Stop) in try usable(config) }
      let live = from.isEmpty ? LiveResolver(config, access, context) : nil
      let clusters = config?.chosen(access.cluster).clusters.map(\.settings)
      let resolver: any Resolver = live ?? FileResolver(from, clusters, access.release, context)
      guard let serviceName else { return told(try several(resolver, live, config, context), config) }
      var answer = try resolver.resolve(serviceName)
      if let control { compare(&answer, serviceName, control, context) }
      return told(probed(answer, live, in: context), config)
    }
  }

  /// Follows the one service until the user ends it.
  /// - Returns: why it could not be followed, where `tell` was never called.
  public func watch(in context: Context, _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    answer(in: context) { () throws(Stop) in
      let config = try read(context).map { config throws(Stop) in try usable(config) }
      return told(LiveResolver(config, access, context).watch(serviceName ?? "", tell), config)
    }
  }

  /// With what there is to say of the configuration, first.
  private func told(_ answer: ResolveAnswer, _ config: DiscoveryConfig?) -> ResolveAnswer {
    guard let config else { return answer }
    var answer = answer
    if let refused = config.refused { answer.findings.insert(refused, at: 0) }
    if answer.findings.contains(where: { $0.file == config.path }) { answer.sources[config.path] = config.source }
    return answer
  }

  /// Why the question cannot be answered at all.
  struct Stop: Error {
    let findings: [Finding]
    /// nil: what the findings say.
    var status: ExitStatus?
    var sources: [String: SourceFile] = [:]

    init(finding: Finding, status: ExitStatus = .unfinished) {
      findings = [finding]
      self.status = status
    }

    /// A configuration that has no cluster to speak of.
    init(_ config: DiscoveryConfig, _ findings: [Finding]) {
      self.findings = findings
      sources = [config.path: config.source]
    }
  }

  private func answer(in context: Context, _ body: () throws(Stop) -> ResolveAnswer) -> ResolveAnswer {
    do throws(Stop) { return try body() } catch {
      var answer = ResolveAnswer()
      // Who ended it knows why there is no more.
      answer.findings = context.isCancelled() ? [] : error.findings
      answer.status = error.status
      answer.sources = error.sources
      return answer
    }
  }

  /// The registries to ask instead of Kubernetes; nil where it is Kubernetes.
  private func others(_ config: DiscoveryConfig?) -> [RegistryKind]? {
    if let registry { return registry == .kubernetes ? nil : [registry] }
    guard let serviceName, from.isEmpty, sources.isEmpty, control == nil, let config else { return nil }
    // NAMESPACE/NAME:PORT is meant for Kubernetes, whatever there is.
    let isKubernetes = [ServiceNameMode.single, .multi].contains { (try? ServiceName(serviceName, mode: $0)) != nil }
    if isKubernetes, serviceName.has("/"), !serviceName.has("://") { return nil }
    let enabled = config.registries.compactMap { RegistryKind(rawValue: $0.name) }
    let asked = enabled.filter { RegistryResolver.kinds.contains($0) }
    return asked.isEmpty || enabled.contains(.kubernetes) ? nil : asked
  }

  /// What apisix-seed would write for the name, and what it wrote.
  private func seeded(_ config: DiscoveryConfig?, _ context: Context) throws(Stop) -> ResolveAnswer {
    let settings: SeedSettings
    do throws(FileError) { settings = try seed.settings(in: context) } catch { throw Stop(finding: error.finding) }
    let etcd = sources.etcd(config) ?? settings.etcd ?? config.flatMap { EtcdSettings(of: $0) }
    let resolver = ZooKeeperResolver(settings: settings, etcd: etcd, access: access, context: context)
    return probed(resolver.resolve(serviceName ?? ""), nil, in: context)
  }

  private func others(
    _ kinds: [RegistryKind], _ config: DiscoveryConfig?, _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    let serviceName = serviceName ?? ""
    // What does not start asks nothing.
    if let config, let finding = config.doesNotStart { throw Stop(config, [finding]) }
    let answers = kinds.map { kind in
      var resolver = RegistryResolver(kind: kind, config: config, access: access, context: context)
      resolver.arguments = arguments
      return resolver.resolve(serviceName)
    }
    let holding = answers.filter { $0.nodes?.isEmpty == false }
    guard var answer = holding.first else {
      var answer = answers.first ?? ResolveAnswer()
      for other in answers.dropFirst() {
        answer.findings += other.findings
        answer.secrets += other.secrets
        answer.status = answer.status ?? other.status
      }
      return answer
    }
    if holding.count > 1 {
      answer.findings += Finding(
        RegistryRules.severalHold,
        "\(holding.map(\.registry).joined(separator: " and ")) have \(serviceName); these are the nodes of "
          + answer.registry, help: "discovery_type of the upstream says which: --registry NAME")
    }
    return probed(answer, nil, in: context)
  }

  /// The configuration; nil without one.
  private func read(_ context: Context) throws(Stop) -> DiscoveryConfig? {
    guard let path = access.config else { return nil }
    do throws(FileError) {
      if from.isEmpty { return try access.discoveryConfig(at: path, in: context) }
      var conditions = Conditions(
        release: access.release, environment: access.variables.map { .known($0) } ?? .unknown)
      conditions.files = HostFiles(root: access.root).lookup
      return try DiscoveryConfig(at: path, conditions, context.read)
    } catch {
      throw Stop(finding: error.finding)
    }
  }

  /// The same, where it has the cluster that is meant.
  private func usable(_ config: DiscoveryConfig) throws(Stop) -> DiscoveryConfig {
    let (clusters, findings) = config.chosen(access.cluster)
    // Which registries it enables says enough of upstreams.
    let hasOthers = (try? config.clusters()) == nil && config.verdict.yamlError == nil
    if clusters.isEmpty, hasOthers, serviceName == nil, !sources.isEmpty { return config }
    if clusters.isEmpty { throw Stop(config, findings) }
    // With the variables or the files it is said how APISIX would start, and what does not start has no nodes.
    let isSaid = access.variables != nil || access.root != nil
    let cannotStart = !from.isEmpty && isSaid ? config.doesNotStart : nil
    let name = serviceName.flatMap { try? ServiceName($0, mode: config.mode) }
    let isUnclear = clusters.contains { !$0.isClear && (name == nil || $0.id == name?.cluster) }
    if let finding = cannotStart ?? (isUnclear ? config.doesNotStart : nil) { throw Stop(config, [finding]) }
    return config
  }

  private func several(
    _ resolver: any Resolver, _ live: LiveResolver?, _ config: DiscoveryConfig?, _ context: Context
  ) throws(Stop) -> ResolveAnswer {
    let inventory = try sources.inventory(config, access, live, context)
    if let inventory, config?.chosen(access.cluster).clusters.isEmpty == true {
      var answer = ResolveAnswer()
      try inventory.resolve(&answer) { _ in [] }
      return answer
    }
    var answer = try resolver.all(keeping: control == nil ? .counts : .everything)
    let services = answer.services ?? []
    if let control {
      answer.services = nil
      guard let discovery = answer.discovery else { return answer }
      do throws(Finding) { answer.compare(try dump(control, context), with: discovery) } catch {
        answer.services = []
        answer.findings += error
      }
    } else if let inventory, answer.missing != [nil], !services.isEmpty || answer.status == nil {
      // A cluster that does not answer costs its own names only.
      try inventory.resolve(&answer) { name throws(Stop) in try resolver.reasons(for: name) }
    } else {
      answer.findings += Diagnosis.refused(services)
    }
    return answer
  }

  private func dump(_ control: String, _ context: Context) throws(Finding) -> DiscoveryDump {
    let document = try APISIXEndpoint(.control, url: control, access).dump(context.http(traced: true))
    guard let dump = DiscoveryDump(document) else {
      throw Finding(
        ResolveRules.apisixRefused, "the control API answers with something else than a dump of kubernetes",
        help: APISIXEndpoint.Kind.control.place)
    }
    return dump
  }

  private func compare(_ answer: inout ResolveAnswer, _ name: String, _ control: String, _ context: Context) {
    do throws(Finding) { answer.compare(try dump(control, context), for: name, in: access.release) } catch {
      answer.findings += error
    }
  }

  private func probed(_ answer: ResolveAnswer, _ live: LiveResolver?, in context: Context) -> ResolveAnswer {
    guard let probe, let name = serviceName, let nodes = answer.nodes, !nodes.isEmpty else { return answer }
    var answer = answer
    context.progress("probing \(counted(nodes.count, "node"))")
    answer.probes = NodeProbe.run(nodes, of: name, access, probe, in: context)
    let found = NodeProbe.findings(name, answer.probes) + NodeProbe.tlsFindings(name, answer.probes)
    // The Service's own address may be reachable where its pods are not.
    let isUnreachable = answer.probes.allSatisfy { ["no-route", "timed-out"].contains($0.word) }
    let around = isUnreachable ? answer.wayRound ?? live?.staticNode(of: name) : nil
    answer.findings = found + [around].compactMap { $0 } + answer.findings
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
