import Foundation

/// A real API server of its own, from Tests/cluster. It goes down with the process of the tests.
public struct Cluster: Sendable {
  /// Where Tests/cluster/build.sh put Kubernetes' programs; nil where these tests cannot run.
  public static let assets = ProcessInfo.processInfo.environment["GATECHECK_KUBE_ASSETS"]
  public static var isThere: Bool { assets != nil }
  /// One for all tests that leave nothing behind but in namespaces of their own.
  public static let shared = Result { try Cluster(flags: ["EPSLICE_V1": "1"]) }

  public let folder: String
  public let server: String

  public init(flags: [String: String] = [:]) throws {
    folder = NSTemporaryDirectory() + "gatecheck-cluster-\(UUID().uuidString)"
    try Self.script("up.sh", environment: flags.merging(["RUN": folder, "OWNER": "\(getpid())"]) { $1 })
    server = try String(contentsOfFile: folder + "/server", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func script(_ name: String, _ arguments: String..., environment: [String: String]) throws {
    let ended = try execute(
      "/bin/bash", [Checkout.path("Tests/cluster/\(name)")] + arguments, environment: environment,
      patience: 600)
    guard ended.status == 0 else { throw Unusable(description: "\(name): \(ended.errors)") }
  }

  public func down() { try? Self.script("down.sh", environment: ["RUN": folder]) }

  /// Kills the API server alone as a crash would, or starts it again.
  public func apiserver(_ what: String) throws { try Self.script("restart.sh", what, environment: ["RUN": folder]) }

  /// Repeats until it is so, for two minutes at most: controllers take their time, and so does a server that starts.
  public static func eventually(_ isSo: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<600 {
      if try isSo() { return true }
      usleep(200_000)
    }
    return false
  }

  public var authority: String { folder + "/ca.crt" }
  public var kubeconfig: String { folder + "/admin.kubeconfig" }
  public var port: String { String(server.split(separator: ":").last ?? "") }
  /// `v1.20.2`
  public var version: String {
    get throws {
      let text = try kubectl("get", "--raw", "/version")
      let words = text.components(separatedBy: "\"gitVersion\": \"")
      return String(words.last?.prefix { $0 != "\"" } ?? "")
    }
  }

  /// What kubectl prints; throws when it fails.
  @discardableResult
  public func kubectl(_ arguments: String..., input: String = "") throws -> String {
    let ended = try asking(arguments, input)
    guard ended.status == 0 else { throw Unusable(description: "kubectl \(arguments): \(ended.errors)") }
    return ended.output
  }

  /// How kubectl ends.
  public func trying(_ arguments: String..., input: String = "") throws -> Ended { try asking(arguments, input) }

  private func asking(_ arguments: [String], _ input: String) throws -> Ended {
    try execute(
      (Self.assets ?? "") + "/kubectl", ["--kubeconfig", kubeconfig, "--cache-dir", folder + "/cache"] + arguments,
      input: input)
  }

  public func gatecheck(_ arguments: String...) throws -> Ended { try gatecheck(arguments) }

  public func gatecheck(_ arguments: [String]) throws -> Ended {
    try TestSupport.gatecheck(arguments, environment: ["HOME": folder])
  }

  /// A namespace of a test's own.
  public func namespace(_ name: String) throws -> String {
    try kubectl("create", "namespace", name)
    return name
  }

  /// The token of a Secret, once the controller has filled it in: within a second; a machine under load takes longer.
  public func token(_ secret: String, in namespace: String) throws -> String {
    for _ in 0..<300 {
      let encoded = try trying("-n", namespace, "get", "secret", secret, "-o", "jsonpath={.data.token}").output
      if let data = Data(base64Encoded: encoded), !data.isEmpty { return String(decoding: data, as: UTF8.self) }
      usleep(100_000)
    }
    throw Unusable(description: "the Secret \(secret) was never filled")
  }

  /// The token of a ServiceAccount in default, from a Secret made for it.
  public func token(of account: String) throws -> String {
    if try trying("get", "secret", "\(account)-token").status != 0 {
      try kubectl(
        "apply", "-f", "-",
        input: """
          apiVersion: v1
          kind: Secret
          type: kubernetes.io/service-account-token
          metadata: {name: \(account)-token, annotations: {kubernetes.io/service-account.name: \(account)}}
          """)
    }
    return try token("\(account)-token", in: "default")
  }

  /// A config.yaml for this cluster; gives its path.
  public func config(_ name: String, token: String, extra: String = "", port: String? = nil) throws -> String {
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
}
