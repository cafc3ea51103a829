import APISIX
import DNS
import Inputs

/// How name servers are asked.
extension RegistryConversation {
  mutating func addresses(of name: String) -> RegistryReply {
    let servers = config?.nameServers?.addresses ?? servers(ofFile: "/etc/resolv.conf")
    let records = ask([DNSQuestion(name, .a)], of: servers)[0]?.records ?? []
    return .addresses(
      records.compactMap { record in
        if case .address(.a, let text) = record { text } else { nil }
      })
  }

  mutating func ask(_ questions: [DNSQuestion], of servers: [String]) -> [DNSAnswer?] {
    guard !servers.isEmpty else {
      troubles.append(.noServers)
      return questions.map { _ in nil }
    }
    // One that is none lets APISIX ask nobody.
    if let named = servers.first(where: { !DNSClient.takes($0) }) {
      troubles.append(.silent(questions[0], .unanswered([named: .noAddress])))
      return questions.map { _ in nil }
    }
    let names = resolver ?? Names(DNSClient(servers: servers, timeout: access.requestTimeout))
    resolver = names
    let answers = names.client.ask(questions) { [context] in context.isOver }
    return zip(questions, answers).map { question, result in
      switch result {
      case .success(let answer):
        context.trace("DNS \(question.type.rawValue) \(question.name) of \(answer.server): \(answer.code)")
        lastServer = answer.server
        passedOver.merge(answer.silences) { first, _ in first }
        return answer
      case .failure(let failure):
        // Of one name one type is enough.
        let isTold = troubles.contains { trouble in
          if case .silent(let told, failure) = trouble { told.name == question.name } else { false }
        }
        if !isTold { troubles.append(.silent(question, failure)) }
        return nil
      }
    }
  }

  /// What name servers say beyond APISIX's own questions; nil where none does.
  /// - Parameter size: see DNSClient.
  func records(_ name: String, _ type: DNSType, size: Int? = nil) -> [DNSRecord]? {
    (try? resolver?.client.ask(name, type, size: size, isCancelled: context.isCancelled))?.records
  }

  /// `discovery.dns.servers`, or those of its resolv.conf.
  var nameServers: [String] {
    let given = lookup.section["servers"]?.items?.compactMap(\.string) ?? []
    return given.isEmpty ? lookup.resolvConf?.servers ?? [] : given
  }

  /// That of the section, else the host's own, where that is known.
  var resolvConf: ResolvConf? {
    let path = lookup.section["resolv_conf"]?.string
    switch HostFiles(root: access.root).lookup(path ?? "/etc/resolv.conf") {
    case .content(let bytes): return ResolvConf(bytes)
    case .missing: return nil
    case .unknown: return path.flatMap(context.contents).map { ResolvConf($0) }
    }
  }

  private func servers(ofFile path: String?) -> [String] {
    path.flatMap(context.contents).map { ResolvConf($0).servers } ?? []
  }
}
