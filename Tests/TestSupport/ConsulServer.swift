import Foundation

/// A real Consul 1.8, from Tests/servers/fetch.sh, on free ports of 127.0.0.1. It goes down with its value.
public final class ConsulServer: Sendable {
  /// The program; nil where it cannot be had.
  public static let program: String? = ServerProcess.files(of: "consul").map { $0 + "/usr/bin/consul" }
  public static var isThere: Bool { program != nil }

  /// Of a server that has ACLs: may do all.
  public static let master = "11111111-2222-3333-4444-555555555555"

  public let port: UInt16
  public let dnsPort: UInt16
  /// Where it meets those of other datacenters.
  public let wanPort: UInt16
  private let process: ServerProcess
  private let token: String

  public var url: String { "http://127.0.0.1:\(port)" }

  /// - Parameters:
  ///   - hasACLs: denies whatever no policy allows, but to `master`.
  ///   - acl: more settings of its ACLs.
  ///   - settings: more of its configuration.
  ///   - awaits: the number of servers that it waits for; more than one never choose a leader here.
  ///   - other: of another datacenter, which it joins.
  public init(
    datacenter: String = "dc1", hasACLs: Bool = false, acl: String = "", settings: String = "",
    awaits: Int = 1,
    joining other: ConsulServer? = nil
  ) throws {
    token = hasACLs ? Self.master : ""
    let rules = "acl { enabled = true default_policy = \"deny\" tokens { master = \"\(Self.master)\" } \(acl) }"
    let folder = try Folder([
      "consul.hcl":
        "disable_update_check = true\ndatacenter = \"\(datacenter)\"\n\(hasACLs ? rules : "")\n\(settings)\n"
    ])
    var words = ["agent", "-config-file", folder["consul.hcl"], "-bind", "127.0.0.1", "-client", "127.0.0.1"]
    words += ["-node", "consul-\(datacenter)", "-grpc-port", "-1", "-disable-host-node-id", "-log-level", "warn"]
    words += awaits == 1 ? ["-dev"] : ["-server", "-bootstrap-expect", "\(awaits)", "-data-dir", folder["data"]]
    if let other { words += ["-retry-join-wan", "127.0.0.1:\(other.wanPort)", "-retry-interval-wan", "1s"] }
    let flags = ["-http-port", "-dns-port", "-serf-wan-port", "-serf-lan-port", "-server-port"]
    var taken: (process: ServerProcess, ports: [UInt16])?
    while taken == nil {
      let ports = try flags.map { _ in try StubNameServer.closedPort(withTCP: true) }
      let url = "http://127.0.0.1:\(ports[0])"
      var isTaken = false
      let process = try ServerProcess(
        Self.program ?? "", words + zip(flags, ports).flatMap { [$0, "\($1)"] }, in: folder
      ) { [token] in
        // Somebody took a port meanwhile.
        isTaken = (try? folder.read("server.log"))?.contains("address already in use") ?? false
        let get = { try Self.ask(url + $0, token) }
        if isTaken { return true }
        if awaits > 1 { return try get("/v1/agent/self") != "" }
        // A leader has yet to write its first tokens.
        return try get("/v1/health/service/consul").contains("127.0.0.1")
          && (!hasACLs || get("/v1/acl/token/self").contains("AccessorID"))
      }
      if isTaken { process.stop() } else { taken = (process, ports) }
    }
    guard let taken else { throw Unusable(description: "Consul does not start") }
    (process, port, dnsPort, wanPort) = (taken.process, taken.ports[0], taken.ports[1], taken.ports[2])
  }

  deinit { process.stop() }

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
