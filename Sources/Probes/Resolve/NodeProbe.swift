public import APISIX
package import Findings
public import HTTP
public import JSON
import Parallel

/// Whether a node takes a TCP connection from here, and a TLS handshake where that was asked for.
public struct NodeProbe: Sendable {
  public let node: UpstreamNode
  /// How many milliseconds the connection took, or what kept it from being made; nil where the node has no host or port
  /// to try.
  public let result: Result<Double, HTTPError>?
  /// nil where no handshake was tried.
  public private(set) var handshake: Handshake?

  /// How a TLS handshake ended.
  public enum Handshake: Sendable {
    case verified
    case failed(HTTPError)
  }

  /// How far the nodes are tried.
  public enum Depth: Sendable { case tcp, tls }

  /// Tries all nodes of a service at once; one timeout in all, however many are dead. With TLS it then shakes hands
  /// with those that took the connection, as a client of the Service in the cluster would that verifies its pods.
  /// - Parameter name: of a service of Kubernetes; nil for one of another registry, whose nodes go by their hosts.
  static func run(
    _ nodes: [UpstreamNode], of name: String?, _ access: AccessOptions, _ depth: Depth = .tcp, in context: Context
  ) -> [NodeProbe] {
    let timeout = min(access.requestTimeout, .seconds(3))
    let targets = nodes.map { node -> (host: String, port: Int)? in
      guard let host = node.host?.string, let port = node.port?.int, (1...65535).contains(port) else { return nil }
      return (host, port)
    }
    var results = context.http().connections(to: targets.compactMap { $0 }, timeout: timeout)[...]
    var probes = zip(nodes, targets).map { node, target in
      NodeProbe(node: node, result: target == nil ? nil : results.popFirst())
    }
    guard depth == .tls else { return probes }
    let tried = probes.indices.filter { probes[$0].isConnected }
    let parts = name?.prefix { $0 != ":" }.split(separator: "/").suffix(2)
    let tls = TLSSettings(
      authorities: access.certificateAuthority.map { .file($0) } ?? .system,
      serverName: parts.map { $0.reversed().joined(separator: ".") + ".svc" })
    let handshakes = context.http().connections(
      to: tried.compactMap { targets[$0] }, tls: tls, timeout: timeout, concurrency: 128)
    for (index, result) in zip(tried, handshakes) {
      if case .failure(let error) = result { probes[index].handshake = .failed(error) }
      if case .success = result { probes[index].handshake = .verified }
    }
    return probes
  }

  /// What there is to say of the nodes of several services, all tried at once; of each in the same order.
  package static func findings(
    _ services: [(service: RegistryService, nodes: [UpstreamNode])], _ access: AccessOptions, _ depth: Depth,
    in context: Context
  ) -> [[Finding]] {
    inParallel(services) { service, nodes in
      let (name, registry) = (service.name, service.registry)
      let probes = run(nodes, of: registry == .kubernetes ? name : nil, access, depth, in: context)
      return findings(name, probes, registry.key) + tlsFindings(name, probes, registry.key)
    }
  }

  public var isConnected: Bool {
    if case .success = result { true } else { false }
  }

  private var error: HTTPError? { if case .failure(let error) = result { error } else { nil } }

  /// The answer in words, for a table.
  public var text: String { told.text }

  /// `connected`, `refused`, `no-route`, `timed-out`, `name-not-resolved`, `cancelled`, `failed`, `not-tried`
  public var word: String { told.word }

  private var told: (word: String, text: String) {
    if case .success(let milliseconds) = result {
      return ("connected", "connected in \(Self.rounded(milliseconds)) ms\(handshake?.text ?? "")")
    }
    return switch error?.kind {
    case .refused: ("refused", "refused: nothing listens")
    case .unreachable: ("no-route", "no route: pod addresses are not reachable from here")
    case .timedOut: ("timed-out", "timed out: filtered")
    case .nameNotResolved, .unsupportedURL: ("name-not-resolved", "the name does not resolve from here")
    case .cancelled: ("cancelled", "not tried to the end")
    case .connectFailed(let errno) where errno != 0: ("failed", "failed: \(HTTPError.words(of: errno))")
    case _?: ("failed", "failed: \(error.map { "\($0)" } ?? "")")
    case nil: ("not-tried", "not tried: no host or port")
    }
  }

  public var json: JSONValue {
    guard case .success(let milliseconds) = result else { return ["result": .string(word)] }
    return .object([
      "result": "connected", "milliseconds": .number((milliseconds * 10).rounded() / 10),
      "tls": handshake.map { .string($0.word) },
    ])
  }

  /// What the answers say together; nothing when all nodes connect, or the user ended it.
  static func findings(_ name: String, _ probes: [NodeProbe], _ registry: String = RegistryKind.kubernetes.key)
    -> [Finding]
  {
    if let error = probes.lazy.compactMap(\.error).first(where: { $0.kind == .libcurlMissing }) {
      return [Finding(rule: ConnectRules.libcurlMissing, message: "\(error)")]
    }
    let dead = probes.filter { !$0.isConnected && $0.error?.kind != .cancelled }
    guard !dead.isEmpty else { return [] }
    let counts = Dictionary(dead.map { ($0.word, 1) }, uniquingKeysWith: +)
    if probes.count == 1, let only = dead.first {
      return [
        Finding(
          ResolveRules.unreachableNodes,
          "the only node of \(name) does not answer from here: \(only.word.replacingDashes)",
          help: help(counts, name, registry))
      ]
    }
    let told = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key.replacingDashes)" }.joined(separator: ", ")
    let none = dead.count == probes.count
    return [
      Finding(
        ResolveRules.unreachableNodes, severity: none ? .error : .warning,
        none
          ? "none of the \(counted(probes.count, "node")) of \(name) answers from here: \(told)"
          : "\(dead.count) of \(probes.count) nodes of \(name) do not answer from here: \(told)",
        help: help(counts, name, registry))
    ]
  }

  private static func help(_ counts: [String: Int], _ name: String, _ registry: String) -> String {
    guard registry == RegistryKind.kubernetes.key else {
      return counts["refused"] != nil
        ? "does the instance listen on this port, on all addresses? \(registry) may not know yet that it is gone"
        : "probe from where APISIX runs: the addresses may not be reachable from here"
    }
    let inside = "gatecheck resolve \(name) --probe --from-pod | kubectl apply -f - asks from inside the cluster"
    if counts["no-route"] != nil || counts["timed-out"] != nil {
      return "pod addresses are usually reachable inside the cluster only: probe from where APISIX runs; \(inside)"
    }
    if counts["refused"] != nil { return "does the container listen on this port, on all addresses? \(inside)" }
    return inside
  }

  private static func rounded(_ milliseconds: Double) -> String {
    milliseconds < 10 ? "\((milliseconds * 10).rounded() / 10)" : "\(Int(milliseconds.rounded()))"
  }
}

extension String {
  fileprivate var replacingDashes: String { String(map { $0 == "-" ? " " : $0 }) }
}
