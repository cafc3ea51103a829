import Findings
import HTTP
import Inputs
import Registries
import SourceText
import ZooKeeper

/// One server of ZooKeeper, asked as apisix-seed asks it: without a login.
struct ZooKeeperConversation: ~Copyable {
  /// `127.0.0.1:2181`
  let place: String
  let prefix: String
  /// `3.8.0`; nil where the server does not say it.
  private(set) var version: String?
  private var client: ZooKeeperClient
  private let context: Context

  /// Why nothing can be asked there.
  struct Failure: Error {
    let finding: Finding
    /// Whether nothing at all answered.
    var isUnreached = false
  }

  /// Connects, and lets the server say whether it serves.
  /// - Parameter bell: for who watches.
  static func begin(
    _ server: String, prefix: String, _ access: AccessOptions, _ context: Context, bell: ZooKeeperBell? = nil
  ) throws(Failure) -> ZooKeeperConversation {
    guard let (host, port) = serverPlace(server, port: 2181), port > 0 else {
      throw Failure(
        finding: Finding(ConnectRules.failed, "\(server) is no HOST:PORT", help: "write it as zk.example.org:2181"))
    }
    let shown = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    let connection = context.http().connections(to: [(host, Int(port))], timeout: access.requestTimeout)[0]
    if case .failure(let error) = connection {
      let finding = APISIXEndpoint.finding(
        "ZooKeeper", error, access.endpoint("http://\(shown)"),
        help: "discovery.zookeeper.hosts of apisix-seed lists its addresses; the default port is 2181")
      throw Failure(finding: finding, isUnreached: true)
    }
    let client = ZooKeeperClient(host: host, port: Int(port), timeout: access.requestTimeout, bell: bell) {
      context.isOver
    }
    var conversation = ZooKeeperConversation(place: shown, prefix: prefix, client: client, context: context)
    try conversation.greet()
    return conversation
  }

  private init(place: String, prefix: String, client: consuming ZooKeeperClient, context: Context) {
    (self.place, self.prefix, self.context) = (place, prefix, context)
    self.client = client
  }

  private mutating func greet() throws(Failure) {
    let said: String?
    do throws(ZooKeeperFailure) { said = try client.answer(to: "srvr") } catch { throw failure(error, "srvr") }
    context.trace("ZooKeeper srvr of \(place): \((said ?? "nothing").prefix { $0 != "\n" })")
    if let said, let start = said.firstBytes(of: "ookeeper version: ")?.upperBound {
      version = String(said[start...].prefix { $0 != "-" && $0 != "," && $0 != "\n" })
    } else if said?.has("not currently serving") == true {
      throw Failure(
        finding: Finding(
          ZooKeeperRules.notServing, "ZooKeeper at \(place) is not currently serving requests",
          help: "start the other servers of its ensemble: more than half of them must run"))
    } else if said?.has("not in the whitelist") != true {
      throw Failure(
        finding: Finding(
          ZooKeeperRules.otherServer, "\(place) takes the connection, and does not answer as ZooKeeper does",
          help: "is this its client port, without TLS? The default is 2181"))
    }
  }

  /// Rings the bell when the znode is made, set or deleted, and when the connection is gone.
  mutating func watch(_ path: String) throws(Failure) {
    context.trace("ZooKeeper watch \(path) of \(place)")
    do throws(ZooKeeperFailure) { try client.watch(path) } catch { throw failure(error, path) }
  }

  /// What a znode holds.
  mutating func data(of path: String) throws(Failure) -> Znode {
    do throws(ZooKeeperFailure) {
      let data = try client.data(of: path)
      context.trace("ZooKeeper get \(path) of \(place): \(data.map { "\($0.count) bytes" } ?? "no data")")
      return .there(data)
    } catch {
      context.trace("ZooKeeper get \(path) of \(place): \(error)")
      if error == .noNode { return .absent }
      throw failure(error, path)
    }
  }

  enum Znode {
    case absent
    case there([UInt8]?)
  }

  /// The names below a znode, sorted; nil where it is not there.
  mutating func children(of path: String) throws(Failure) -> [String]? {
    do throws(ZooKeeperFailure) {
      let names = try client.children(of: path)
      context.trace("ZooKeeper ls \(path) of \(place): \(counted(names.count, "name"))")
      return names
    } catch {
      context.trace("ZooKeeper ls \(path) of \(place): \(error)")
      if error == .noNode { return nil }
      throw failure(error, path)
    }
  }

  private func failure(_ failure: ZooKeeperFailure, _ path: String) -> Failure {
    switch failure {
    case .notAllowed:
      Failure(
        finding: Finding(
          ZooKeeperRules.notAllowed, "the access list of \(path) lets nobody read it without a login",
          help: "apisix-seed has no login; in zkCli.sh, logged in: setAcl \(path) world:anyone:r,auth::cdrwa"))
    case .loginWanted:
      Failure(
        finding: Finding(
          ZooKeeperRules.login, "ZooKeeper at \(place) wants a login before anything else",
          help: "apisix-seed has none: sessionRequireClientSASLAuth=false on a port that only it reaches"))
    case .timedOut:
      unreached(
        ConnectRules.timeout, "does not answer in time", "is this its client port? --request-timeout gives it longer")
    case .cancelled:
      unreached(
        ConnectRules.timeout, "does not answer within the time for the whole command",
        "--timeout gives the whole command longer")
    case .noNode, .connectionLost, .other: unreached(ConnectRules.reset, "cuts the connection", "look at its log")
    }
  }

  private func unreached(_ rule: Rule, _ what: String, _ help: String) -> Failure {
    Failure(finding: Finding(rule, "ZooKeeper at \(place) \(what)", help: help), isUnreached: true)
  }
}
