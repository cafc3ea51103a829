import Foundation

/// A directory of its own for one test, with the files that a user would have.
final class TemporaryDirectory: Sendable {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    let url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("gatecheck-\(UUID().uuidString)")
    path = url.path
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { path + "/" + name }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: self[name])
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func read(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
  }

  func mode(_ name: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self[name])
  }

  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// What a program printed and how it ended.
struct Ran {
  let status: Int32
  let output: String
  let errors: String
}

/// Runs a program found on PATH; status 127 where it is not installed.
func run(
  _ arguments: [String], in directory: String, input: String = "", environment: [String: String] = [:]
) throws -> Ran {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  // Files, not pipes: nothing to drain, so nothing to wait for.
  let folder = try TemporaryDirectory(["in": input, "out": "", "err": ""])
  process.standardInput = FileHandle(forReadingAtPath: folder["in"])
  process.standardOutput = FileHandle(forWritingAtPath: folder["out"])
  process.standardError = FileHandle(forWritingAtPath: folder["err"])
  try process.run()
  process.waitUntilExit()
  return Ran(status: process.terminationStatus, output: try folder.read("out"), errors: try folder.read("err"))
}
