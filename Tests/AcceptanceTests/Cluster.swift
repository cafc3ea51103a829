import Foundation

/// A real API server of its own, from Tests/cluster. It goes down with the process of the tests.
struct Cluster {
  static var assets: String? { ProcessInfo.processInfo.environment["GATECHECK_KUBE_ASSETS"] }
  /// The program that users run.
  static var gatecheck: String? { ProcessInfo.processInfo.environment["GATECHECK_BINARY"] }
  static var isThere: Bool { assets != nil && gatecheck != nil }

  let folder: String
  let server: String
  private let scripts: String

  struct Ended {
    let status: Int32
    let output: String
    let errors: String
  }

  struct Failure: Error, CustomStringConvertible { let description: String }

  init(flags: [String: String] = [:]) throws {
    folder = NSTemporaryDirectory() + "gatecheck-cluster-\(UUID().uuidString)"
    scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../cluster").path
    var environment = ProcessInfo.processInfo.environment
    environment["RUN"] = folder
    environment["OWNER"] = "\(ProcessInfo.processInfo.processIdentifier)"
    environment.merge(flags) { _, new in new }
    let up = try Self.run("/bin/bash", ["\(scripts)/up.sh"], environment: environment)
    guard up.status == 0 else { throw Failure(description: "up.sh: \(up.errors)") }
    server = try String(contentsOfFile: folder + "/server", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func down() {
    var environment = ProcessInfo.processInfo.environment
    environment["RUN"] = folder
    _ = try? Self.run("/bin/bash", ["\(scripts)/down.sh"], environment: environment)
  }

  /// Kills the API server alone as a crash would, or starts it again.
  func apiserver(_ what: String) throws {
    var environment = ProcessInfo.processInfo.environment
    environment["RUN"] = folder
    let ended = try Self.run("/bin/bash", ["\(scripts)/restart.sh", what], environment: environment)
    guard ended.status == 0 else { throw Failure(description: "restart.sh: \(ended.errors)") }
  }

  /// Repeats until it is so, for half a minute at most: controllers take their time.
  static func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<150 {
      if try isSo() { return true }
      usleep(200_000)
    }
    return false
  }

  var authority: String { folder + "/ca.crt" }
  /// `v1.20.2`
  var version: String {
    get throws {
      let text = try kubectl("get", "--raw", "/version")
      let words = text.components(separatedBy: "\"gitVersion\": \"")
      return String(words.last?.prefix { $0 != "\"" } ?? "")
    }
  }
  var port: String { String(server.split(separator: ":").last ?? "") }

  @discardableResult
  func kubectl(_ arguments: String..., input: String = "") throws -> String {
    let ended = try Self.run(
      (Self.assets ?? "") + "/kubectl", ["--kubeconfig", folder + "/admin.kubeconfig"] + arguments, input: input)
    guard ended.status == 0 else { throw Failure(description: "kubectl \(arguments): \(ended.errors)") }
    return ended.output
  }

  func gatecheck(_ arguments: String...) throws -> Ended {
    try Self.run(Self.gatecheck ?? "", arguments, environment: ["HOME": folder])
  }

  /// The token of a ServiceAccount in default, from a Secret made for it and filled by the controller.
  func token(of account: String) throws -> String {
    if (try? kubectl("get", "secret", "\(account)-token")) == nil {
      try kubectl(
        "apply", "-f", "-",
        input: """
          apiVersion: v1
          kind: Secret
          type: kubernetes.io/service-account-token
          metadata: {name: \(account)-token, annotations: {kubernetes.io/service-account.name: \(account)}}
          """)
    }
    // The controller fills it within a second; a machine under load takes longer.
    for _ in 0..<300 {
      let encoded = try kubectl("get", "secret", "\(account)-token", "-o", "jsonpath={.data.token}")
      if let data = Data(base64Encoded: encoded), !data.isEmpty { return String(decoding: data, as: UTF8.self) }
      usleep(100_000)
    }
    throw Failure(description: "the Secret of \(account) was never filled")
  }

  /// A config.yaml for this cluster; gives its path.
  func config(_ name: String, token: String, extra: String = "", port: String? = nil) throws -> String {
    let path = "\(folder)/\(name).yaml"
    try """
    discovery:
      kubernetes:
        service: {schema: https, host: "127.0.0.1", port: "\(port ?? self.port)"}
        client:
          token: "\(token)"
        \(extra)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  static func run(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: String = ""
  ) throws -> Ended {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let environment { process.environment = environment }
    // Files, not pipes: a server that stays would hold a pipe open.
    let folder = NSTemporaryDirectory() + "gatecheck-run-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func file(_ name: String, _ text: String = "") throws -> FileHandle {
      let path = "\(folder)/\(name)"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      guard let handle = FileHandle(forUpdatingAtPath: path) else { throw Failure(description: "no file \(path)") }
      return handle
    }
    process.standardInput = try file("in", input)
    process.standardOutput = try file("out")
    process.standardError = try file("err")
    try process.run()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus,
      output: try String(contentsOfFile: folder + "/out", encoding: .utf8),
      errors: try String(contentsOfFile: folder + "/err", encoding: .utf8))
  }
}
