import Foundation
import JSON
import TestSupport

/// A `resolve --watch` that runs, as JSON lines.
final class WatchRun {
  private let process = Process()
  private let (output, errors): (String, String)

  convenience init(_ name: String, in cluster: Cluster, _ access: [String]? = nil) throws {
    try self.init(name, in: cluster.folder, access ?? ["--kubeconfig", cluster.folder + "/admin.kubeconfig"])
  }

  /// - Parameter folder: where it runs, and its output goes.
  init(_ name: String, in folder: String, _ access: [String]) throws {
    (output, errors) = (folder + "/watch.out", folder + "/watch.err")
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    // Tests that run in the background inherit a SIGINT that is ignored.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["--default-signal=INT", Checkout.binary, "resolve", name, "--watch", "-o", "json"] + access
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["HOME": folder]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
  }

  /// What happened so far.
  func lines() throws -> [JSONValue] {
    try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").map { try JSONValue.parse(String($0)) }
  }

  /// The same in short, each with the hosts of the nodes.
  func events() throws -> [String] {
    try lines().map { json in
      let hosts = (json["nodes"]?.array ?? []).compactMap { $0["host"]?.string }
      return ([json["event"]?.string ?? ""] + hosts).joined(separator: " ")
    }
  }

  /// All that was written on standard error.
  func said() throws -> String { try String(contentsOfFile: errors, encoding: .utf8) }

  /// Ctrl-C: how it ended, and its last words.
  func interrupt() throws -> (status: Int32, summary: String) {
    process.interrupt()
    process.waitUntilExit()
    return (process.terminationStatus, try said())
  }

  /// At once: what tests start has SIGTERM blocked.
  func stop() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
