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
    case silent(name: String, DNSFailure)
    case noServers
  }

  let kind: RegistryKind
  private(set) var lookup: RegistryLookup
  let config: DiscoveryConfig?
  let access: AccessOptions
  let context: Context
  let http: HTTPClient
  private var resolver: Names?
  private(set) var troubles: [Trouble] = []
  /// The addresses that answered 200, as they may be shown.
  private(set) var servers: [String] = []
  /// The last request of APISIX's own.
  private(set) var asked: RegistryRequest?
  /// What was sent to prove who asks, in each form in which a server may say it again.
  private(set) var secrets: [String] = []
  /// What was read of the last answer of status 200: of one with many services that in question.
  private var last: RegistryReply?
  /// The services of the last answer that had many.
  private(set) var names: [String] = []
  /// Files with what the registry answered; none: it is asked.
  let files: [String]
  var problem: ResolveQuestion.Stop?
  var zone: DigText?
  /// The index that came with the last answer to each URL.
  private var indexes: [String: String] = [:]
  private var waits = false
  /// Whether the last answers were waited for.
  private(set) var hasWaited = false
  /// Servers that no connection was made to: each costs its timeout once.
  private var dead: Set<String> = []

  init(
    _ lookup: RegistryLookup, of kind: RegistryKind, _ config: DiscoveryConfig?, _ access: AccessOptions,
    _ context: Context, from files: [String] = []
  ) {
    self.lookup = files.isEmpty ? lookup : lookup.answered(of: kind)
    self.kind = kind
    self.config = config
    self.files = files
    self.access = access
    self.context = context
    http = context.http(traced: true)
  }

  /// Keeps the client of name servers between questions.
  private final class Names {
    var client: DNSClient
    init(_ client: consuming DNSClient) { self.client = client }
  }

  /// Forgets who did not answer, to ask again.
  /// - Parameter waits: for a change, where the registry's answers say from which on.
  mutating func startsOver(waits: Bool) {
    (troubles, dead, servers) = ([], [], [])
    (self.waits, hasWaited) = (waits, false)
  }

  /// The nodes of the name, as APISIX computes them from what the registry says now.
  /// - Parameter all: whether all is asked that APISIX asks, not only what decides on this name.
  mutating func nodes(all: Bool = false) -> Resolution {
    lookup.asksAll = all
    return nodes(of: lookup)
  }

  /// - Parameter take: is given each service of an answer that has all of them, in place of the one in question.
  mutating func nodes(
    of lookup: RegistryLookup, after answers: RegistryAnswers = .init(), _ take: Take? = nil
  ) -> Resolution {
    var answers = answers
    while !context.isCancelled() {
      switch kind.step(lookup, after: answers) {
      case .gives(let found): return found
      case .asks(let questions):
        for question in questions { answers[question] = reply(to: question, of: lookup, after: answers, take) }
      }
    }
    return kind.nodes(lookup, answers)
  }

  typealias Take = (_ name: String, _ answer: JSONValue, _ before: RegistryAnswers) -> Void

  mutating func reply(
    to question: RegistryQuestion, of lookup: RegistryLookup, after answers: RegistryAnswers, _ take: Take?
  ) -> RegistryReply {
    switch question {
    case .http(let request): return reply(to: request, of: lookup, after: answers, take)
    case .dns(let name, let type) where !files.isEmpty: return read(name, type)
    case .address where !files.isEmpty: return .nothing
    case .dns(let name, let type):
      guard let answer = ask(name, type, of: nameServers) else { return .nothing }
      return .dns(code: answer.code, answer.records)
    case .address(let name):
      let answer = ask(
        name, .a, of: config?.nameServers?.addresses ?? servers(ofFile: "/etc/resolv.conf"))
      let records = answer?.records ?? []
      return .addresses(
        records.compactMap { record in
          if case .address(.a, let text) = record { text } else { nil }
        })
    }
  }

  private mutating func ask(_ name: String, _ type: DNSType, of servers: [String]) -> DNSAnswer? {
    guard !servers.isEmpty else {
      troubles.append(.noServers)
      return nil
    }
    let names = resolver ?? Names(DNSClient(servers: servers, timeout: access.requestTimeout))
    resolver = names
    do throws(DNSFailure) {
      let answer = try names.client.ask(name, type) { [context] in
        context.isCancelled() || context.deadline.map { ContinuousClock.now >= $0 } ?? false
      }
      context.trace("DNS \(type.rawValue) \(name) of \(answer.server): \(answer.code)")
      self.servers.append(answer.server)
      return answer
    } catch {
      troubles.append(.silent(name: name, error))
      return nil
    }
  }

  private var nameServers: [String] {
    let given = lookup.section["servers"]?.items?.compactMap(\.string) ?? []
    return given.isEmpty ? servers(ofFile: lookup.section["resolv_conf"]?.string) : given
  }

  private func servers(ofFile path: String?) -> [String] {
    path.flatMap(context.contents).map(ResolvConf.servers) ?? []
  }

  private mutating func reply(
    to asked: RegistryRequest, of lookup: RegistryLookup, after answers: RegistryAnswers, _ take: Take?
  ) -> RegistryReply {
    note(asking: asked)
    var pieces = RegistryPieces(
      kind, lookup, of: asked.url, isAll: take != nil, narrows: !files.isEmpty, after: answers)
    let tell = { (name: String, answer: JSONValue) in
      if let take { take(name, answer, answers) }
    }
    guard files.isEmpty else { return read(&pieces, tell) }
    guard !isDead(asked) else { return .nothing }
    guard kind.answersWhole else { return note(Result { () throws(HTTPError) in try http.send(sent(asked)) }, asked) }
    var (body, status, isJSON): ([UInt8], Int, Bool) = ([], 0, true)
    let request = sent(asked)
    let result = Result { () throws(HTTPError) in
      try http.stream(request) { event in
        switch event {
        case .head(let head): status = head.status
        case .bytes(let bytes) where status != 200: if body.count < 64 << 10 { body += bytes }
        case .bytes(let bytes):
          do { try pieces.feed(bytes, tell) } catch {
            isJSON = false
            return .stop
          }
        }
        return .proceed
      }
    }
    http.tell(request, result)
    let reply = note(result.map { $0.with(body: body) }, asked)
    guard case .http(200, _) = reply else { return reply }
    guard isJSON, let answer = try? pieces.finish(tell) else { return .http(status: 200, body: []) }
    return keep(pieces, answer)
  }

  mutating func keep(_ pieces: RegistryPieces, _ answer: JSONValue) -> RegistryReply {
    names = pieces.names
    last = .read(answer)
    return .read(answer)
  }

  /// Notes who answered, or what kept the answer from coming.
  mutating func note(_ result: Result<Response, HTTPError>, _ asked: RegistryRequest) -> RegistryReply {
    let server = String(URLText(asked.url).withoutUser.prefix { $0 != "?" })
    switch result {
    case .success(let response):
      note(index: response.header("x-consul-index"), of: asked.url)
      let reply = RegistryReply.http(status: response.status, body: response.body)
      if response.status == 200 {
        servers.append(server)
        last = reply
      } else {
        // Of many the first ones tell what is wrong.
        if troubles.count < 100 { troubles.append(.refused(response, server: server)) }
      }
      return reply
    case .failure(let error):
      if dead.insert(Self.server(of: asked.url)).inserted { troubles.append(.connection(error, endpoint(asked.url))) }
      return .nothing
    }
  }

  func isDead(_ asked: RegistryRequest) -> Bool { !dead.isEmpty && dead.contains(Self.server(of: asked.url)) }

  /// `http://HOST:PORT`
  static func server(of url: String) -> String {
    guard let start = url.firstBytes(of: "://")?.upperBound else { return url }
    return String(url[..<start] + url[start...].prefix { $0 != "/" })
  }

  /// The request with what proves who asks, which from then on must show nowhere.
  mutating func sent(_ asked: RegistryRequest) -> Request {
    note(asking: asked)
    guard waits, let index = indexes[asked.url], let way = kind.waiting(asked.url, since: index, lookup) else {
      return request(asked)
    }
    hasWaited = true
    var request = request(RegistryRequest(url: way.url, acceptsJSON: asked.acceptsJSON, credentials: asked.credentials))
    request.timeout = request.timeout.map { $0 + .seconds(way.seconds) }
    return request
  }

  /// One that goes back has begun anew.
  private mutating func note(index: String?, of url: String) {
    let (old, new) = (indexes[url].flatMap { Int($0) } ?? 0, index.flatMap { Int($0) } ?? 0)
    indexes[url] = new > 0 && new >= old ? "\(new)" : nil
  }

  mutating func note(asking asked: RegistryRequest) {
    self.asked = asked
    let new = asked.credentials.flatMap(Self.secrets)
    if !new.allSatisfy(secrets.contains) { secrets += new }
  }

  /// What is asked beyond APISIX's own questions, to say why there is nothing; nil where it is not answered.
  func json(_ url: String, _ credentials: [RegistryRequest.Credential]) -> JSONValue? {
    guard files.isEmpty else { return nil }
    return (try? http.send(request(RegistryRequest(url: url, credentials: credentials))))?.json(200)
  }

  /// Eureka's applications, as it answered last.
  var applications: [JSONValue] {
    last?.document?["applications"]?["application"]?.array ?? []
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

  func request(_ asked: RegistryRequest) -> Request {
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
