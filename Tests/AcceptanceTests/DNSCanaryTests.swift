import Foundation
import TestSupport
import Testing

/// No piece of a credential comes out of a command that asks name servers, whatever a stub of one puts into its answer,
/// and however one came into the configuration or the name.
@Suite struct DNSCanaryTests {
  /// What is written into config.yaml.
  private static let password = Canary("a password", "k7Qz-W2vX9pLm-R4tY8nBc5dFg6hJs3aQeU1oI0rTzV")
  /// As a label of a name may have it.
  private static let jwt = Canary(
    "a short JWT", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhcGlzaXgifQ.Qz7xW2vK9pLmR4tY8nBc5dFg6hJs3aQeU1oI0rTz")

  enum Echo: String, CaseIterable, Sendable {
    case alias, target, host, text, owner, code, junk
  }

  private static func two(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }

  private static func wire(_ labels: [String]) -> [UInt8] {
    labels.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  private static func answer(_ question: [UInt8], _ echo: Echo) -> [UInt8] {
    let labels = jwt.text.split(separator: ".").map(String.init)
    let login = ["apisix:\(password.text)@db", "gate", "example"]
    func said(_ records: [(type: Int, data: [UInt8])], code: UInt8 = 0, owner: [UInt8] = [0xC0, 12]) -> [UInt8] {
      var bytes = question[..<2] + [0x85, 0x80 | code, 0, 1] + two(records.count) + [0, 0, 0, 0] + question[12...]
      for record in records {
        bytes += owner + two(record.type)
        bytes += [0, 1, 0, 0, 0, 60] + two(record.data.count) + record.data
      }
      return Array(bytes)
    }
    let service = two(1) + two(1) + two(80)
    switch echo {
    case .alias: return said([(5, wire(labels))])
    case .target: return said([(33, service + wire(labels)), (33, service + wire(login))])
    case .host: return said([(5, wire(login))])
    case .text: return said([(16, [UInt8(jwt.text.utf8.count)] + Array(jwt.text.utf8)), (1, [10, 0, 0, 1])])
    case .owner: return said([(1, [10, 0, 0, 1])], owner: wire(labels))
    case .code: return said([(16, wire(login))], code: 3)
    case .junk: return question[..<2] + [0x85, 0x80] + Array("\(jwt.text) apisix:\(password.text)@db.example".utf8)
    }
  }

  @Test(arguments: Echo.allCases) func whateverANameServerAnswers(_ echo: Echo) throws {
    let server = try StubNameServer { [Self.answer($0, echo)] }
    let upstream = #"{"service_name": "web.gate.example", "discovery_type": "dns"}"#
    for servers in [server.address, "apisix:\(Self.password.text)@\(server.address)"] {
      let files = [
        "config.yaml": "discovery: {dns: {servers: [\"\(servers)\"]}}\n",
        "upstreams.json": #"{"upstreams": [\#(upstream)]}"#,
      ]
      let calls =
        [Canary.verify(["--config", "config.yaml"])]
        + Canary.resolve(["web.gate.example", "--config", "config.yaml"], ofOne: true)
        + Canary.resolve(["--referenced", "upstreams.json", "--config", "config.yaml"])
        + Canary.resolve(["--all", "--config", "config.yaml"])
      // What is no answer is waited for until the end.
      for call in echo == .junk ? Array(calls.prefix(3)) : calls {
        let call = call + ["--request-timeout", "1"]
        try Canary.expectNone(of: [Self.password, Self.jwt], by: call, in: files, "\(echo), \(servers)")
      }
    }
    #expect(!server.asked.isEmpty)
  }

  @Test func aNameWithALogin() throws {
    let server = try StubNameServer { [Self.answer($0, .code)] }
    let files = ["config.yaml": "discovery: {dns: {servers: [\"\(server.address)\"]}}\n"]
    for name in [
      "http://apisix:\(Self.password.text)@web.gate.example:80", "apisix:\(Self.password.text)@web.gate.example:80",
      "\(Self.jwt.text).gate.example:80",
    ] {
      for call in Canary.resolve([name, "--config", "config.yaml"], ofOne: true) {
        try Canary.expectNone(of: [Self.password, Self.jwt], by: call, in: files, name)
      }
    }
    #expect(!server.asked.isEmpty)
  }
}
