import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// Resolves by asking a registry other than Kubernetes, or by what stands in files that it answered.
struct RegistryResolver: Resolver {
  let kind: RegistryKind
  let config: DiscoveryConfig?
  let access: AccessOptions
  let context: Context
  /// `discovery_args` of the upstream.
  var arguments: [String: String] = [:]
  /// `scheme` of the upstream, where that is said.
  var scheme: String?
  /// None: its servers are asked.
  var files: [String] = []

  /// Those that can be asked.
  static let kinds: [RegistryKind] = [.nacos, .consul, .consulKV, .eureka, .dns]

  private var section: DiscoveryConfig.Registry? { config?.registries.first { $0.name == kind.key } }

  func lookup(_ name: String) -> RegistryLookup {
    var lookup = RegistryLookup(name, of: kind, section?.value, in: access.release)
    lookup.arguments = arguments
    lookup.hasIPv6 = config?.verdict.root?["apisix"]?["enable_ipv6"]?.bool != false
    if let scheme { lookup.scheme = scheme }
    return lookup
  }

  func conversation(_ lookup: RegistryLookup) -> RegistryConversation {
    RegistryConversation(lookup, of: kind, config, access, context, from: files)
  }

  func resolve(_ name: String) throws(ResolveQuestion.Stop) -> ResolveAnswer {
    var lookup = lookup(name)
    var conversation = conversation(lookup)
    if !files.isEmpty { lookup = conversation.lookup }
    var found = conversation.nodes()
    if let problem = conversation.problem { throw problem }
    let missed = conversation.drawOthers(&found)
    // One that APISIX cannot read hides those behind it; of few services all can be asked for.
    if found.none == nil, files.isEmpty, kind.losesAll, !kind.answersWhole,
      case .gives(let names?) = conversation.serviceNames(), (2...32).contains(names.count)
    {
      found = conversation.nodes(all: true)
    }
    let inquiry = RegistryInquiry(lookup: lookup, kind: kind, found: found, conversation: conversation, missed: missed)
    var answer = answer(conversation)
    answer.nodes = found.nodes
    answer.isStandIn = found.none != nil
    answer.isAnswered = conversation.isAnswered || found.nodes?.isEmpty == false || !files.isEmpty
    answer.findings = findings(inquiry) + RegistryRelease.findings(inquiry)
    return answer
  }

  func answer(_ conversation: RegistryConversation) -> ResolveAnswer {
    var answer = ResolveAnswer()
    answer.registry = kind.key
    answer.secrets = conversation.secrets
    if conversation.isUnreached {
      answer.status = .unfinished
      answer.unreached = [kind]
    }
    return answer
  }

  private func findings(_ inquiry: RegistryInquiry) -> [Finding] {
    let (lookup, found, conversation) = (inquiry.lookup, inquiry.found, inquiry.conversation)
    var findings = conversation.findings
    // What another server made good is no error.
    if found.none == nil, found.nodes?.isEmpty == false {
      findings = findings.map(\.asWarning)
    }
    let name = lookup.serviceName
    if let check = found.check, found.nodes?.isEmpty == false {
      let own = kind.reasons.refusedNodes(inquiry)
      findings += own
      if own.isEmpty {
        findings += Finding(
          ResolveRules.refusedNodes,
          "APISIX computes nodes of \(name) and refuses them: \(check.text(in: access.release))",
          help: "correct host, port or weight of the instance in \(kind.key)")
      }
    }
    let misread = inquiry.misread
    if let misread { findings += misread }
    guard let none = found.none else {
      if found.nodes?.isEmpty ?? true, findings.isEmpty {
        findings += inquiry.unknown(among: [], kind.reasons.hint(lookup))
      }
      if found.nodes?.isEmpty == false { findings += kind.reasons.remarks(inquiry) }
      return findings
    }
    let isStandIn = found.nodes?.isEmpty == false
    if isStandIn {
      findings += Finding(
        RegistryRules.defaultService, "the nodes are those of \(kind.path).default_service",
        help: "what keeps those of \(name) from being found is told beside it")
    }
    if let unasked = kind.reasons.unasked(lookup) { return findings + [unasked] }
    if findings.isEmpty || isStandIn, none != .notKnown, let silence = conversation.silence {
      return findings + [silence]
    }
    switch none {
    case .unknown: if conversation.troubles.isEmpty, misread == nil { findings += inquiry.unknown }
    case .noneUsable: findings += inquiry.unusable
    case .notJSON, .form, .notKnown, .status, .unanswered: break
    }
    return findings
  }
}
