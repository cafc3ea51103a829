import APISIX
import DNS
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// Asks a registry what APISIX asks of it, with the credentials of its section, no more than the nodes of a name need.
struct RegistryConversation {
  /// What came of one request, where that was no answer of status 200.
  enum Trouble {
    case connection(HTTPError, Endpoint)
    case refused(Response, server: String)
    /// A question to name servers, and why each of them has no answer.
    case silent(DNSQuestion, DNSFailure)
    case noServers
    /// APISIX sends no such request, or cannot read such an answer.
    case told(Finding)
  }

  let kind: RegistryKind
  private(set) var lookup: RegistryLookup
  let config: DiscoveryConfig?
  let access: AccessOptions
  let context: Context
  private let http: HTTPClient
  private var names: Names?
  private(set) var troubles: [Trouble] = []
  /// Name servers that gave no answer, where another did.
  private(set) var passedOver: [String: DNSFailure.Silence] = [:]
  /// The addresses that answered 200, as they may be shown.
  private(set) var servers: [String] = []
  private(set) var answers = RegistryAnswers()
  /// The last request of APISIX's own.
  private(set) var asked: RegistryRequest?
  /// What was sent to prove who asks, in each form in which a server may say it again.
  private(set) var secrets: [String] = []
  /// The last answer of status 200.
  private(set) var last: Response?

  init(
    _ lookup: RegistryLookup, of kind: RegistryKind, _ config: DiscoveryConfig?, _ access: AccessOptions,
    _ context: Context
  ) {
    self.lookup = lookup
    self.kind = kind
    self.config = config
    self.access = access
    self.context = context
    http = context.http(traced: true)
    if kind == .dns { self.lookup.resolvConf = resolvConf }
  }

  /// Keeps the client of name servers between questions.
  private final class Names {
    var client: DNSClient
    init(_ client: consuming DNSClient) { self.client = client }
  }

  /// The nodes of the name, as APISIX computes them from what the registry says now.
  /// - Parameter all: whether all is asked that APISIX asks, not only what decides on this name.
  mutating func nodes(all: Bool = false) -> Resolution {
    lookup.asksAll = all
    answers = RegistryAnswers()
    while !context.isCancelled() {
      switch kind.step(lookup, after: answers) {
      case .gives(let found): return found
      case .asks(let questions): answer(questions, &answers)
      }
    }
    return kind.nodes(lookup, answers)
  }

  /// Those to name servers all at once.
  private mutating func answer(_ questions: [RegistryQuestion], _ answers: inout RegistryAnswers) {
    var names: [DNSQuestion] = []
    for question in questions {
      if case .dns(let name, let type) = question {
        names.append(DNSQuestion(name, type))
      } else {
        answers[question] = reply(to: question)
      }
    }
    if names.isEmpty { return }
    for (name, answer) in zip(names, ask(names, of: nameServers)) {
      answers[.dns(name: name.name, name.type)] = answer.map { .dns(code: $0.code, $0.records) } ?? .nothing
    }
  }

  private mutating func reply(to question: RegistryQuestion) -> RegistryReply {
    switch question {
    case .http(let request): return reply(to: request)
    case .dns: return .nothing
    case .address(let name):
      let servers = config?.nameServers?.addresses ?? servers(ofFile: "/etc/resolv.conf")
      let records = ask([DNSQuestion(name, .a)], of: servers)[0]?.records ?? []
      return .addresses(
        records.compactMap { record in
          if case .address(.a, let text) = record { text } else { nil }
        })
    }
  }

