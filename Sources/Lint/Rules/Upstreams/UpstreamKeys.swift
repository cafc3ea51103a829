import APISIX
import Findings

enum UpstreamKeys {
  static let unknownKey: Rule = """
    upstream/unknown-key (error, since 3.6.0): An upstream has no such key
    Checks: The keys of upstreams in standalone files and in ADC's.
    Why: From 3.6.0 on APISIX refuses an upstream with a key that it does not know: `additional properties forbidden, \
    found KEY`; the object that holds it is dropped. Before, the key is ignored. ADC refuses it always.
    Example:
    upstream:
      service-name: default/plat-dev:http
      discovery_type: kubernetes
    Fix: upstream:
      service_name: default/plat-dev:http
      discovery_type: kubernetes
    """

  static let seedKeys: Rule = """
    upstream/seed-keys (error, since 3.6.0): An upstream was written back by apisix-seed
    Checks: The keys _service_name and _discovery_type in upstreams.
    Why: apisix-seed, which fetches nodes from ZooKeeper and Nacos, renames the two keys when it writes nodes back. \
    From 3.6.0 on APISIX refuses them: `additional properties forbidden, found _discovery_type`. apisix-seed has not \
    been maintained since.
    Example:
    nodes: [{host: 10.5.10.109, port: 8080, weight: 1}]
    _service_name: user-service
    _discovery_type: nacos
    Fix: service_name: user-service
    discovery_type: nacos
    """

  static let rules = [unknownKey, seedKeys]

  private static let common: Set<String> = [
    "nodes", "retries", "retry_timeout", "timeout", "tls", "keepalive_pool", "type", "checks", "hash_on", "key",
    "scheme", "discovery_type", "discovery_args", "pass_host", "upstream_host", "name", "service_name", "id", "labels",
  ]
  /// Source: APISIX's upstream schema, 3.18.0.
  private static let apisix = common.union(["desc", "create_time", "update_time"])
  /// Source: ADC's schema of upstreams.
  private static let adc = common.union(["description"])
  private static let meant = [
    "serviceName": "service_name", "discoveryType": "discovery_type", "discovery": "discovery_type",
    "discoveryArgs": "discovery_args", "algorithm": "type", "health_checks": "checks", "healthcheck": "checks",
    "health_check": "checks", "healthchecks": "checks",
  ]
  /// What belongs into the service's name.
  private static let ofName: Set = ["service_port", "port", "port_name", "service_namespace", "namespace"]
  static let seed = ["_service_name": "service_name", "_discovery_type": "discovery_type"]

  static func check(_ upstream: Upstream) -> [Finding] {
    let known = upstream.isADC ? adc : apisix
    let refused = upstream.isADC || upstream.project.release(upstream.field.file.path).has(.refusesUnknownUpstreamKeys)
    let unknown = upstream.field.members.filter {
      !known.contains($0.key) && $0.key != "<<" && !$0.key.isTemplated
    }
    guard !unknown.isEmpty else { return [] }
    // Nobody means a key that stands beside it.
    let isDiscovered = upstream.name != nil || upstream.type != nil
    let missing = known.filter { upstream.field[$0] == nil && !(isDiscovered && $0 == "nodes") }.sorted()
    let kind = RegistryKind(meant: upstream.type?.string ?? RegistryKind.kubernetes.key)
    return unknown.map { member in
      if let plain = seed[member.key] {
        return member.finding(
          seedKeys, severity: refused ? nil : .note,
          "\(member.key) was written by apisix-seed\(refused ? "; it is refused" : "")",
          help: "write \(plain), enable the registry in config.yaml and remove nodes")
      }
      let elsewhere = isDiscovered ? elsewhere(member.key, kind) : nil
      let isTimeout = ["connect", "send", "read"].contains(member.key)
      let right =
        isTimeout
        ? nil
        : meant[member.key] ?? (upstream.isADC && member.key == "desc" ? "description" : nil)
          ?? (elsewhere == nil ? nearest(member.key, among: missing) : nil)
      let free = right.map(missing.contains) ?? false
      return member.finding(
        unknownKey, severity: refused ? nil : .warning,
        "an upstream has no key '\(member.key)'\(refused ? "; it is refused" : "; it is ignored")",
        help: isTimeout
          ? "move it under timeout"
          : right.map { free ? "did you mean \($0)?" : correction(member.key, meant: $0, isThere: true) } ?? elsewhere
            ?? "remove it",
        fix: free ? right.map(member.renaming) : nil)
    }
  }

  /// What to do with a key of the service that has no place of its own.
  private static func elsewhere(_ key: String, _ kind: RegistryKind?) -> String? {
    if let name = kind.flatMap({ DiscoveryArgs.right(key, for: $0) }) {
      return "move it under discovery_args, as \(name)"
    }
    guard ofName.contains(key) else { return nil }
    return switch kind {
    case .kubernetes: "write it into service_name: NAMESPACE/NAME:PORT"
    case .dns: "write it into service_name: DOMAIN:PORT"
    default: "remove it; the registry tells it"
    }
  }
}
