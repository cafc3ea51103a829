import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// Resolves a service name by asking a registry other than Kubernetes.
struct RegistryResolver {
  let kind: RegistryKind
  let config: DiscoveryConfig?
  let access: AccessOptions
  let context: Context
  /// `discovery_args` of the upstream.
  var arguments: [String: String] = [:]

  /// Those that can be asked.
  static let kinds: [RegistryKind] = [.nacos, .consul, .consulKV, .eureka, .dns]

  private var section: DiscoveryConfig.Registry? { config?.registries.first { $0.name == kind.key } }

  func resolve(_ name: String) -> ResolveAnswer {
    var lookup = RegistryLookup(name, of: kind, section?.value, in: access.release)
    lookup.arguments = arguments
    lookup.hasIPv6 = config?.verdict.root?["apisix"]?["enable_ipv6"]?.bool != false
    var conversation = RegistryConversation(kind, config, access, context)
    var found = conversation.nodes(lookup)
    if found.none == nil, RegistryDiagnosis(lookup: lookup, kind: kind).hasFewServices(conversation) {
      // One that APISIX cannot read hides those behind it.
      lookup.asksAll = true
      found = conversation.nodes(lookup)
    }
    var answer = ResolveAnswer()
    answer.registry = kind
    answer.nodes = found.nodes
    answer.secrets = conversation.secrets
    answer.isAnswered = conversation.isAnswered || found.nodes?.isEmpty == false
    answer.findings = findings(found, lookup, conversation)
    if conversation.isUnreached { answer.status = .unfinished }
    return answer
  }

  private func findings(
    _ found: Resolution, _ lookup: RegistryLookup, _ conversation: RegistryConversation
  ) -> [Finding] {
    var findings = conversation.findings
    // What another server made good is no error.
    if found.none == nil, found.nodes?.isEmpty == false {
      findings = findings.map { Finding(rule: $0.rule, severity: .warning, message: $0.message, help: $0.help) }
    }
    let name = lookup.serviceName
    if let check = found.check, found.nodes?.isEmpty == false {
      findings += Finding(
        ResolveRules.refusedNodes,
        "APISIX computes nodes of \(name) and refuses them: \(check.text(in: access.release))",
        help: "correct host, port or weight of the instance in \(kind.key)")
    }
    if let misread = conversation.misread(found) { findings += misread }
    guard let none = found.none else {
      if found.nodes?.isEmpty ?? true, findings.isEmpty {
        findings += Finding(
          RegistryRules.unknownService, "\(kind.key) has nothing under \(name)", help: hint(for: lookup))
      }
      return findings
    }
    let isStandIn = found.nodes?.isEmpty == false
    if isStandIn {
      findings += Finding(
        RegistryRules.defaultService, "the nodes are those of \(kind.path).default_service",
        help: "what keeps those of \(name) from being found is told beside it")
    }
    if let skipped = skipped(lookup) { return findings + [skipped] }
    if findings.isEmpty || isStandIn, none != .notKnown, let silence = conversation.silence {
      return findings + [silence]
    }
    let diagnosis = RegistryDiagnosis(lookup: lookup, kind: kind)
    switch none {
    case .unknown:
      guard conversation.troubles.isEmpty else { break }
      if let error = found.error {
        findings += Finding(
          RegistryRules.unknownService, "no record of \(name): \(error.text(in: access.release))", help: dnsHint(error))
        break
      }
      findings += diagnosis.unknown(conversation, hint(for: lookup))
    case .noneUsable:
      if let error = found.error {
        findings += Finding(
          RegistryRules.nothingUsable, "no node of \(name): \(error.text(in: access.release))",
          help: "give each target of the SRV records an A or AAAA record")
      } else {
        findings += diagnosis.unusable(conversation)
      }
    case .notJSON, .form, .notKnown, .status, .unanswered: break
    }
    return findings
  }

  private func dnsHint(_ error: Words) -> String {
    switch error.root[.number] {
    case "3": return "the server knows no such name: is it spelt right, and of the zones of this server?"
    case "2": return "the server failed to find out (SERVFAIL): look at its log"
    case "5": return "the server refuses to answer for this name: ask one that is meant for it"
    default: return "the name is there, without a record of the types of \(kind.path).order"
    }
  }

  /// What APISIX leaves out of Consul's services, whatever they have.
  private func skipped(_ lookup: RegistryLookup) -> Finding? {
    let name = lookup.serviceName
    guard kind == .consul else { return nil }
    let skipped = lookup.section["skip_services"]?.items?.compactMap(\.string) ?? []
    guard name == "consul" || skipped.contains(name) else { return nil }
    return Finding(
      RegistryRules.unknownService, "APISIX passes over \(name) in Consul",
      help: name == "consul"
        ? "it never takes the service that Consul itself registers" : "take it out of \(kind.path).skip_services")
  }

  /// What belongs to a name beside itself.
  private func hint(for lookup: RegistryLookup) -> String {
    switch kind {
    case .nacos:
      let space = lookup.arguments["namespace_id"] ?? "public"
      let group = lookup.arguments["group_name"] ?? "DEFAULT_GROUP"
      return "it was looked for in namespace \(space), group \(group): discovery_args.namespace_id takes the ID of a "
        + "namespace, not its name"
    case .eureka: return "Eureka writes the names of applications in upper case"
    case .consulKV: return "the service name is the whole URL of the key's folder: http://HOST:8500/v1/kv/PREFIX/NAME/"
    case .dns: return "a name with its port, or one that has SRV records: HOST:PORT"
    default: return "names are taken letter by letter"
    }
  }
}
