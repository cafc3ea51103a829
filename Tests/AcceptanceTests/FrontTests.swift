import Foundation
import JSON
import TestSupport
import Testing

/// What stands before a real API server and breaks APISIX alone, and the same without its fault.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct FrontTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let mode: String
    var settings = ""
    let status: Int32
    let rules: [String]
    var resolves = true
    var testDescription: String { mode + settings }
  }

  static let faults = [
    Fault(mode: "through", status: 0, rules: []),
    Fault(mode: "sni", status: 1, rules: ["server/name-wanted"], resolves: false),
    Fault(mode: "other", status: 0, rules: ["tls/wrong-host"]),
    Fault(mode: "other", settings: ", ssl_verify: true", status: 0, rules: ["tls/wrong-host"]),
    Fault(mode: "hang", status: 1, rules: ["server/watch-broken"]),
    Fault(mode: "cut", status: 1, rules: ["server/watch-broken"]),
  ]

  @Test(arguments: faults) func eachIsNamed(_ fault: Fault) throws {
    let cluster = try Cluster.shared.get()
    try cluster.kubectl("apply", "-f", "-", input: try cluster.gatecheck("rbac", "generate", "--name", "front").output)
    let token = try cluster.token(of: "front")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Checkout.path("Tests/cluster/front.py"), fault.mode, cluster.folder]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    defer { try? input.fileHandleForWriting.close() }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))

    let config = "\(cluster.folder)/front.yaml"
    try """
    discovery:
      kubernetes:
        service: {schema: https, host: localhost, port: "\(port)"\(fault.settings)}
        client:
          token: "\(token)"
    """.write(toFile: config, atomically: true, encoding: .utf8)
    func ask(_ arguments: String...) throws -> (status: Int32, rules: [String]) {
      let flags = [
        "--config", config, "--certificate-authority", cluster.authority, "-o", "json", "--request-timeout", "3",
      ]
      let ended = try cluster.gatecheck(arguments + flags)
      let findings = try JSONValue.parse(ended.output)["findings"]?.array ?? []
      return (ended.status, findings.compactMap { $0["rule"]?.string })
    }
    let verified = try ask("token", "verify")
    #expect(verified.status == fault.status && verified.rules == fault.rules)
    // A list asks for no watch.
    let resolved = try ask("resolve", "--all")
    #expect(resolved.status == (fault.resolves ? 0 : 1))
    #expect(resolved.rules == fault.rules.filter { $0 != "server/watch-broken" })
  }

  /// A path in the address makes another request of each: its refusal says nothing of rights.
  @Test(arguments: ["/api", "/apis", "/api/v1", "/k8s/clusters/c-1"]) func aPathComesFirst(path: String) throws {
    let cluster = try Cluster.shared.get()
    try cluster.kubectl("apply", "-f", "-", input: try cluster.gatecheck("rbac", "generate", "--name", "front").output)
    let folder = try Folder(["token": try cluster.token(of: "front")])
    for command in [["token", "verify"], ["rbac", "verify"], ["resolve", "default/kubernetes:https"]] {
      let ended = try cluster.gatecheck(
        command + [
          "--server", cluster.server + path, "--token-file", folder["token"], "--certificate-authority",
          cluster.authority, "-o", "json",
        ])
      #expect(ended.rules == ["server/behind-path"], "\(command)")
    }
  }
}
