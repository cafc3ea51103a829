public import APISIX
public import Findings
import JSON

/// What `resolve` found out, from files as from servers.
public struct ResolveAnswer: Sendable {
  /// nil when APISIX would find nothing, or when more than one service was asked for.
  public internal(set) var nodes: [UpstreamNode]?
  /// Whose nodes they are.
  public internal(set) var registry = RegistryKind.kubernetes.key
  /// Addresses behind the same port that get no traffic yet: how many, and which.
  public internal(set) var notReady: (count: Int, addresses: [Observation.Address]) = (0, [])
  /// Where more than one service was asked for.
  public internal(set) var services: [Service]?
  /// In the order of `nodes`; empty where they were not tried.
  public internal(set) var probes: [NodeProbe] = []
  public internal(set) var findings: [Finding] = []
  /// What the running APISIX has of the one name; nil where it was not asked.
  public internal(set) var held: (nodes: [UpstreamNode]?, state: DiscoveryDump.Difference.State)?
  /// How it ends, where the findings alone do not say it: the question was not answered.
  public internal(set) var status: ExitStatus?
  /// What people must know though nothing is wrong.
  public internal(set) var notices: [String] = []
  /// Files that findings quote.
  public internal(set) var sources: [String: SourceFile] = [:]
  /// Credentials that must show nowhere.
  public internal(set) var secrets: [String] = []
  /// Whether the servers or files said what there is of the one name.
  var isAnswered = false
  /// The same Service as a static node, for where its pods are not reachable.
  var wayRound: Finding?
  /// What was listed, where everything was.
  var discovery: KubernetesDiscovery?
  /// Whether the nodes are those of `default_service`, which no dump holds.
  var isStandIn = false
  /// The nodes of every service, where they are to be compared.
  var everything: [(service: RegistryService, nodes: [UpstreamNode])]?
  /// Registries whose servers could not be reached.
  var unreached: Set<RegistryKind> = []
  /// Clusters whose list could not be had; with a single one, nil.
  var missing: [String?] = []

  public init() {}

  /// The nodes of each service, where they were kept.
  package var kept: [(service: RegistryService, nodes: [UpstreamNode])]? { everything ?? discovery?.everything }

  /// How many nodes a service among many has.
  package func count(of service: RegistryService) -> Int { services?.first { $0.service == service }?.nodes ?? 0 }

  /// One service among many.
  public struct Service: Sendable {
    public let service: RegistryService
    public var serviceName: String { service.name }
    /// nil when APISIX would find nothing.
    public internal(set) var nodes: Int?
    /// How many addresses are not ready; nil where that was not looked at.
    public internal(set) var notReady: Int?
    /// Whether APISIX would refuse all of its nodes for the form of one.
    var isRefused = false
    /// Who refers to it, where upstreams were collected.
    public internal(set) var usedBy: [String]?
    /// What the running APISIX has of it, where there is one to compare with.
    public internal(set) var state: DiscoveryDump.Difference.State?
  }
}

extension ResolveAnswer {
  /// Where they are told elsewhere.
  package mutating func forgetFindings() { findings = [] }

  /// Why the rest of it cannot be said.
  package mutating func add(_ stop: ResolveQuestion.Stop) { findings += stop.findings }

  /// Adds what another registry has, to be shown as one list.
  mutating func add(_ other: ResolveAnswer) {
    services = ((services ?? []) + (other.services ?? []))
    findings += other.findings
    notices += other.notices
    secrets += other.secrets
    sources.merge(other.sources) { first, _ in first }
    missing += other.missing
    unreached.formUnion(other.unreached)
    status = status ?? other.status
  }

  /// Whether its services are of several registries.
  public var isMixed: Bool { Set((services ?? []).map(\.service.registry)).count > 1 }

  private var isKubernetes: Bool { registry == RegistryKind.kubernetes.key }

  mutating func take(_ discovery: KubernetesDiscovery) {
    self.discovery = discovery
    for cluster in discovery.clusters { findings += Diagnosis.findings(onAll: cluster) }
    services = discovery.services.map {
      Service(
        service: RegistryService(.kubernetes, $0.serviceName), nodes: $0.nodes, notReady: $0.notReady,
        isRefused: $0.isRefused)
    }
  }

  mutating func take(_ diagnosis: Diagnosis) {
    nodes = diagnosis.nodes
    notReady = diagnosis.notReady
    isAnswered = true
    wayRound = diagnosis.wayRound
    findings += diagnosis.findings
  }

  /// - Parameter dump: what a running APISIX holds.
  package mutating func compare(_ dump: DiscoveryDump, in release: Release) {
    guard let expected = everything ?? discovery?.everything else { return }
    let differences = dump.compared(with: expected)
    services = differences.map { Service(service: $0.service, nodes: $0.nodes, state: $0.state) }
    let total = discovery?.clusters.map(\.store.services.count).max() ?? expected.count
    findings += Comparison(registry: RegistryKind(rawValue: registry) ?? .kubernetes, release: release).findings(
      differences, total: total, isEmpty: dump.services.isEmpty)
  }

  /// The same for the one name that was asked for.
  mutating func compare(_ dump: DiscoveryDump, for service: RegistryService, in release: Release) {
    // Only Kubernetes has services that are there without nodes.
    func kept(_ nodes: [UpstreamNode]?) -> [UpstreamNode]? {
      isKubernetes || nodes?.isEmpty == false ? nodes : nil
    }
    let (held, wanted) = (kept(dump.services[service]), isStandIn ? nil : kept(nodes))
    let isSame = (held == nil) == (wanted == nil) && DiscoveryDump.isSame(held ?? [], wanted ?? [])
    self.held = (held, isSame ? .equal : held == nil ? .missing : wanted == nil ? .extra : .stale)
    // What the registry did not say cannot be compared.
    guard isAnswered else {
      let nodes = (held ?? []).prefix(5).map(\.address).joined(separator: ", ")
      let count = held.map { "\(counted($0.count, "node")) of it\(nodes.isEmpty ? "" : ": \(nodes)")" }
      notices.append("the running APISIX has \(count ?? "no nodes of it")")
      return
    }
    if isSame {
      notices.append(
        "the running APISIX has \(held.map { "the same \(counted($0.count, "node"))" } ?? "no nodes of it either")")
    } else {
      findings += Comparison(registry: RegistryKind(rawValue: registry) ?? .kubernetes, release: release).finding(
        service.text, held, wanted, isEmpty: dump.services.isEmpty)
    }
  }
}
