public import HTTP
public import Inputs
package import JSON
public import Parallel
import SourceText

/// Reads keys of an etcd through its v3 JSON gateway (etcd 3.4 and newer, `/v3/`). It only asks for ranges, and for a
/// token where there is a user.
public struct EtcdClient {
  /// Why there is no answer.
  public enum Failure: Error, Sendable {
    case connection(HTTPError)
    /// Anything but 200, and etcd's own words where it said some, without what was sent to it in secret.
    case refused(status: Int, message: String)
    /// 200, but nothing that etcd would say.
    case notEtcd
  }

  public struct Entry: Sendable {
    fileprivate let bytes: [UInt8]
    public let value: [UInt8]
    public var key: String { String(decoding: bytes, as: UTF8.self) }

    /// nil for what is none.
    fileprivate init?(_ item: JSONValue) {
      guard let key = item["key"]?.string.flatMap({ Base64.decode($0.utf8) }) else { return nil }
      bytes = key
      value = item["value"]?.string.flatMap { Base64.decode($0.utf8) } ?? []
    }
  }

  /// What a page of a range holds; nil where it is none.
  package static func entries(of page: JSONValue) -> [Entry]? {
    guard page["header"] != nil else { return nil }
    let items = page["kvs"]?.array ?? []
    let entries = items.compactMap(Entry.init)
    return entries.count == items.count ? entries : nil
  }

  private let endpoint: Endpoint
  private let http: HTTPClient
  private let pageSize = 500
  private var token: Secret?
  /// What was sent to prove who asks, and etcd's token for it. An answer may say it again.
  public private(set) var secrets: [Secret] = []

  public init(_ endpoint: Endpoint, http: HTTPClient) {
    self.endpoint = endpoint
    self.http = http
    if case (let user, let password?)? = URLText(endpoint.server).credentials {
      secrets = [password, "\(user):\(password)"].map { Secret($0) }
    }
  }

  /// The version of the cluster as APISIX asks for it when it starts: `3.4.0`. It needs no user.
  public func version() throws(Failure) -> (server: String, cluster: String) {
    let answer = try answer(to: endpoint.get("/version"))
    guard let server = answer["etcdserver"]?.string, let cluster = answer["etcdcluster"]?.string else {
      throw .notEtcd
    }
    return (server, cluster)
  }

  /// What came of logging in, by address, user and password; no token where etcd has no users.
  public typealias Logins = Known<[String], Result<Secret?, Failure>>

  /// Asks for the token of a user, which goes with every later request.
  /// - Parameter known: those of other clients, none of which is asked for again; nil: it is asked for anew.
  /// - Returns: whether there is one: false where etcd has no users.
  public mutating func authenticate(
    _ user: String, _ password: Secret, known: Logins?
  ) throws(Failure) -> Bool {
    secrets.append(password)
    let asking = self
    token = try (known ?? Logins()).value(of: [endpoint.server, user, password.value]) {
      Result { () throws(Failure) in try asking.login(user, password) }
    }.get()
    if let token { secrets.append(token) }
    return token != nil
  }

  private func login(_ user: String, _ password: Secret) throws(Failure) -> Secret? {
    let body: JSONValue = ["name": .string(user), "password": .string(password.value)]
    do throws(Failure) {
      let answer = try post("/v3/auth/authenticate", body, holdsSecret: true)
      guard let token = answer["token"]?.string else { throw Failure.notEtcd }
      return Secret(token)
    } catch {
      // An etcd without users refuses to log one in, and then needs no token.
      if case .refused(_, let message) = error, message.has("authentication is not enabled") { return nil }
      throw error
    }
  }

  /// Hands over every key below a prefix in order, page by page.
  /// - Returns: the revision of the first page: what is newer may be among it, and `watch` tells it.
  @discardableResult
  public func read(below prefix: String, _ take: (Entry) -> Void) throws(Failure) -> Int {
    let end = Base64.encode(Self.end(of: prefix))
    var start = Array(prefix.utf8)
    var revision: Int?
    while true {
      let page = try post(
        "/v3/kv/range",
        ["key": .string(Base64.encode(start)), "range_end": .string(end), "limit": .string("\(pageSize)")])
      guard let header = page["header"], let entries = Self.entries(of: page) else { throw .notEtcd }
      let first = revision ?? header["revision"]?.string.flatMap { Int($0) } ?? 0
      revision = first
      for entry in entries { take(entry) }
      guard page["more"]?.bool == true, let last = entries.last else { return first }
      start = last.bytes + [0]
    }
  }

