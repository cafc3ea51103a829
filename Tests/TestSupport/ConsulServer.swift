import Foundation
import Synchronization

/// A real Consul 1.8, from Tests/servers/fetch.sh, on free ports of 127.0.0.1. It goes down with its value.
public final class ConsulServer: Sendable {
  /// The program; nil where it cannot be had.
  public static let program: String? = {
    let ended = try? execute("/bin/bash", [Checkout.path("Tests/servers/fetch.sh"), "consul"], patience: 300)
    guard let ended, ended.status == 0 else { return nil }
    return ended.output.trimmingCharacters(in: .whitespacesAndNewlines) + "/usr/bin/consul"
  }()
  public static var isThere: Bool { program != nil }

  /// Of a server that has ACLs: may do all.
  public static let master = "11111111-2222-3333-4444-555555555555"

  public let port: UInt16
  public let dnsPort: UInt16
  /// Where it meets those of other datacenters.
  public let wanPort: UInt16
  private let pid: pid_t
  private let isStopped = Mutex(false)
  private let folder: Folder
  private let token: String

  public var url: String { "http://127.0.0.1:\(port)" }

  /// - Parameters:
  ///   - hasACLs: denies whatever no policy allows, but to `master`.
  ///   - acl: more settings of its ACLs.
  ///   - awaits: the number of servers that it waits for; more than one never choose a leader here.
  ///   - other: of another datacenter, which it joins.
  public init(
    datacenter: String = "dc1", hasACLs: Bool = false, acl: String = "", awaits: Int = 1,
    joining other: ConsulServer? = nil, settings: String = ""
  ) throws {
    token = hasACLs ? Self.master : ""
    let rules = "acl { enabled = true default_policy = \"deny\" tokens { master = \"\(Self.master)\" } \(acl) }"
    folder = try Folder([
      "consul.hcl":
        "disable_update_check = true\ndatacenter = \"\(datacenter)\"\n\(hasACLs ? rules : "")\n\(settings)\n"
    ])
    var words = ["agent", "-config-file", folder["consul.hcl"], "-bind", "127.0.0.1", "-client", "127.0.0.1"]
    words += ["-node", "consul-\(datacenter)", "-grpc-port", "-1", "-disable-host-node-id", "-log-level", "warn"]
    words += awaits == 1 ? ["-dev"] : ["-server", "-bootstrap-expect", "\(awaits)", "-data-dir", folder["data"]]
    if let other { words += ["-retry-join-wan", "127.0.0.1:\(other.wanPort)", "-retry-interval-wan", "1s"] }
    let flags = ["-http-port", "-dns-port", "-serf-wan-port", "-serf-lan-port", "-server-port"]
    var taken: (pid: pid_t, ports: [UInt16])
    repeat {
      let ports = try flags.map { _ in try StubNameServer.closedPort(withTCP: true) }
      let log = folder["\(ports[0]).log"]
      taken = (try Self.start(words + zip(flags, ports).flatMap { [$0, "\($1)"] }, log: log), ports)
      let url = "http://127.0.0.1:\(ports[0])"
      let isUp = { [token] in
        let get = { try Self.ask(url + $0, token) }
        if awaits > 1 { return try get("/v1/agent/self") != "" }
        // A leader has yet to write its first tokens.
        return try get("/v1/health/service/consul").contains("127.0.0.1")
          && (!hasACLs || get("/v1/acl/token/self").contains("AccessorID"))
      }
      var tries = 0
      while kill(taken.pid, 0) == 0, try !isUp() {
        usleep(50_000)
        tries += 1
        let said = try String(contentsOfFile: log, encoding: .utf8)
        // Somebody took a port meanwhile.
        if said.contains("address already in use") { break }
        guard tries < 600 else {
          kill(taken.pid, SIGTERM)
          throw Unusable(description: "Consul does not start: \(said)")
        }
      }
      if try isUp() { break }
      Self.stop(taken.pid)
    } while true
    (pid, port, dnsPort, wanPort) = (taken.pid, taken.ports[0], taken.ports[1], taken.ports[2])
  }

  /// Its end, for who does not want to wait for that of the value.
  public func stop() {
    isStopped.withLock {
      if !$0 { Self.stop(pid) }
      $0 = true
    }
  }

  deinit { stop() }

  private static func stop(_ pid: pid_t) {
    kill(pid, SIGTERM)
    var status: Int32 = 0
    for _ in 0..<250 {
      if waitpid(pid, &status, WNOHANG) != 0 { return }
      usleep(20_000)
    }
  }

  /// A child that goes down with the tests, too, however they end.
  private static func start(_ arguments: [String], log: String) throws -> pid_t {
    let script = """
      "$@" & server=$!
      trap 'kill $server' TERM
      while kill -0 \(getpid()) && kill -0 $server; do sleep 0.3 & wait $!; done 2>/dev/null
      kill $server; wait
      """
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let argv = (["bash", "-c", script, "consul", program ?? ""] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/bash", &actions, nil, argv, environ)
    guard code == 0 else { throw Unusable(description: "cannot run consul: \(String(cString: strerror(code)))") }
    return child
  }

  // MARK: What stands in it

  private static func ask(_ url: String, _ token: String) throws -> String {
    try execute("curl", ["-s", "-H", "X-Consul-Token: \(token)", url]).output
  }

  public func get(_ path: String) throws -> String { try Self.ask(url + path, token) }

  @discardableResult
  public func put(_ path: String, _ body: String) throws -> String {
    let ended = try execute(
      "curl", ["-sS", "--fail-with-body", "-X", "PUT", "-H", "X-Consul-Token: \(token)", "-d", "@-", url + path],
      input: body)
    guard ended.status == 0 else { throw Unusable(description: "\(path): \(ended.output)\(ended.errors)") }
    return ended.output
  }

  /// An instance of a service on a node of its own.
  public func register(
    _ service: String, node: String, _ address: String, port: Int = 80, nodeAddress: String? = nil,
    check: (name: String, status: String, output: String)? = nil
  ) throws {
    var entry: [String: Any] = [
      "Node": node, "Address": nodeAddress ?? address,
      "Service": ["ID": "\(service)-\(node)", "Service": service, "Address": address, "Port": port] as [String: Any],
    ]
    if let check {
      entry["Checks"] = [
        [
          "CheckID": "check-\(node)", "Name": check.name, "ServiceID": "\(service)-\(node)", "Status": check.status,
          "Output": check.output,
        ]
      ]
    }
    try put(
      "/v1/catalog/register", String(decoding: JSONSerialization.data(withJSONObject: entry), as: UTF8.self))
  }

  /// A token with one policy of these rules.
  public func token(_ rules: String) throws -> String {
    let name = "test-\(UUID().uuidString)"
    let policy = try JSONSerialization.data(withJSONObject: ["Name": name, "Rules": rules])
    try put("/v1/acl/policy", String(decoding: policy, as: UTF8.self))
    let made = try put("/v1/acl/token", "{\"Policies\": [{\"Name\": \"\(name)\"}]}")
    let json = try JSONSerialization.jsonObject(with: Data(made.utf8)) as? [String: Any]
    return json?["SecretID"] as? String ?? ""
  }
}
