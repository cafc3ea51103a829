import Foundation

/// A server of Debian's that runs in a folder of its own until `stop`, or until the tests end.
public final class ServerProcess: @unchecked Sendable {
  public let folder: Folder
  private let process = Process()

  /// Where `Tests/servers/fetch.sh` unpacked it; nil where it cannot be had.
  public static func files(of name: String) -> String? {
    guard let ended = try? execute("/bin/bash", [Checkout.path("Tests/servers/fetch.sh"), name], patience: 300),
      ended.status == 0
    else { return nil }
    return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// - Parameter isReady: asked until it is so.
  public init(
    _ program: String, _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
    isReady: () throws -> Bool
  ) throws {
    self.folder = folder
    // Goes down with the tests, however they end.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments = ["--pdeathsig", "TERM", "--", program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    try folder.write("server.log", "")
    let log = FileHandle(forWritingAtPath: folder["server.log"])
    process.standardOutput = log
    process.standardError = log
    try process.run()
    for _ in 0..<300 {
      if try isReady() { return }
      usleep(100_000)
    }
    stop()
    throw Unusable(description: "\(program) does not come up: \((try? folder.read("server.log")) ?? "")")
  }

  public func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Halts it, with all its connections, or lets it go on.
  public func halt(_ isHalted: Bool) { kill(process.processIdentifier, isHalted ? SIGSTOP : SIGCONT) }

  /// A port at which nobody listens, for now.
  public static func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    return UInt16(bigEndian: address.sin_port)
  }
}