  /// Waits for changes below prefixes, from a revision on, and hands each over as it comes; what is deleted has an
  /// empty value. It ends when `take` returns false, after `patience`, and where etcd tells no more, as when it has
  /// dropped that revision: whoever goes on reads anew, which shows what is wrong.
  /// - Returns: whether etcd watched at all.
  public func watch(
    below prefixes: [String], from revision: Int, patience: Duration, _ take: (Entry) -> Bool
  ) -> Bool {
    var request = request("/v3/watch", [], maxBytes: .max)
    request.timeout = patience
    request.body = prefixes.flatMap { prefix in
      let range: JSONValue = [
        "key": .string(Base64.encode(Array(prefix.utf8))), "range_end": .string(Base64.encode(Self.end(of: prefix))),
        "start_revision": .string("\(revision)"),
      ]
      return Array((["create_request": range] as JSONValue).text().utf8)
    }
    var stream = JSONStream()
    var (isWatched, goesOn) = (false, true)
    let result = Result { () throws(HTTPError) in
      try http.stream(request) { event in
        guard case .bytes(let bytes) = event else { return .proceed }
        do {
          try stream.feed(bytes) { piece in
            guard goesOn, case .document(let document, _) = piece, let answer = document["result"] else {
              goesOn = false
              return
            }
            isWatched = isWatched || answer["created"]?.bool == true
            goesOn = answer["canceled"]?.bool != true
            for event in answer["events"]?.array ?? [] where goesOn {
              goesOn = event["kv"].flatMap(Entry.init).map(take) ?? false
            }
          }
        } catch { goesOn = false }
        return goesOn ? .proceed : .stop
      }
    }
    http.tell(request, result)
    return isWatched
  }

  /// Whether any key lies below a prefix. It needs the right to read all of them.
  public func hasKeys(below prefix: String) throws(Failure) -> Bool {
    let page = try post(
      "/v3/kv/range",
      [
        "key": .string(Base64.encode(Array(prefix.utf8))), "range_end": .string(Base64.encode(Self.end(of: prefix))),
        "limit": "1", "keys_only": true,
      ])
    guard page["header"] != nil else { throw .notEtcd }
    return page["kvs"]?.array?.isEmpty == false
  }

  /// Whether the roles of a user, who may ask for their own, let them write every key below a prefix; and one of them.
  public func mayWrite(_ user: String, below prefix: String) throws(Failure) -> (Bool, role: String?) {
    let roles = try post("/v3/auth/user/get", ["name": .string(user)])["roles"]?.array?.compactMap(\.string) ?? []
    if roles.contains("root") { return (true, "root") }
    var rights: [JSONValue] = []
    for role in roles {
      rights += try post("/v3/auth/role/get", ["role": .string(role)])["perm"]?.array ?? []
    }
    return (Self.mayWrite(by: rights, below: prefix), roles.first)
  }

  /// Whether these rights of roles cover every key below a prefix.
  package static func mayWrite(by rights: [JSONValue], below prefix: String) -> Bool {
    let ranges = rights.compactMap { right -> (start: [UInt8], end: [UInt8]?)? in
      // What is left out is READ.
      guard let type = right["permType"]?.string, type != "READ" else { return nil }
      let start = right["key"]?.string.flatMap { Base64.decode($0.utf8) } ?? []
      let end = right["range_end"]?.string.flatMap { Base64.decode($0.utf8) } ?? start + [0]
      return (start, end == [0] ? nil : end)
    }
    // One range goes on where others end.
    var reached: [UInt8]? = Array(prefix.utf8)
    for range in ranges.sorted(by: { $0.start.lexicographicallyPrecedes($1.start) }) {
      guard let end = reached, !end.lexicographicallyPrecedes(range.start) else { break }
      reached = range.end.map { end.lexicographicallyPrecedes($0) ? $0 : end }
    }
    return reached.map { !$0.lexicographicallyPrecedes(Self.end(of: prefix)) } ?? true
  }

  /// A page of keys from one on, in order, without what they hold.
  public func keys(from start: [UInt8]) throws(Failure) -> [String] {
    let page = try post(
      "/v3/kv/range",
      [
        "key": .string(Base64.encode(start)), "range_end": .string(Base64.encode([0])),
        "limit": .string("\(pageSize)"), "keys_only": true,
      ])
    return (page["kvs"]?.array ?? []).compactMap { entry in
      entry["key"]?.string.flatMap { Base64.decode($0.utf8) }.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The first key behind all that begin with the prefix.
  public static func end(of prefix: String) -> [UInt8] {
    var bytes = Array(prefix.utf8)
    while let last = bytes.popLast() {
      if last < 0xFF { return bytes + [last + 1] }
    }
    return [0]
  }

  private func post(_ path: String, _ body: JSONValue, holdsSecret: Bool = false) throws(Failure) -> JSONValue {
    var request = request(path, body, maxBytes: 256 << 20)
    request.holdsSecret = holdsSecret
    return try answer(to: request)
  }

  private func request(_ path: String, _ body: JSONValue, maxBytes: Int) -> Request {
    var request = endpoint.post(path, body, maxBytes: maxBytes)
    if let token { request.credential = .header(name: "Authorization", value: token) }
    return request
  }

  private func answer(to request: Request) throws(Failure) -> JSONValue {
    let response: Response
    do throws(HTTPError) { response = try http.send(request) } catch { throw .connection(error) }
    let document = try? JSONValue.parse(response.body)
    guard response.status == 200 else {
      // Some of its refusals are a line of text.
      let line = String(decoding: response.body.prefix(64 << 10).prefix { $0 != 0x0A }, as: UTF8.self)
      let text = line.hasPrefix("<") || line.hasPrefix("{") ? "" : line
      let said = (document?["message"] ?? document?["error"])?.string ?? text
      throw .refused(status: response.status, message: String(Secret.redacted(secrets, in: said).prefix(200)))
    }
    guard let document else { throw .notEtcd }
    return document
  }
}
