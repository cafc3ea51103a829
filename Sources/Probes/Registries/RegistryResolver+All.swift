import APISIX
import Findings
import SourceText

/// Every service of a registry, or many of them.
extension RegistryResolver {
  func all(keeping interest: ClusterStore.Interest) throws(ResolveQuestion.Stop) -> ResolveAnswer {
    var conversation = conversation(lookup(""))
    var found = Found(keepsNodes: interest == .everything)
    let whole = conversation.all { name, resolution in
      found.add(resolution, of: RegistryService(kind, name, arguments))
    }
    if let problem = conversation.problem { throw problem }
    guard let whole else {
      throw ResolveQuestion.Stop(
        finding: Finding(
          RegistryRules.noList, "\(kind.key) has no list of its services",
          help: "name one, or the upstreams: --referenced FILE"),
        status: .usage)
    }
    var answer = answer(found, conversation, whole)
    if kind == .nacos, files.isEmpty {
      answer.notices.append(
        "APISIX itself asks Nacos only for the names that upstreams have: "
          + "gatecheck resolve --referenced apisix.yaml lists those"
      )
    }
    return answer
  }

  /// Those that upstreams have.
  func services(
    _ wanted: [(RegistryService, scheme: String?)], keeping interest: ClusterStore.Interest
  ) -> ResolveAnswer {
    let lookups = wanted.map { ($0, of($0, $1).lookup($0.name)) }
    guard !lookups.isEmpty else { return answer(Found(keepsNodes: false), conversation(lookup("")), .nothing()) }
    var conversation = conversation(lookup(""))
    var found = Found(keepsNodes: interest == .everything)
    var whole: Resolution? = .nothing()
    if kind.answersWhole {
      let wanted = Set(lookups.map(\.0))
      whole = conversation.all { name, resolution in
        let service = RegistryService(kind, name)
        if wanted.contains(service) { found.add(resolution, of: service) }
      }
    } else {
      conversation.nodes(of: lookups, after: .init()) { found.add($1, of: $0) }
    }
    return answer(found, conversation, whole ?? .nothing())
  }

  /// Asks with what an upstream says beside the name.
  func of(_ service: RegistryService, _ scheme: String?) -> RegistryResolver {
    var resolver = self
    resolver.arguments = service.arguments
    resolver.scheme = scheme
    return resolver
  }

  func reasons(for name: String) throws(ResolveQuestion.Stop) -> [Finding] { try resolve(name).findings }

  /// What came of each service.
  private struct Found {
    let keepsNodes: Bool
    var services: [RegistryService: ResolveAnswer.Service] = [:]
    var nodes: [RegistryService: [UpstreamNode]] = [:]
    var standIns: [String] = []
    var unread: (name: String, Resolution)?

    init(keepsNodes: Bool) { self.keepsNodes = keepsNodes }

    mutating func add(_ found: Resolution, of service: RegistryService) {
      let count = found.nodes?.count ?? 0
      var known = services[service] ?? ResolveAnswer.Service(service: service)
      if found.none != nil, count > 0 { standIns.append(service.name) }
      if found.isUnread { unread = unread ?? (service.name, found) }
      if count > 0 { known.nodes = (known.nodes ?? 0) + count }
      if found.check != nil { known.isRefused = true }
      services[service] = known
      if keepsNodes, found.none == nil, let more = found.nodes, !more.isEmpty { nodes[service, default: []] += more }
    }
  }

  private func answer(_ found: Found, _ conversation: RegistryConversation, _ whole: Resolution) -> ResolveAnswer {
    var answer = answer(conversation)
    answer.findings = Self.few(
      conversation.findings.map { finding in
        // What another server made good is no error.
        let isMade = found.services.values.contains { $0.nodes != nil } && finding.rule.id.hasPrefix("connect/")
        return isMade ? finding.asWarning : finding
      })
    if answer.findings.isEmpty, let misread = conversation.misread(whole) { answer.findings.append(misread) }
    let services = Array(found.services.values)
    // A number is moved faster than a service.
    answer.services = services.indices.sorted { services[$0].service < services[$1].service }.map { services[$0] }
    if let (name, resolution) = found.unread, let finding = conversation.misread(resolution) {
      answer.findings.append(finding.of(name))
      if kind.losesAll {
        for index in answer.services?.indices ?? 0..<0 { answer.services?[index].nodes = nil }
      }
    }
    if !found.standIns.isEmpty {
      answer.findings += Finding(
        RegistryRules.defaultService,
        "\(counted(found.standIns.count, "service")) without an instance: \(Self.list(found.standIns)); the node is "
          + "that of \(kind.path).default_service", help: "gatecheck resolve NAME --registry \(kind.key) says why")
    }
    if answer.findings.isEmpty, found.services.isEmpty, answer.status == nil, files.isEmpty {
      let inquiry = RegistryInquiry(
        lookup: conversation.lookup, kind: kind, found: whole, conversation: conversation)
      answer.findings += [inquiry.empty ?? conversation.silence].compactMap { $0 }
    }
    // With what a part did not give nothing can be compared.
    if answer.status == nil, !answer.findings.contains(where: { $0.severity == .error }) {
      answer.everything = found.nodes.map { ($0, $1) }
    }
    return answer
  }

  private static func list(_ names: [String]) -> String {
    names.sorted().prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// The first ones tell what is wrong.
  private static func few(_ findings: [Finding]) -> [Finding] {
    let few = Array(findings.prefix(3))
    guard let last = few.last, findings.count > 3 else { return few }
    let more = Finding(
      last.rule, severity: last.severity, "\(last.message), and \(findings.count - 3) more like it", help: last.help)
    return few.dropLast() + [more]
  }
}

extension Finding {
  fileprivate func of(_ name: String) -> Finding {
    Finding(rule, severity: severity, "\(name): \(message)", help: help)
  }
}

extension RegistryService {
  /// The flags of `resolve` that mean it, beside its name.
  var flags: String {
    guard registry != .kubernetes else { return "" }
    let told = arguments.sorted { $0.key < $1.key }.map { " --discovery-arg " + Shell.quoted("\($0.key)=\($0.value)") }
    return " --registry \(registry.key)" + told.joined()
  }
}
