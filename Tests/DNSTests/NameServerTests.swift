import APISIX
import DNS
import Foundation
import TestSupport
import Testing

/// The same zone on the name servers of others.
@Suite struct NameServerTests {
  private static let hosts = (1...60).map { "10.9.0.\($0)" }

  private static func start(_ program: NameServer.Program, on host: String = "127.0.0.1") throws -> NameServer {
    let zone = """
      a IN A 10.5.10.109
      a IN AAAA 2001:db8::109
      b IN A 10.5.10.110
      _web._tcp IN SRV 10 60 1980 a
      _web._tcp IN SRV 20 0 0 b
      alias IN CNAME a

      """
    let lines = """
      host-record=a.gate.example,10.5.10.109,2001:db8::109
      host-record=b.gate.example,10.5.10.110
      srv-host=_web._tcp.gate.example,a.gate.example,1980,10,60
      srv-host=_web._tcp.gate.example,b.gate.example,0,20,0
      cname=alias.gate.example,a.gate.example

      """
    let records =
      program == .dnsmasq
      ? lines + hosts.map { "host-record=many.gate.example,\($0)\n" }.joined()
      : zone + hosts.map { "many IN A \($0)\n" }.joined()
    return try NameServer(program, on: host, records)
  }

  @Test(
    "each type, an alias, no records, no name, and more than a datagram holds", arguments: NameServer.Program.allCases)
  func zone(_ program: NameServer.Program) throws {
    guard program.isThere else { try Test.cancel("\(program.rawValue) cannot be had") }
    let server = try Self.start(program)
    defer { withExtendedLifetime(server) {} }
    var client = DNSClient(servers: [server.address], timeout: .seconds(20))
    func records(_ name: String, _ type: DNSType) throws -> Set<DNSRecord> {
      let answer = try client.ask(name, type)
      #expect(answer.code == 0)
      #expect(Set(answer.records).count == answer.records.count)
      return Set(answer.records)
    }
    #expect(try records("a.gate.example", .a) == [.address(.a, "10.5.10.109")])
    #expect(try records("A.Gate.Example.", .a) == [.address(.a, "10.5.10.109")])
    #expect(try records("a.gate.example", .aaaa) == [.address(.aaaa, "2001:db8::109")])
    #expect(try records("a.gate.example", .srv) == [])
    let targets: Set<DNSRecord> = [
      .srv(priority: 10, weight: 60, port: 1980, target: "a.gate.example"),
      .srv(priority: 20, weight: 0, port: 0, target: "b.gate.example"),
    ]
    #expect(try records("_web._tcp.gate.example", .srv) == targets)
    #expect(try records("alias.gate.example", .cname).contains(.cname("a.gate.example")))
    let alias = try client.ask("alias.gate.example", .a)
    #expect(alias.records == [.cname("a.gate.example"), .address(.a, "10.5.10.109")])
    #expect(try records("many.gate.example", .a) == Set(Self.hosts.map { .address(.a, $0) }))
    #expect(try client.ask("none.gate.example", .a).code == 3)
    #expect(try client.ask("elsewhere.example", .a).code == 5)
  }

  @Test("a server may have an IPv6 address")
  func six() throws {
    guard NameServer.Program.nsd.isThere else { try Test.cancel("nsd cannot be had") }
    guard let addresses = try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8),
      addresses.contains("00000000000000000000000000000001 ")
    else { try Test.cancel("the loopback interface has no IPv6 address") }
    let server = try Self.start(.nsd, on: "::1")
    defer { withExtendedLifetime(server) {} }
    var client = DNSClient(servers: [server.address], timeout: .seconds(20))
    #expect(try client.ask("a.gate.example", .a).records == [.address(.a, "10.5.10.109")])
  }
}
