import Foundation
import Testing

/// The checkout, and what of it the tests use.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static var examples: String { path("docs/examples") }
  static var fixtures: String { path("Tests/Fixtures") }

  static func path(_ name: String) -> String { root.appendingPathComponent(name).path }
  static func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  /// GATECHECK_BINARY, else the one that was built with these tests.
  static let binary: String = {
    if let named = ProcessInfo.processInfo.environment["GATECHECK_BINARY"] { return named }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [CommandLine.arguments[0], program].map { ($0 as NSString).deletingLastPathComponent }
    let places = folders.map { $0 + "/gatecheck" } + [path(".build/debug/gatecheck")]
    return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "gatecheck"
  }()

  /// Files below a folder, by path.
  static func files(below folder: String, suffix: String = "") -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    var isDirectory: ObjCBool = false
    return names.sorted().filter { name in
      FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isDirectory)
        && !isDirectory.boolValue && name.hasSuffix(suffix)
    }
  }
}

/// A directory of its own for one test, with the files that a user would have.
final class Folder: Sendable {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("gatecheck-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, text) }
  }

  /// A copy of a folder of the checkout.
  init(copyOf folder: String) throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("gatecheck-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in Checkout.files(below: folder) where !name.hasPrefix(".cluster") {
      try write(name, Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
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
  func names() -> [String] { Checkout.files(below: path) }
}

/// What a program printed and how it ended.
struct Ended {
  let status: Int32
  let output: String
  let errors: String

  /// The one JSON document on standard output.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
  var rules: [String] {
    let findings = (try? json())?["findings"] as? [[String: Any]] ?? []
    return findings.compactMap { $0["rule"] as? String }
  }
}

/// Runs gatecheck as a user would, with an environment of its own.
func gatecheck(
  _ arguments: [String], in folder: String = Checkout.examples, input: String = "", environment: [String: String] = [:]
) throws -> Ended {
  try execute(Checkout.binary, arguments, in: folder, input: input, environment: environment)
}

func gatecheck(
  _ arguments: String..., in folder: String = Checkout.examples, input: String = "",
  environment: [String: String] = [:]
) throws -> Ended {
  try gatecheck(arguments, in: folder, input: input, environment: environment)
}

/// Runs lines of bash with `gatecheck` on PATH.
func bash(
  _ script: String, in folder: String = Checkout.examples, input: String = "", environment: [String: String] = [:]
) throws -> Ended {
  try execute("/bin/bash", ["-c", script], in: folder, input: input, environment: environment)
}

private func execute(
  _ program: String, _ arguments: [String], in folder: String, input: String, environment: [String: String]
) throws -> Ended {
  let bin = (Checkout.binary as NSString).deletingLastPathComponent
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  process.environment = ["PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
    .merging(environment) { $1 }
  // Files, not pipes: nothing to drain, so nothing to wait for.
  let files = try Folder(["in": input, "out": "", "err": ""])
  process.standardInput = FileHandle(forReadingAtPath: files["in"])
  process.standardOutput = FileHandle(forWritingAtPath: files["out"])
  process.standardError = FileHandle(forWritingAtPath: files["err"])
  let ended = DispatchSemaphore(value: 0)
  process.terminationHandler = { _ in ended.signal() }
  try process.run()
  if ended.wait(timeout: .now() + 120) == .timedOut {
    kill(process.processIdentifier, SIGKILL)
    ended.wait()
    Issue.record("hangs: \(program) \(arguments.prefix(9))")
  }
  return Ended(
    status: process.terminationStatus,
    output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: files["out"])), as: UTF8.self),
    errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: files["err"])), as: UTF8.self))
}

/// What stands in the checkout's text, and what a run gave: GATECHECK_UPDATE=1 writes the latter into the checkout.
func expectGolden(_ text: String, _ name: String, _ location: SourceLocation = #_sourceLocation) throws {
  let path = Checkout.path(name)
  if ProcessInfo.processInfo.environment["GATECHECK_UPDATE"] == "1" {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return
  }
  let expected = try? String(contentsOfFile: path, encoding: .utf8)
  #expect(expected == text, "\(name) differs; GATECHECK_UPDATE=1 writes what is now", sourceLocation: location)
}
