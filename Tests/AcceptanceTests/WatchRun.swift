import Foundation
import JSON
import TestSupport

/// A `resolve --watch` that runs, as JSON lines.
final class WatchRun {
  private let process = Process()
  private let (output, errors): (String, String)

  init(_ name: String, in cluster: Cluster, _ access: [String]? = nil) throws {
    (output, errors) = (cluster.folder + "/watch.out", cluster.folder + "/watch.err")
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    // Tests that run in the background inherit a SIGINT that is ignored.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["--default-signal=INT", Checkout.binary, "resolve", name, "--watch", "-o", "json"]
      + (access ?? ["--kubeconfig", cluster.folder + "/admin.kubeconfig"])
    process.environment = ["HOME": cluster.folder]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
  }

  /// What happened so far, each with the hosts of the nodes.
  func events() throws -> [String] {
    try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n").map { line in
      let json = try JSONValue.parse(String(line))
      let hosts = (json["nodes"]?.array ?? []).compactMap { $0["host"]?.string }
      return ([json["event"]?.string ?? ""] + hosts).joined(separator: " ")
    }
  }

  /// Ctrl-C: how it ended, and its last words.
  func interrupt() throws -> (status: Int32, summary: String) {
    process.interrupt()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// At once: what tests start has SIGTERM blocked.
  func stop() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
