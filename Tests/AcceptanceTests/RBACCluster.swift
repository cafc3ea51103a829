import Foundation
import Testing

/// A real API server for the tests of RBAC and tokens: one for all of them, which ends with this process.
struct RBACCluster: Sendable {
  struct Ended: Sendable {
    let status: Int32
    let output: String
    let errors: String

    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    func rules() throws -> [String] {
      (try json()["findings"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String }
    }
  }

  static let assets = ProcessInfo.processInfo.environment["GATECHECK_KUBE_ASSETS"]
  static let isAvailable = assets != nil
  static let shared = Result { try RBACCluster() }

  let run: String
  let server: String

  var kubeconfig: String { run + "/admin.kubeconfig" }

  private init() throws {
    let run = NSTemporaryDirectory() + "gatecheck-rbac-\(getpid())"
    self.run = run
    let up = Self.folder(above: #filePath, 2) + "/cluster/up.sh"
    let ended = try Self.execute(
      "/bin/bash", [up], environment: ["RUN": run, "OWNER": "\(getpid())", "EPSLICE_V1": "1"])
    try #require(ended.status == 0, "\(ended.errors)")
    server = ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func kubectl(_ arguments: String..., input: String? = nil) throws -> Ended {
    try Self.execute(
      (Self.assets ?? "") + "/kubectl", ["--kubeconfig", kubeconfig, "--cache-dir", run + "/cache"] + arguments,
      input: input)
  }

  /// A namespace of a test's own.
  func namespace(_ name: String) throws -> String {
    let ended = try kubectl("create", "namespace", name)
    try #require(ended.status == 0, "\(ended.errors)")
    return name
  }

  /// The token of a Secret, once the controller has filled it in.
  func token(_ secret: String, in namespace: String) throws -> String {
    for _ in 0..<100 {
      let found = try kubectl("-n", namespace, "get", "secret", secret, "-o", "jsonpath={.data.token}")
      if let data = Data(base64Encoded: found.output), !data.isEmpty { return String(decoding: data, as: UTF8.self) }
      usleep(100_000)
    }
    throw POSIXError(.ETIMEDOUT)
  }

  // MARK: programs

  static let binary: String = {
    if let named = ProcessInfo.processInfo.environment["GATECHECK_BINARY"] { return named }
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [CommandLine.arguments[0], program].map { ($0 as NSString).deletingLastPathComponent }
    let places = folders.map { $0 + "/gatecheck" } + [folder(above: #filePath, 3) + "/.build/debug/gatecheck"]
    return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "gatecheck"
  }()

  static func gatecheck(
    _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
  ) throws -> Ended {
    try execute(binary, arguments, input: input, environment: environment, inherits: false)
  }

  static func folder(above path: String, _ levels: Int) -> String {
    (0..<levels).reduce(path) { path, _ in (path as NSString).deletingLastPathComponent }
  }

  static func execute(
    _ program: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:],
    inherits: Bool = true
  ) throws -> Ended {
    let folder = NSTemporaryDirectory() + "gatecheck-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["out", "err"] { _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil) }
    try (input ?? "").write(toFile: folder + "/in", atomically: false, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let base =
      inherits ? ProcessInfo.processInfo.environment : ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"]
    process.environment = base.merging(environment) { $1 }
    process.standardInput = FileHandle(forReadingAtPath: folder + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: folder + "/out")
    process.standardError = FileHandle(forWritingAtPath: folder + "/err")
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + 180) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      Issue.record("hangs: \(program) \(arguments.prefix(6))")
    }
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    return Ended(status: process.terminationStatus, output: try text("out"), errors: try text("err"))
  }
}

/// A folder of a test's own with the files that a user would have.
final class RBACFolder: Sendable {
  let path = NSTemporaryDirectory() + "gatecheck-rbac-test-\(UUID().uuidString)"

  init(_ files: [String: String] = [:]) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try text.write(toFile: self[name], atomically: true, encoding: .utf8) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  subscript(name: String) -> String { path + "/" + name }
  func read(_ name: String) throws -> String { try String(contentsOfFile: self[name], encoding: .utf8) }
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  func mode(_ name: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: self[name])[.posixPermissions] as? Int ?? 0
  }
}
