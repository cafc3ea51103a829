public import APISIX
import Common
public import Findings
import Inputs
public import JSON
import Registries
import SourceText

/// `registry verify`: whether each server of the registries of a configuration lets APISIX read, and has anything.
/// Kubernetes is asked by `TokenQuestion`.
public struct RegistryCheck: Sendable {
  private let access: AccessOptions
  /// nil for all that the configuration enables.
  private let registry: RegistryKind?
  /// `discovery_args` of an upstream.
  public var arguments: [String: String] = [:]
  /// apisix-seed's ZooKeeper, which is asked as well.
  public var seed = SeedOptions()

  public init(_ registry: RegistryKind?, _ access: AccessOptions) {
    self.registry = registry
    self.access = access
  }

  public func ask(in context: Context) -> RegistryCheckAnswer {
    var answer = RegistryCheckAnswer()
    do throws(FileError) {
      if let config = try access.discoveryConfig(in: context) { ask(config, context, &answer) }
    } catch {
      answer.findings.append(error.finding)
      answer.status = .unfinished
    }
    seedPart(in: context)?.ask(context, &answer)
    if !answer.findings.isEmpty, answer.servers.contains(where: { $0.state == .unreached }) {
      answer.status = .unfinished
    }
    return answer
  }

  private func ask(_ config: DiscoveryConfig, _ context: Context, _ answer: inout RegistryCheckAnswer) {
    if let refused = config.doesNotStart {
      // What does not start asks nothing.
      answer.findings = [refused]
      answer.sources[config.path] = config.source
      return
    }
    answer.hasKubernetes =
      config.registries.contains { $0.name == RegistryKind.kubernetes.key } && registry ?? .kubernetes == .kubernetes
    for part in parts(of: config, in: context) { part.ask(context, &answer) }
    if answer.servers.isEmpty, !answer.hasKubernetes, answer.findings.isEmpty, !seed.isGiven {
      answer.findings += Finding(
        RegistryRules.noneEnabled,
        "\(config.path) enables no registry that can be asked\(registry.map { ": not \($0.key)" } ?? "")",
        help: "write its section under discovery:")
      answer.status = .unfinished
    }
  }

  /// What is asked by itself: a server of a registry, or the etcd of APISIX.
  package struct Part: Sendable {
    /// `consul`, `etcd`, `zookeeper`
    package let registry: String
    /// nil for those that APISIX has no registry of.
    package let kind: RegistryKind?
    /// Its address, as it may be shown; empty where the section names none.
    package let place: String
    fileprivate let ask: @Sendable (Context, inout RegistryCheckAnswer) -> Void

    /// Who reads it.
    package var reader: String { registry == "zookeeper" ? "apisix-seed" : "APISIX" }

    package func ask(in context: Context) -> RegistryCheckAnswer {
      var answer = RegistryCheckAnswer()
      ask(context, &answer)
      return answer
    }
  }

  /// apisix-seed's ZooKeeper; nil where none is named.
  package func seedPart(in context: Context) -> Part? {
    guard seed.isGiven else { return nil }
    let settings = Result { () throws(FileError) in try seed.settings(in: context) }
    let place = ((try? settings.get())?.hosts ?? []).map { URLText($0).withoutUser }.joined(separator: ", ")
    return Part(registry: "zookeeper", kind: nil, place: place) { context, answer in
      do throws(FileError) { ZooKeeperCheck(settings: try settings.get(), access, context).ask(&answer) } catch {
        answer.findings.append(error.finding)
        answer.status = .unfinished
      }
    }
  }

  /// The parts of a configuration in its order, etcd at the end; what APISIX makes of it as a whole is not looked at.
  package func parts(of config: DiscoveryConfig, in context: Context) -> [Part] {
    let kinds = config.registries.compactMap { RegistryKind(rawValue: $0.name) }
    var parts: [Part] = []
    for kind in kinds where RegistryResolver.kinds.contains(kind) && registry ?? kind == kind {
      for server in servers(kind, config, context) {
        let key = kind == .dns ? "servers" : kind.servers ?? ""
        let place = server[key]?.items?.first?.string ?? ""
        let shown = kind == .dns || place.isEmpty ? place : RegistryConversation.server(of: URLText(place).withoutUser)
        parts.append(
          Part(registry: kind.key, kind: kind, place: shown) { check(kind, server, config, $0, &$1) })
      }
    }
    if registry == nil, let settings = EtcdSettings(of: config) {
      let place = settings.hosts.map { URLText($0).withoutUser }.joined(separator: ", ")
      parts.append(Part(registry: "etcd", kind: nil, place: place) { EtcdCheck(config, access, $0)?.ask(&$1) })
    }
    return parts
  }

  /// One section for each of a registry's servers, as each is asked by itself.
  private func servers(_ kind: RegistryKind, _ config: DiscoveryConfig, _ context: Context) -> [LuaValue] {
    guard let section = config.registries.first(where: { $0.name == kind.key })?.value else { return [] }
    let key = kind == .dns ? "servers" : kind.servers ?? ""
    var all = section[key]?.items ?? []
    if kind == .dns, all.isEmpty {
      let lookup = RegistryLookup("", of: kind, section, in: access.release)
      all = RegistryConversation(lookup, of: kind, config, access, context).nameServers.map { LuaValue(.string($0)) }
    }
    guard !all.isEmpty else { return [section] }
    return all.map { server in
      let one = section.with(key, [server])
      // One question is enough to see whether a name server answers.
      return kind == .dns ? one.with("order", [LuaValue(.string("A"))]).with("resolv_conf", nil) : one
    }
  }

