import Foundation
import Inputs

@testable import HTTP

/// The running fault-server.py: a stub on loopback whose every port fails in its own way. Started once for all tests.
/// It needs python3 and openssl; without them the tests that use it fail and say so.
struct FaultServer: Sendable {
  let ports: [String: Int]
  let directory: URL

  /// Throws in every test that uses it when the server does not start.
  static let shared = Result { try FaultServer() }

  /// Held open for the life of the process: the server ends when its input does.
  private let lifeline: FileHandle

  private init() throws {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("faults-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("fault-server.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, directory.path]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    lifeline = input.fileHandleForWriting
    var line = Data()
    while !line.contains(0x0A) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Unavailable(why: "fault-server.py (python3 and openssl) did not start") }
      line += more
    }
    ports = try JSONDecoder().decode([String: Int].self, from: line)
  }

  func port(_ name: String) throws -> Int {
    guard let port = ports[name] else { throw Unavailable(why: "fault-server.py has no port \(name)") }
    return port
  }

  func url(_ scheme: String, _ name: String, _ path: String = "/") throws -> String {
    "\(scheme)://127.0.0.1:\(try port(name))\(path)"
  }

  /// The heads of all requests that a port has received.
  func requests(to name: String) throws -> [String] {
    let answer = try HTTPClient().send(Request(url("http", "log", "/\(name)"), proxy: .direct))
    return try JSONDecoder().decode([String].self, from: Data(answer.body))
  }

  func file(_ name: String) -> String { directory.appendingPathComponent(name).path }
  func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: file(name)))) }

  func clientCertificate(_ name: String) throws -> TLSSettings.ClientCertificate {
    try .init(certificate: bytes("\(name).crt"), key: Secret(bytes: bytes("\(name).key")))
  }

  /// TLS settings that trust the fault server's authority.
  var trusted: TLSSettings { TLSSettings(authorities: .file(file("ca.crt"))) }

  struct Unavailable: Error {
    let why: String
  }
}

extension HTTPClient {
  /// Many at once, by the loop under all that it does.
  func perform(_ requests: [Request], concurrency: Int) -> [Result<Response, HTTPError>] {
    run(requests, concurrency: concurrency) { $1.result($2) }
  }
}
