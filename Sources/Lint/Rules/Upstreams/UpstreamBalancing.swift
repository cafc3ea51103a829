import APISIX
import Findings
import Inputs
import SourceText

/// How an upstream chooses among its nodes, and how it speaks to them.
enum UpstreamBalancing {
  static let unknownType: Rule = """
    upstream/type-unknown (error): type names no balancer of APISIX
    Checks: That type of upstreams is roundrobin, chash, ewma or least_conn. A name that a module of one's own could \
    have is a warning.
    Why: The schema takes any text. APISIX loads `apisix.balancer.TYPE` at the first request, and each request is \
    answered with 500: `module 'apisix.balancer.kubernetes' not found`. The registry is named by discovery_type.
    Example:
    type: kubernetes
    service_name: default/plat-dev:http
    Fix: type: roundrobin
    discovery_type: kubernetes
    service_name: default/plat-dev:http
    """

  static let hashKey: Rule = """
    upstream/hash-key (error): chash has nothing to hash
    Checks: That upstreams with `type: chash` have a key, unless `hash_on` is consumer, and that the key of \
    `hash_on: vars`, the default, has no dollar sign.
    Why: APISIX refuses the upstream: `missing key`, or `failed to match pattern`.
    Example: type: chash
    Fix: type: chash
    key: remote_addr
    """

  static let refusedValue: Rule = """
    upstream/value-refused (error): APISIX's schema does not accept a value of an upstream
    Checks: scheme, pass_host and hash_on of upstreams, and that `pass_host: rewrite` has an upstream_host.
    Why: APISIX refuses the upstream, and drops the object that holds it: `property "scheme" validation failed: \
    matches none of the enum values`.
    Example: scheme: HTTP
    Fix: scheme: http
    """

  static let rules = [unknownType, hashKey, refusedValue]

  private static let balancers = ["roundrobin", "chash", "ewma", "least_conn"]
  private static let meant = [
    "roundrobin": ["wrr", "rr", "weightedroundrobin", "smoothroundrobin"],
    "least_conn": ["leastconnection", "leastconnections", "leastconns"],
    "chash": ["hash", "consistenthash", "consistenthashing", "iphash"],
  ]
  /// Source: APISIX's upstream schema, 2.15 to 3.18.
  private static let words = [
    "scheme": ["http", "https", "grpc", "grpcs", "tcp", "tls", "udp", "kafka"],
    "pass_host": ["pass", "node", "rewrite"],
    "hash_on": ["vars", "header", "cookie", "consumer", "vars_combinations"],
  ]

  static func check(_ upstream: Upstream) -> [Finding] {
    [type(upstream), key(upstream), rewrite(upstream)].compactMap { $0 }
      + ["scheme", "pass_host", "hash_on"].compactMap { word($0, upstream) }
  }

  private static func type(_ upstream: Upstream) -> Finding? {
    // `priority` is a module there, for APISIX itself.
    guard let field = upstream.given("type"), let type = field.string, !type.isTemplated, type != "priority",
      !balancers.contains(type)
    else { return nil }
    let folded = type.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    let registry = RegistryKind(meant: type)
    let near =
      balancers.first { $0.filter { $0 != "_" } == folded } ?? meant.first { $0.value.contains(folded) }?.key
      ?? nearest(type, among: balancers)
    // A module of one's own is found in the same way.
    let mayBeOwn = registry == nil && near == nil && !type.isEmpty && type.utf8.allSatisfy { $0.isWord || $0 == 0x2E }
    let known = "roundrobin, chash, ewma or least_conn"
    return field.finding(
      unknownType, severity: mayBeOwn ? .warning : .error,
      type.isEmpty
        ? "type is empty; each request is answered with 500: module 'apisix.balancer.' not found"
        : "APISIX has no balancer '\(SecretPatterns.quotable(type))'; each request is answered with 500: "
          + "module 'apisix.balancer.\(SecretPatterns.quotable(type))' not found",
      help: registry.map { registry in
        "write type: roundrobin"
          + (upstream.type == nil ? ", and discovery_type: \(registry.key)" : "; discovery_type names the registry")
      } ?? (mayBeOwn ? "write \(known), unless this is a module of your own" : "write type: \(near ?? known)"),
      fix: (registry == nil ? near : "roundrobin").flatMap { field.replacing(with: $0, safe: false) })
  }

  private static func key(_ upstream: Upstream) -> Finding? {
    guard let type = upstream.given("type"), type.string == "chash" else { return nil }
    let on = upstream.given("hash_on")?.string ?? "vars"
    if on == "consumer" || on.isTemplated { return nil }
    guard let key = upstream.given("key") else {
      guard upstream.field["key"] == nil, !upstream.field.members.contains(where: { $0.key.isTemplated }) else {
        return nil
      }
      return type.finding(
        hashKey, "type is chash and there is no key; the upstream is refused: missing key",
        help: "add key: remote_addr, or another variable of nginx")
    }
    guard on == "vars", let text = key.string, text.hasPrefix("$"), !text.hasPrefix("${") else { return nil }
    return key.finding(
      hashKey, "key '\(text)' has a dollar sign, which APISIX does not accept with hash_on: vars",
      help: "write key: \(text.dropFirst())", fix: key.replacing(with: String(text.dropFirst())))
  }

  private static func rewrite(_ upstream: Upstream) -> Finding? {
    guard let pass = upstream.given("pass_host"), pass.string == "rewrite",
      upstream.field["upstream_host"].map({ $0.string == "" }) ?? true,
      !upstream.field.members.contains(where: { $0.key.isTemplated })
    else { return nil }
    return pass.finding(
      refusedValue, "pass_host is rewrite and there is no upstream_host; the upstream is refused",
      help: "add upstream_host: the name that the service expects")
  }

  private static func word(_ name: String, _ upstream: Upstream) -> Finding? {
    guard let words = words[name], let field = upstream.given(name), let text = field.string, !text.isTemplated,
      !words.contains(text)
    else { return nil }
    let meant = words.first { $0 == text.lowercased() } ?? nearest(text, among: words)
    return field.finding(
      refusedValue, "\(name) is '\(SecretPatterns.quotable(text))'; APISIX accepts \(words.joined(separator: ", "))",
      help: meant.map { "write \(name): \($0)" } ?? "write one of these",
      fix: meant.flatMap { field.replacing(with: $0, safe: $0 == text.lowercased()) })
  }
}
