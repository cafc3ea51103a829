public import Foundation
import Testing

/// What a program printed and how it ended.
public struct Ended: Sendable {
  public let status: Int32
  public let output: String
  public let errors: String

  public init(status: Int32, output: String, errors: String) {
    self.status = status
    self.output = output
    self.errors = errors
  }

  /// The one JSON document on standard output.
  public func json() throws -> [String: Any] {
    guard let json = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] else {
      throw Unusable(description: "no JSON object: \(output)")
    }
    return json
  }

  /// The rules of the findings in that document, in their order.
  public var rules: [String] {
    let findings = (try? json())?["findings"] as? [[String: Any]] ?? []
    return findings.compactMap { $0["rule"] as? String }
  }
}

/// Why a test cannot go on.
public struct Unusable: Error, CustomStringConvertible {
  public let description: String
  public init(description: String) { self.description = description }
}

/// Runs gatecheck as a user would, with an environment of its own.
public func gatecheck(
  _ arguments: [String], in folder: String = Checkout.examples, input: String = "", environment: [String: String] = [:]
) throws -> Ended {
  try execute(Checkout.binary, arguments, in: folder, input: input, environment: environment, inherits: false)
}

public func gatecheck(
  _ arguments: String..., in folder: String = Checkout.examples, input: String = "",
  environment: [String: String] = [:]
) throws -> Ended {
  try gatecheck(arguments, in: folder, input: input, environment: environment)
}

/// Runs lines of bash with `gatecheck` on PATH.
public func bash(
  _ script: String, in folder: String = Checkout.examples, input: String = "", environment: [String: String] = [:]
) throws -> Ended {
  try execute("/bin/bash", ["-c", script], in: folder, input: input, environment: environment, inherits: false)
}

/// Runs a program to its end, and ends one that hangs. posix_spawn, since Foundation's Process does not bear many tests
/// at once. Files, not pipes: nothing to drain, and a server that stays would hold a pipe open.
/// - Parameters:
///   - program: a path, or a name on PATH; status 127 where there is none.
///   - environment: beside that of the tests, or beside PATH, HOME and LANG alone where it does not inherit.
///   - patience: in seconds.
public func execute(
  _ program: String, _ arguments: [String], in folder: String = NSTemporaryDirectory(), input: String = "",
  environment: [String: String] = [:], inherits: Bool = true, patience: Int = 180
) throws -> Ended {
  let bin = (Checkout.binary as NSString).deletingLastPathComponent
  let base =
    inherits
    ? ProcessInfo.processInfo.environment
    : ["PATH": "\(bin):/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"]
  let files = try Folder(["in": input, "out": "", "err": ""])
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, 0, files["in"], O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, files["out"], O_WRONLY | O_APPEND, 0)
  posix_spawn_file_actions_addopen(&actions, 2, files["err"], O_WRONLY | O_APPEND, 0)
  let argv = (["env", "-C", folder, program] + arguments).map { strdup($0) } + [nil]
  let envp = base.merging(environment) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in argv + envp { free(text) } }
  var child: pid_t = 0
  let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, argv, envp)
  guard code == 0 else { throw Unusable(description: "cannot run \(program): \(String(cString: strerror(code)))") }
  var status: Int32 = 0
  let deadline = ContinuousClock.now + .seconds(patience)
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