  private func check(
    _ kind: RegistryKind, _ section: LuaValue, _ config: DiscoveryConfig, _ context: Context,
    _ answer: inout RegistryCheckAnswer
  ) {
    var lookup = RegistryLookup(Self.name(kind, section), of: kind, section, in: access.release)
    lookup.arguments = arguments
    var conversation = RegistryConversation(lookup, of: kind, config, access, context)
    context.progress("asking \(kind.key)")
    let start = ContinuousClock.now
    let found = conversation.nodes()
    answer.secrets += conversation.secrets
    var findings = conversation.findings
    // Nothing says by itself which name server gave no answer.
    let place = conversation.place ?? (kind == .dns ? conversation.nameServers.first : nil) ?? kind.key
    if findings.isEmpty, let silence = conversation.silence { findings += silence }
    let inquiry = RegistryInquiry(lookup: lookup, kind: kind, found: found, conversation: conversation)
    if findings.isEmpty { findings += [inquiry.misread ?? inquiry.empty].compactMap { $0 } }
    answer.findings += findings
    answer.add(
      .init(
        registry: kind.key, place: place,
        state: findings.isEmpty ? .well : conversation.isUnreached ? .unreached : .refused,
        milliseconds: (ContinuousClock.now - start) / .milliseconds(1)))
  }

  /// What nobody calls a service: the answer is looked at for how it is given.
  private static func name(_ kind: RegistryKind, _ section: LuaValue) -> String {
    switch kind {
    case .consulKV:
      let server = section["servers"]?.items?.first?.string ?? ""
      return "\(server)/v1/kv/\(section["prefix"]?.string ?? "upstreams")/gatecheck-asks/"
    case .dns: return "gatecheck-asks.invalid"
    default: return "gatecheck-asks"
    }
  }
}

/// What came of asking each server.
public struct RegistryCheckAnswer: Sendable {
  public enum State: String, Sendable {
    case well, refused, unreached
  }

  /// One server of a registry.
  public struct Server: Sendable {
    /// `consul`, `etcd`
    public let registry: String
    /// That of one cluster among several.
    public internal(set) var id: String?
    /// Its address, as it may be shown.
    public let place: String
    public internal(set) var state = State.well
    public internal(set) var milliseconds = 0.0
    /// `3.5.16`; nil where it does not say it, or was not asked.
    public internal(set) var version: String?
    /// How many services it has; nil where they were not counted.
    public internal(set) var services: Int?

    /// Where all is well.
    fileprivate var text: String {
      let more = [version.map { "version \($0)" }, services.map { counted($0, "service") }].compactMap { $0 }
      return "\(registry) at \(place): \(registry == "zookeeper" ? "apisix-seed" : "APISIX") may read it"
        + (more.isEmpty ? "" : " (\(more.joined(separator: ", ")))")
    }

    fileprivate var json: JSONValue {
      ["url": .string(place), "status": .string(state.rawValue), "milliseconds": .number(milliseconds.rounded())]
    }
  }

  public private(set) var servers: [Server] = []
  /// One line for each server where all is well.
  public private(set) var preface: [String] = []
  /// Whether Kubernetes is to be asked as well.
  public internal(set) var hasKubernetes = false
  public internal(set) var findings: [Finding] = []
  public internal(set) var sources: [String: SourceFile] = [:]
  /// Credentials that must show nowhere.
  public internal(set) var secrets: [String] = []
  /// How it ends, where the findings alone do not say it.
  public internal(set) var status: ExitStatus?

  public init() {}

  /// What there is to tell of the way to Kubernetes.
  public mutating func add(_ plan: AccessPlan) {
    findings += plan.findings
    secrets += plan.secrets
    sources.merge(plan.sources) { first, _ in first }
  }

  mutating func add(_ server: Server) {
    servers.append(server)
    if server.state == .well { preface.append(server.text) }
  }

  /// What came of asking Kubernetes.
  public mutating func add(_ token: TokenAnswer) {
    findings += token.findings
    preface += token.preface
    servers += token.checks.map { check in
      var server = Server(registry: RegistryKind.kubernetes.key, place: check.target.endpoint.server)
      server.id = check.target.id
      server.version = check.serverVersion
      server.milliseconds = check.probes.reduce(0) { $0 + $1.milliseconds }
      let isReached = check.probes.contains { $0.status != nil }
      server.state = check.works ? .well : isReached ? .refused : .unreached
      return server
    }
  }

  /// What the JSON document has of it: each registry with its servers.
  public var members: JSONObject {
    var all: [[Server]] = []
    for server in servers {
      if let index = all.firstIndex(where: { $0[0].registry == server.registry && $0[0].id == server.id }) {
        all[index].append(server)
      } else {
        all.append([server])
      }
    }
    return [
      "registries": .array(
        all.map { servers in
          [
            "registry": .string(servers[0].registry), "id": JSONValue(servers[0].id),
            "servers": .array(servers.map(\.json)),
            "version": JSONValue(servers.lazy.compactMap(\.version).first),
            "services": JSONValue(servers.lazy.compactMap(\.services).first),
          ]
        })
    ]
  }
}
