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
  let http: HTTPClient
  var resolver: Names?
  var troubles: [Trouble] = []
  /// Name servers that gave no answer, where another did.
  var passedOver: [String: DNSFailure.Silence] = [:]
  /// The server that was the last to answer 200, with the user that may stand in its URL.
  var lastServer: String?
  var answers = RegistryAnswers()
  /// The last request of APISIX's own.
  private(set) var asked: RegistryRequest?
  /// What was sent to prove who asks, in each form in which a server may say it again.
  private(set) var secrets: [String] = []
  /// The last answer of status 200; of one with many services its first bytes.
  private(set) var last: Response?
  /// What is left of the last answer with many services: that in question.
  private(set) var document: JSONValue?
  /// The services of the last answer that had many.
  private(set) var names: [String] = []
  /// Files with what the registry answered; none: it is asked.
  let files: [String]
  /// Why they cannot be read.
  var problem: ResolveQuestion.Stop?
  var zone: DigText?
  /// The index that came with the last answer to each URL.
  private var indexes: [String: String] = [:]
  private var waits = false
  /// Whether a server answers, once it was asked: one that does not costs its timeout once.
  private var states: [String: ServerState] = [:]

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
    if kind == .dns { self.lookup.resolvConf = resolvConf }
  }

  /// Keeps the client of name servers between questions.
  final class Names {
    var client: DNSClient
    init(_ client: consuming DNSClient) { self.client = client }
  }

  /// Forgets who did not answer, to ask again.
  /// - Parameter waits: for a change, where the registry's answers say from which on.
  mutating func startsOver(waits: Bool) {
    (troubles, states, lastServer) = ([], [:], nil)
    self.waits = waits
  }

  /// Whether the next answer can be waited for, since the last one said from which change on.
  var canWait: Bool {
    guard let asked, let index = indexes[asked.url] else { return false }
    return kind.waiting(asked.url, since: index, lookup) != nil
  }

  /// The nodes of the name, as APISIX computes them from what the registry says now.
  /// - Parameter all: whether all is asked that APISIX asks, not only what decides on this name.
  mutating func nodes(all: Bool = false) -> Resolution {
    lookup.asksAll = all
    // What was asked already is not asked again.
    return nodes(of: lookup, after: all ? answers : .init())
  }

  typealias Take = (_ name: String, _ answer: JSONValue, _ before: RegistryAnswers) -> Void

  /// - Parameter take: is given each service of an answer that has all of them, in place of the one in question.
  mutating func nodes(
    of lookup: RegistryLookup, after known: RegistryAnswers = .init(), _ take: Take? = nil
  ) -> Resolution {
    answers = known
    while !context.isCancelled() {
      switch kind.step(lookup, after: answers) {
      case .gives(let found): return found
      case .asks(let questions): answer(questions, of: lookup, take)
      }
    }
    return kind.nodes(lookup, answers)
  }

  /// Those to name servers all at once.
  mutating func answer(_ questions: [RegistryQuestion], of lookup: RegistryLookup, _ take: Take? = nil) {
    var names: [DNSQuestion] = []
    for question in questions {
      switch question {
      case .dns(let name, let type) where files.isEmpty: names.append(DNSQuestion(name, type))
      case .dns(let name, let type): answers[question] = read(name, type)
      case .http(let request): answers[question] = reply(to: request, of: lookup, take)
      case .address(let name): answers[question] = files.isEmpty ? addresses(of: name) : .nothing
      }
    }
    if names.isEmpty { return }
    for (name, answer) in zip(names, ask(names, of: nameServers)) {
      answers[.dns(name: name.name, name.type)] = answer.map { .dns(code: $0.code, $0.records) } ?? .nothing
    }
  }

  mutating func reply(to asked: RegistryRequest, of lookup: RegistryLookup, _ take: Take?) -> RegistryReply {
    note(asking: asked)
    let answers = answers
    var pieces = RegistryPieces(
      kind, lookup, of: asked.url, isAll: take != nil, narrows: !files.isEmpty, after: answers)
    let tell = { (name: String, answer: JSONValue) in
      if let take { take(name, answer, answers) }
    }
    guard files.isEmpty else { return read(&pieces, tell) }
    if let unsent = kind.reasons.unsent(asked, lookup) {
      note(trouble: .told(unsent))
      return .nothing
    }
    guard state(of: asked) != .silent else { return .nothing }
    let request = sent(asked)
    let known = waits ? nil : context.answers
    guard kind.answersWhole else {
      if let response = known?[asked] { return note(.success(response), asked) }
      let result = Result { () throws(HTTPError) in try http.send(request) }
      if case .success(let response) = result { known?.keep(response, for: asked) }
      return note(result, asked)
    }
    var (body, status, isJSON): ([UInt8], Int, Bool) = ([], 0, true)
    let feed = { (bytes: [UInt8]) -> StreamFlow in
      if body.count < 64 << 10 { body += bytes.prefix(status == 200 ? 1 << 10 : 64 << 10) }
      guard status == 200 else { return .proceed }
      do { try pieces.feed(bytes, tell) } catch {
        isJSON = false
        return .stop
      }
      return .proceed
    }
    let result: Result<Response, HTTPError>
    if let response = known?[asked] {
      status = response.status
      _ = feed(response.body)
      result = .success(response)
    } else {
      var whole: [UInt8] = []
      result = Result { () throws(HTTPError) in
        try http.stream(request) { event in
          switch event {
          case .head(let head):
            status = head.status
            return .proceed
          case .bytes(let bytes):
            if known != nil, whole.count <= KnownAnswers.most { whole += bytes }
            return feed(bytes)
          }
        }
      }
      http.tell(request, result)
      if isJSON, case .success(let response) = result { known?.keep(response.with(body: whole), for: asked) }
    }
    let reply = note(result.map { $0.with(body: body) }, asked)
    guard case .http(200, let start) = reply, !start.isEmpty else { return reply }
    guard isJSON, let answer = try? pieces.finish(tell) else { return .http(status: 200, body: []) }
    return keep(pieces, answer)
  }

  mutating func keep(_ pieces: RegistryPieces, _ answer: JSONValue) -> RegistryReply {
    names = pieces.names
    document = answer
    return .read(answer)
  }

  /// Notes who answered, or what kept the answer from coming.
  /// - Parameter isOfMany: many names are asked for, none of which is waited for.
  mutating func note(
    _ result: Result<Response, HTTPError>, _ asked: RegistryRequest, isOfMany: Bool = false
  ) -> RegistryReply {
    let server = Self.server(of: asked.url)
    switch result {
    case .success(let response):
      states[server] = .answering
      if !isOfMany { note(index: response.header("x-consul-index"), of: asked.url) }
      let reply = RegistryReply.http(status: response.status, body: response.body)
      if response.status == 200 {
        if server != lastServer { lastServer = server }
        last = response
        if let unreadable = unreadable(response) {
          note(trouble: .told(unreadable))
          return .http(status: 200, body: [])
        }
      } else {
        note(trouble: .refused(response, server: String(URLText(asked.url).withoutUser.prefix { $0 != "?" })))
      }
      return reply
    case .failure(let error):
      if states.updateValue(.silent, forKey: server) != .silent {
        troubles.append(.connection(error, endpoint(asked.url)))
      }
      return .nothing
    }
  }

  /// Of many the first ones tell what is wrong.
  mutating func note(trouble: Trouble) {
    if troubles.count < 100 { troubles.append(trouble) }
  }

  enum ServerState { case unasked, answering, silent }

  /// What is known of the server that a request goes to.
  func state(of asked: RegistryRequest) -> ServerState { states[Self.server(of: asked.url)] ?? .unasked }

  /// `http://HOST:PORT`
  static func server(of url: String) -> String {
    guard let start = url.firstBytes(of: "://")?.upperBound else { return url }
    return String(url[..<(url.utf8[start...].firstIndex(of: UInt8(ascii: "/")) ?? url.endIndex)])
  }

  /// The request with what proves who asks, which from then on must show nowhere.
  mutating func sent(_ asked: RegistryRequest) -> Request {
    note(asking: asked)
    guard waits, let index = indexes[asked.url], let way = kind.waiting(asked.url, since: index, lookup) else {
      return request(asked)
    }
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
    if !new.allSatisfy(secrets.contains) {
      secrets += new
      context.secrets.add(new)
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
    guard files.isEmpty else { return nil }
    let asked = RegistryRequest(
      method: body == nil ? .get : .post, url: url, acceptsJSON: true, credentials: credentials)
    // What a body asks does not show in the request.
    let known = body == nil && !waits ? context.answers : nil
    if let response = known?[asked] { return response }
    var request = request(asked)
    request.body = body.map { Array($0.text().utf8) } ?? []
    let response = try? http.send(request)
    if let response { known?.keep(response, for: asked) }
    return response
  }

  /// Eureka's applications, as it answered last.
  var applications: [JSONValue] {
    (document ?? last?.json(200))?["applications"]?["application"]?.array ?? []
  }
}
