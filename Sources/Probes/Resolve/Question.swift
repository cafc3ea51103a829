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
  /// The same for a registry module of one's own.
  public var ownModule: String?
  /// `discovery_args` of the upstream.
  public var arguments: [String: String] = [:]
  /// Whether the nodes of every service are kept, and not only counted.
  package var keepsNodes = false
  /// apisix-seed's, which is asked in place of a registry of APISIX's.
  public var seed = SeedOptions()
  public var access = AccessOptions()

  public init() {}

  /// What was found, as people are told it.
  public func told(_ findings: [Finding]) -> [Finding] { access.told(findings, from: from) }

  public func ask(in context: Context) -> ResolveAnswer {
    answer(in: context) { () throws(Stop) in
      let read = try read(context)
      if seed.isGiven {
        return told(probed(try seeded(read, context).resolve(serviceName ?? ""), nil, in: context), read)
      }
      if let module = ownModule(read) {
        // Without --root nobody sees whether it is there; who names it says so.
        let declared = access.root == nil ? read?.declaring(module) : read
        return told(try ask(ofOwn: module, declared, context), declared)
      }
      let kinds = kinds(read)
      if kinds == [.kubernetes] {
        let config = try read.map { config throws(Stop) in try usable(config) }
        let live = from.isEmpty ? LiveResolver(config, access, context) : nil
        let clusters = config?.chosen(access.cluster).clusters.map(\.settings)
        let resolver: any Resolver = live ?? FileResolver(from, clusters, access.release, context)
        guard let serviceName else {
          // Of which registries are enabled is enough said.
          let isAsked = sources.isEmpty || clusters?.isEmpty != true
          return told(try several(isAsked ? [(kind: .kubernetes, resolver)] : [], live, config, context), config)
        }
        return told(try one(serviceName, [(kind: .kubernetes, resolver)], context), config)
      }
      // What does not start asks nothing.
      if let read, let finding = read.doesNotStart { throw Stop(read, [finding]) }
      let resolvers = kinds.map { (kind: $0, resolver($0, read, context)) }
      guard let serviceName else {
        let live = resolvers.lazy.compactMap { $0.1 as? LiveResolver }.first
        return told(try several(resolvers, live, read, context), read)
      }
      return told(try one(serviceName, resolvers, context), read)
    }
  }

  /// Follows the one service until the user ends it.
  /// - Returns: why it could not be followed, where `tell` was never called.
  public func watch(in context: Context, _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    answer(in: context) { () throws(Stop) in
      let read = try read(context)
      if seed.isGiven { return told(try seeded(read, context).watch(serviceName ?? "", tell), read) }
      let kinds = kinds(read)
      guard kinds != [.kubernetes] else {
        let config = try read.map { config throws(Stop) in try usable(config) }
        return told(LiveResolver(config, access, context).watch(serviceName ?? "", tell), config)
      }
      if let read, let finding = read.doesNotStart { throw Stop(read, [finding]) }
      guard kinds.count == 1 else {
        throw Stop(
          finding: Finding(
            RegistryRules.severalHold, severity: .error,
            "config.yaml enables \(kinds.map(\.key).joined(separator: ", ")), and one of them can be followed",
            help: "name it: --registry \(kinds[0].key)"), status: .usage)
      }
      return told(registry(kinds[0], read, context).watch(serviceName ?? "", tell), read)
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
  package struct Stop: Error {
    package let findings: [Finding]
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

  /// What apisix-seed would write, and what it wrote.
  private func seeded(_ config: DiscoveryConfig?, _ context: Context) throws(Stop) -> ZooKeeperResolver {
    let settings: SeedSettings
    do throws(FileError) { settings = try seed.settings(in: context) } catch { throw Stop(finding: error.finding) }
    let etcd = sources.etcd(config) ?? settings.etcd ?? config.flatMap { EtcdSettings(of: $0) }
    return ZooKeeperResolver(settings: settings, etcd: etcd, access: access, context: context)
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
