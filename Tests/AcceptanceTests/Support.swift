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

/// posix_spawn, since Foundation's Process does not bear many tests at once. Files, not pipes: nothing to drain.
private func execute(
  _ program: String, _ arguments: [String], in folder: String, input: String, environment: [String: String]
) throws -> Ended {
  let bin = (Checkout.binary as NSString).deletingLastPathComponent
  let variables = ["PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
    .merging(environment) { $1 }
  let files = try Folder(["in": input, "out": "", "err": ""])
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, files["in"], O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, files["out"], O_WRONLY | O_APPEND, 0)
  posix_spawn_file_actions_addopen(&actions, 2, files["err"], O_WRONLY | O_APPEND, 0)
  let argv = (["env", "-C", folder, program] + arguments).map { strdup($0) } + [nil]
  let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in argv + envp { free(text) } }
  var child: pid_t = 0
  let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, argv, envp)
  try #require(code == 0, "cannot run \(program): \(String(cString: strerror(code)))")
  var status: Int32 = 0
  let deadline = ContinuousClock.now + .seconds(120)
  while waitpid(child, &status, WNOHANG) == 0 {
    if .now > deadline {
      kill(child, SIGKILL)
      waitpid(child, &status, 0)
      Issue.record("hangs: \(program) \(arguments.prefix(9))")
      break
    }
    usleep(2000)
  }
  let read = { (name: String) in
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: files[name])), as: UTF8.self)
  }
  let signal = status & 0x7F
  return Ended(
    status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: try read("out"), errors: try read("err"))
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
