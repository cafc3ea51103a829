import Foundation

/// A real name server, from Tests/servers/fetch.sh, that serves one zone on loopback until nobody holds it.
public final class NameServer {
  public enum Program: String, CaseIterable, Sendable {
    case nsd, knotd, unbound, dnsmasq

    /// Whether it can be had here.
    public var isThere: Bool { files != nil }
    var files: String? { Self.all[self] }

    private static let all = Dictionary(
      uniqueKeysWithValues: allCases.compactMap { program -> (Program, String)? in
        let name = program == .knotd ? "knot" : program.rawValue
        return ServerProcess.files(of: name).map { (program, $0) }
      })
  }

  public let address: String
  private let folder: Folder
  private let process: pid_t

  /// - Parameters:
  ///   - records: those of its zone beside SOA and NS; of dnsmasq lines of its configuration.
  ///   - settings: more of the program's configuration.
  public init(
    _ program: Program, on host: String = "127.0.0.1", zone: String = "gate.example", _ records: String,
    settings: String = ""
  ) throws {
    var log = ""
    // Another test may have taken the port meanwhile, for TCP too.
    for _ in 0..<5 {
      let port = try StubNameServer.closedPort()
      let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      let folder = try Folder([
        "\(zone).zone": """
        $ORIGIN \(zone).
        $TTL 60
        @ IN SOA ns hostmaster 1 60 60 60 60
        @ IN NS ns
        ns IN A 127.0.0.1
        \(program == .dnsmasq ? "" : records)

        """
      ])
      let own = program == .dnsmasq ? records : settings
      try folder.write("conf", Self.configuration(program, host, port, folder.path, zone) + own + "\n")
      let process = try Self.start(program, in: folder)
      if Self.answers(host, port, process) {
        (self.address, self.folder, self.process) = (address, folder, process)
        return
      }
      kill(-process, SIGKILL)
      log = (try? String(contentsOfFile: folder["log"], encoding: .utf8)) ?? ""
    }
    throw Unusable(description: "\(program.rawValue) does not run: \(log)")
  }

  private static func start(_ program: Program, in folder: Folder) throws -> pid_t {
    let arguments =
      switch program {
      case .nsd: "-d -c conf"
      case .knotd: "-c conf"
      case .unbound: "-d -c conf"
      case .dnsmasq: "-k -C conf"
      }
    let files = program.files ?? ""
    // It ends by itself where the tests are killed. Its group is its own.
    let started = try execute(
      "/bin/sh",
      ["-c", "timeout -s KILL 300 \(files)/usr/sbin/\(program.rawValue) \(arguments) >log 2>&1 & echo $!"],
      in: folder.path,
      environment: [
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH": "\(files)/usr/lib/x86_64-linux-gnu",
      ])
    guard let process = pid_t(started.output.trimmingCharacters(in: .newlines)) else {
      throw Unusable(description: started.errors)
    }
    return process
  }

  /// Waits until it answers; false where it has ended.
  private static func answers(_ host: String, _ port: UInt16, _ process: pid_t) -> Bool {
    let isSix = host.contains(":")
    let descriptor = socket(isSix ? AF_INET6 : AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 0, tv_usec: 100_000)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var four = sockaddr_in()
    (four.sin_family, four.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
    four.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var six = sockaddr_in6()
    (six.sin6_family, six.sin6_port, six.sin6_addr) = (sa_family_t(AF_INET6), port.bigEndian, in6addr_loopback)
    let connected = withUnsafePointer(to: &four) { four in
      withUnsafePointer(to: &six) { six in
        isSix
          ? six.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 28) }
          : four.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
      }
    }
    // The root's SOA: any answer will do.
    let question: [UInt8] = [0x67, 0x63, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 1]
    var answer = [UInt8](repeating: 0, count: 512)
    for _ in 0..<300 where connected == 0 && kill(process, 0) == 0 {
      if send(descriptor, question, question.count, Int32(MSG_NOSIGNAL)) > 0,
        recv(descriptor, &answer, answer.count, 0) > 0
      {
        return true
      }
      usleep(20_000)
    }
    return false
  }

  /// What the test runner starts has SIGTERM blocked.
  deinit { kill(-process, SIGKILL) }

  private static func configuration(
    _ program: Program, _ host: String, _ port: UInt16, _ folder: String, _ zone: String
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
        name: \(zone)
        zonefile: \(zone).zone

      """
    case .knotd:
      """
      server:
        rundir: "\(folder)"
        listen: \(host)@\(port)
      database:
        storage: "\(folder)"
      zone:
        - domain: \(zone)
          storage: "\(folder)"
          file: \(zone).zone

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
        name: \(zone)
        zonefile: "\(folder)/\(zone).zone"
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
      local=/\(zone)/

      """
    }
  }
}
