import APISIX
import DNS
import Foundation
import TestSupport
import Testing

/// The same zone on the name servers of others.
@Suite struct NameServerTests {
  enum Program: String, CaseIterable {
    case nsd, knotd, unbound, dnsmasq

    var isInstalled: Bool { (try? execute("which", [rawValue], environment: ["PATH": Self.path]))?.status == 0 }
    static let path = "/usr/sbin:/usr/bin:/sbin:/bin"
  }

  static let hosts = (1...60).map { "10.9.0.\($0)" }

  @Test("each type, an alias, no records, no name, and more than a datagram holds", arguments: Program.allCases)
  func zone(_ program: Program) throws {
    guard program.isInstalled else { try Test.cancel("\(program.rawValue) is not installed") }
    let server = try NameServer(program)
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
    #expect(alias.owners == ["alias.gate.example", "a.gate.example"])
    #expect(try records("many.gate.example", .a) == Set(Self.hosts.map { .address(.a, $0) }))
    #expect(try client.ask("none.gate.example", .a).code == 3)
    #expect(try client.ask("elsewhere.example", .a).code == 5)
  }

  @Test("a server may have an IPv6 address")
  func six() throws {
    guard Program.nsd.isInstalled else { try Test.cancel("nsd is not installed") }
    guard let addresses = try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8),
      addresses.contains("00000000000000000000000000000001 ")
    else { try Test.cancel("the loopback interface has no IPv6 address") }
    let server = try NameServer(.nsd, on: "::1")
    defer { withExtendedLifetime(server) {} }
    var client = DNSClient(servers: [server.address], timeout: .seconds(20))
    #expect(try client.ask("a.gate.example", .a).records == [.address(.a, "10.5.10.109")])
  }
}

/// One that runs until nobody holds it.
final class NameServer {
  let address: String
  private let folder: Folder
  private let process: pid_t

  init(_ program: NameServerTests.Program, on host: String = "127.0.0.1") throws {
    var log = ""
    // Another test may have taken the port meanwhile, for TCP too.
    for _ in 0..<5 {
      let port = try StubNameServer.closedPort()
      let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      let folder = try Folder(["gate.example.zone": Self.zone])
      try folder.write("conf", Self.configuration(program, host, port, folder.path))
      let process = try Self.start(program, in: folder)
      if Self.answers(at: address, process) {
        (self.address, self.folder, self.process) = (address, folder, process)
        return
      }
      kill(-process, SIGKILL)
      log = (try? String(contentsOfFile: folder["log"], encoding: .utf8)) ?? ""
    }
    throw Unusable(description: "\(program.rawValue) does not run: \(log)")
  }

  private static func start(_ program: NameServerTests.Program, in folder: Folder) throws -> pid_t {
    let arguments =
      switch program {
      case .nsd: "-d -c conf"
      case .knotd: "-c conf"
      case .unbound: "-d -c conf"
      case .dnsmasq: "-k -C conf"
      }
    // It ends by itself where the tests are killed. Its group is its own.
    let started = try execute(
      "/bin/sh", ["-c", "timeout -s KILL 300 \(program.rawValue) \(arguments) >log 2>&1 & echo $!"], in: folder.path,
      environment: ["PATH": NameServerTests.Program.path])
    guard let process = pid_t(started.output.trimmingCharacters(in: .newlines)) else {
      throw Unusable(description: started.errors)
    }
    return process
  }

  /// Waits until it answers; false where it has ended.
  private static func answers(at address: String, _ process: pid_t) -> Bool {
    var client = DNSClient(servers: [address], timeout: .milliseconds(300))
    for _ in 0..<1500 where kill(process, 0) == 0 {
      if (try? client.ask("a.gate.example", .a))?.code == 0 { return true }
      usleep(20_000)
    }
    return false
  }

  /// What the test runner starts has SIGTERM blocked.
  deinit { kill(-process, SIGKILL) }

  private static let zone =
    """
    $ORIGIN gate.example.
    $TTL 60
    @ IN SOA ns hostmaster 1 60 60 60 60
    @ IN NS ns
    ns IN A 127.0.0.1
    a IN A 10.5.10.109
    a IN AAAA 2001:db8::109
    b IN A 10.5.10.110
    _web._tcp IN SRV 10 60 1980 a
    _web._tcp IN SRV 20 0 0 b
    alias IN CNAME a

    """ + NameServerTests.hosts.map { "many IN A \($0)\n" }.joined()

  private static func configuration(
    _ program: NameServerTests.Program, _ host: String, _ port: UInt16, _ folder: String
  ) -> String {
    switch program {
    case .nsd:
      """
      server:
        ip-address: \(host)@\(port)
        rrl-ratelimit: 0
        username: ""
        database: ""
        zonesdir: "\(folder)"
        pidfile: "\(folder)/pid"
        xfrdfile: "\(folder)/xfrd"
        zonelistfile: "\(folder)/zones"
        xfrdir: "\(folder)"
      remote-control:
        control-enable: no
      zone:
        name: gate.example
        zonefile: gate.example.zone

      """
    case .knotd:
      """
      server:
        rundir: "\(folder)"
        listen: \(host)@\(port)
      database:
        storage: "\(folder)"
      zone:
        - domain: gate.example
          storage: "\(folder)"
          file: gate.example.zone

      """
    case .unbound:
      """
      server:
        interface: \(host)@\(port)
        username: ""
        chroot: ""
        directory: "\(folder)"
        pidfile: "\(folder)/pid"
        use-syslog: no
        local-zone: "elsewhere.example." refuse
      remote-control:
        control-enable: no
      auth-zone:
        name: gate.example
        zonefile: "\(folder)/gate.example.zone"
        for-downstream: yes

      """
    case .dnsmasq:
      """
      port=\(port)
      listen-address=\(host)
      bind-interfaces
      no-resolv
      no-hosts
      user=
      pid-file=\(folder)/pid
      local=/gate.example/
      host-record=a.gate.example,10.5.10.109,2001:db8::109
      host-record=b.gate.example,10.5.10.110
      srv-host=_web._tcp.gate.example,a.gate.example,1980,10,60
      srv-host=_web._tcp.gate.example,b.gate.example,0,20,0
      cname=alias.gate.example,a.gate.example

      """ + NameServerTests.hosts.map { "host-record=many.gate.example,\($0)\n" }.joined()
    }
  }
}