  private mutating func ask(_ questions: [DNSQuestion], of servers: [String]) -> [DNSAnswer?] {
    guard !servers.isEmpty else {
      troubles.append(.noServers)
      return questions.map { _ in nil }
    }
    // One that is none lets APISIX ask nobody.
    if let named = servers.first(where: { !DNSClient.takes($0) }) {
      troubles.append(.silent(questions[0], .unanswered([named: .noAddress])))
      return questions.map { _ in nil }
    }
    let names = names ?? Names(DNSClient(servers: servers, timeout: access.requestTimeout))
    self.names = names
    let answers = names.client.ask(questions) { [context] in
      context.isCancelled() || context.deadline.map { ContinuousClock.now >= $0 } ?? false
    }
    return zip(questions, answers).map { question, result in
      switch result {
      case .success(let answer):
        context.trace("DNS \(question.type.rawValue) \(question.name) of \(answer.server): \(answer.code)")
        self.servers.append(answer.server)
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
    (try? names?.client.ask(name, type, size: size, isCancelled: context.isCancelled))?.records
  }

  /// `discovery.dns.servers`, or those of its resolv.conf.
  var nameServers: [String] {
    let given = lookup.section["servers"]?.items?.compactMap(\.string) ?? []
    return given.isEmpty ? lookup.resolvConf?.servers ?? [] : given
  }

  /// That of the section, else the host's own, where that is known.
  private var resolvConf: ResolvConf? {
    let path = lookup.section["resolv_conf"]?.string
    switch config?.conditions.files(path ?? "/etc/resolv.conf") ?? .unknown {
    case .content(let bytes): return ResolvConf(bytes)
    case .missing: return nil
    case .unknown: return path.flatMap(context.contents).map { ResolvConf($0) }
    }
  }

  private func servers(ofFile path: String?) -> [String] {
    path.flatMap(context.contents).map { ResolvConf($0).servers } ?? []
  }

  private mutating func reply(to asked: RegistryRequest) -> RegistryReply {
    self.asked = asked
    for credential in asked.credentials { secrets += Self.secrets(of: credential) }
    if let unsent = kind.reasons.unsent(asked, lookup) {
      troubles.append(.told(unsent))
      return .nothing
    }
    let request = request(asked)
    let server = URLText(asked.url).withoutUser.prefix { $0 != "?" }
    do throws(HTTPError) {
      let response = try http.send(request)
      if response.status == 200 {
        servers.append(String(server))
        last = response
        if let unreadable = unreadable(response) {
          troubles.append(.told(unreadable))
          return .http(status: 200, body: [])
        }
      } else {
        troubles.append(.refused(response, server: String(server)))
      }
      return .http(status: response.status, body: response.body)
    } catch {
      troubles.append(.connection(error, endpoint(asked.url)))
      return .nothing
    }
  }

  /// What is asked beyond APISIX's own questions, to say why there is nothing; nil where it is not answered.
  func json(_ url: String, _ credentials: [RegistryRequest.Credential] = []) -> JSONValue? {
    response(url, credentials)?.json(200)
  }

  /// The same, of whatever status.
  /// - Parameter body: of a question that changes nothing, though it is a POST.
  func response(
    _ url: String, _ credentials: [RegistryRequest.Credential] = [], posting body: JSONValue? = nil
  ) -> Response? {
    let method = body == nil ? RegistryRequest.Method.get : .post
    var request = request(RegistryRequest(method: method, url: url, acceptsJSON: true, credentials: credentials))
    request.body = body.map { Array($0.text().utf8) } ?? []
    return try? http.send(request)
  }

  /// Eureka's applications, as it answered last.
  var applications: [JSONValue] {
    last?.json(200)?["applications"]?["application"]?.array ?? []
  }

  private func endpoint(_ url: String) -> Endpoint {
    var endpoint = access.endpoint(url)
    // APISIX looks at the certificates of Nacos alone.
    endpoint.tls = TLSSettings(verify: kind == .nacos && !access.insecureSkipTLSVerify)
    if let path = access.certificateAuthority ?? config?.trustedCertificate, let bytes = context.contents(path) {
      endpoint.tls.authorities = .pem(bytes)
    }
    endpoint.proxy = .direct
    endpoint.asksCompression = false
    endpoint.nameServers = config?.nameServers.map { NameServers($0.addresses, searches: $0.searches) }
    return endpoint
  }

  private func request(_ asked: RegistryRequest) -> Request {
    var request = endpoint(Self.sendable(asked.url)).get("", accept: asked.acceptsJSON ? "application/json" : "*/*")
    request.method = asked.method.rawValue
    request.maxBytes = 256 << 20
    // No credential goes from here to a server that is not who it says, though.
    if asked.credentials.contains(where: \.isSecret) { request.tls.verify = !access.insecureSkipTLSVerify }
    for credential in asked.credentials {
      switch credential {
      case .header(_, let value) where value.isEmpty: break
      case .header(let name, let value): request.credential = .header(name: name, value: Secret(value))
      case .query(let text):
        request.url += (request.url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + Self.sendable(text)
        request.holdsSecret = true
      case .signature(let accessKey, let secretKey, let text):
        request.url +=
          "&"
          + NacosSignature.query(
            accessKey: accessKey, secretKey: Secret(secretKey), text: text, milliseconds: context.now() * 1000)
        request.holdsSecret = true
      case .tokenFile(let path):
        if let bytes = context.contents(path) { request.credential = .bearer(Secret(bytes: bytes)) }
      }
    }
    return request
  }

  private static func secrets(of credential: RegistryRequest.Credential) -> [String] {
    switch credential {
    case .header(_, let value):
      guard value.hasPrefix("Basic "), let bytes = Base64.decode(value.dropFirst(6).utf8) else { return [value] }
      let user = String(decoding: bytes, as: UTF8.self)
      return [String(value.dropFirst(6)), user, String(user.drop { $0 != ":" }.dropFirst())]
    case .query(let text):
      return text.parts(between: "&").filter { !$0.hasPrefix("username=") }.flatMap { part in
        let value = String(part.drop { $0 != "=" }.dropFirst())
        return [value, percentDecoded(value[...])]
      }
    case .signature(_, let secretKey, _): return [secretKey]
    case .tokenFile: return []
    }
  }

  /// APISIX sends blanks as they are, and the server refuses the line; here they are escaped.
  private static func sendable(_ url: String) -> String {
    var text: [UInt8] = []
    for byte in url.utf8 {
      if byte > 0x20, byte != 0x7F {
        text.append(byte)
      } else {
        text += "%\(byte.digits(radix: 16, width: 2))".utf8
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
