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

  public init(_ registry: RegistryKind?, _ access: AccessOptions) {
    self.registry = registry
    self.access = access
  }

  public func ask(in context: Context) -> RegistryCheckAnswer {
    var answer = RegistryCheckAnswer()
    let config: DiscoveryConfig
    do throws(FileError) {
      guard let read = try access.discoveryConfig(in: context) else { return answer }
      config = read
    } catch {
      answer.findings = [error.finding]
      answer.status = .unfinished
      return answer
    }
    if let refused = config.doesNotStart {
      // What does not start asks nothing.
      answer.findings = [refused]
      answer.sources[config.path] = config.source
      return answer
    }
    let kinds = config.registries.compactMap { RegistryKind(rawValue: $0.name) }
    answer.hasKubernetes = kinds.contains(.kubernetes) && registry ?? .kubernetes == .kubernetes
    for kind in kinds where RegistryResolver.kinds.contains(kind) && registry ?? kind == kind {
      for server in servers(kind, config, context) { check(kind, server, config, context, &answer) }
    }
    if answer.servers.isEmpty, !answer.hasKubernetes, answer.findings.isEmpty {
      answer.findings += Finding(
        RegistryRules.noneEnabled,
        "\(config.path) enables no registry that can be asked\(registry.map { ": not \($0.key)" } ?? "")",
        help: "write its section under discovery:")
      answer.status = .unfinished
    }
    if !answer.findings.isEmpty, answer.servers.contains(where: { $0.state == .unreached }) {
      answer.status = .unfinished
    }
    return answer
  }

  /// One section for each of a registry's servers, as each is asked by itself.
  private func servers(_ kind: RegistryKind, _ config: DiscoveryConfig, _ context: Context) -> [LuaValue] {
    guard let section = config.registries.first(where: { $0.name == kind.key })?.value else { return [] }
    let key = kind == .dns ? "servers" : kind.servers ?? ""
    var all = (section[key]?.items ?? []).map { JSONValue($0) }
    if kind == .dns, all.isEmpty {
      let lookup = RegistryLookup("", of: kind, section, in: access.release)
      all = RegistryConversation(lookup, of: kind, config, access, context).nameServers.map { .string($0) }
    }
    guard !all.isEmpty, case .object(let members) = JSONValue(section) else { return [section] }
    // Written as JSON, which the YAML of older releases is not.
    var conditions = config.conditions
    conditions.release = .newest
    return all.compactMap { server in
      // One question is enough to see whether a name server answers.
      let own = kind == .dns ? [key: .array([server]), "order": .array(["A"])] : [key: JSONValue.array([server])]
      let others = members.members.filter { own[$0.key] == nil && (kind != .dns || $0.key != "resolv_conf") }
      let one = JSONObject(others + own.map { .init(key: $0.key, value: $0.value) })
      let document = JSONValue.object(["discovery": .object([kind.key: .object(one)])])
      return DiscoveryConfig(Array(document.text().utf8), conditions).registries.first?.value
    }
  }

  private func check(
    _ kind: RegistryKind, _ section: LuaValue, _ config: DiscoveryConfig, _ context: Context,
    _ answer: inout RegistryCheckAnswer
  ) {
    let lookup = RegistryLookup(Self.name(kind, section), of: kind, section, in: access.release)
    var conversation = RegistryConversation(lookup, of: kind, config, access, context)
    context.progress("asking \(kind.key)")
    let found = conversation.nodes()
    answer.secrets += conversation.secrets
    var findings = conversation.findings
    let place = conversation.place ?? kind.key
    if findings.isEmpty, let silence = conversation.silence { findings += silence }
    let inquiry = RegistryInquiry(lookup: lookup, kind: kind, found: found, conversation: conversation)
    if findings.isEmpty { findings += [inquiry.misread ?? inquiry.empty].compactMap { $0 } }
    answer.findings += findings
    let state: RegistryCheckAnswer.State =
      findings.isEmpty ? .well : conversation.isUnreached ? .unreached : .refused
    answer.servers.append((kind, place, state))
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

  public internal(set) var servers: [(registry: RegistryKind, place: String, state: State)] = []
  /// Whether Kubernetes is to be asked as well.
  public internal(set) var hasKubernetes = false
  public internal(set) var findings: [Finding] = []
  public internal(set) var sources: [String: SourceFile] = [:]
  /// Credentials that must show nowhere.
  public internal(set) var secrets: [String] = []
  /// How it ends, where the findings alone do not say it.
  public internal(set) var status: ExitStatus?

  public init() {}

  public mutating func add(_ sources: [String: SourceFile]) { self.sources.merge(sources) { first, _ in first } }

  /// One line for each server where all is well.
  public var preface: [String] {
    servers.filter { $0.state == .well }.map { "\($0.registry.key) at \($0.place): APISIX may read it" }
  }

  /// What the JSON document has of it.
  public var members: JSONObject {
    [
      "registries": .array(
        servers.map { server in
          [
            "registry": .string(server.registry.key), "server": .string(server.place),
            "state": .string(server.state.rawValue),
          ]
        })
    ]
  }
}
