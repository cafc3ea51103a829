import APISIX
import Findings
import Inputs
import SourceText

/// How an upstream chooses among its nodes, and how it speaks to them.
enum UpstreamBalancing {
  static let unknownType: Rule = """
    upstream/type-unknown (error): type names no balancer of APISIX
    Checks: That type of upstreams, and loadbalancer.type of ApisixUpstreams, is roundrobin, chash, ewma or \
    least_conn. A name that a module of one's own could have is a warning.
    Why: The schema takes any text. APISIX loads `apisix.balancer.TYPE` at the first request, and each request is \
    answered with 500: `module 'apisix.balancer.kubernetes' not found`. The registry is named by discovery_type. An \
    ApisixUpstream is refused by the API server or the ingress controller.
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
    `hash_on: vars`, the default, has no dollar sign. In an ApisixUpstream hashOn must be there as well.
    Why: APISIX refuses the upstream: `missing key`, or `failed to match pattern`. Without hashOn the ingress \
    controller does: `invalid hashOn`.
    Example: type: chash
    Fix: type: chash
    key: remote_addr
    """

  static let refusedValue: Rule = """
    upstream/value-refused (error): APISIX's schema does not accept a value of an upstream
    Checks: scheme, pass_host and hash_on of upstreams, and that `pass_host: rewrite` has an upstream_host. The same \
    of ApisixUpstreams, whose scheme is http, https, grpc or grpcs. That service_name and discovery_type of upstreams \
    are strings, and discovery_args is a map.
    Why: APISIX refuses the upstream, and drops the object that holds it: `property "scheme" validation failed: \
    matches none of the enum values`. The API server refuses the ApisixUpstream: `Unsupported value`.
    Example: scheme: HTTP
    Fix: scheme: http
    """

  static let rules = [unknownType, hashKey, refusedValue]

  static let balancers = ["roundrobin", "chash", "ewma", "least_conn"]
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

  /// The settings, in an upstream or in an ApisixUpstream, which has them in camel case.
  private struct Settings {
    let field: Field
    var isResource = false
    /// What the settings of a port inherit from.
    var outer: Field?

    /// Source: the resource definition and the translator of APISIX's ingress controller.
    private static let ways = [
      "type": ["loadbalancer", "type"], "hash_on": ["loadbalancer", "hashOn"], "key": ["loadbalancer", "key"],
      "scheme": ["scheme"], "pass_host": ["passHost"], "upstream_host": ["upstreamHost"],
      "discovery_type": ["discovery", "type"],
    ]

    private func way(_ key: String) -> [String] { isResource ? Self.ways[key] ?? [] : [key] }

    func name(_ key: String) -> String { way(key).last ?? key }

    /// Also one that is null.
    func written(_ key: String) -> Field? { way(key).reduce(field) { $0?[$1] } }

    subscript(key: String) -> Field? { written(key).flatMap { $0.isNull ? nil : $0 } }

    /// Whether more may stand there than is seen.
    var isOpen: Bool {
      [field, field["loadbalancer"]].compactMap { $0 }.contains { $0.members.contains { $0.key.isTemplated } }
    }
  }

  static func check(_ upstream: Upstream) -> [Finding] { check(Settings(field: upstream.field)) }

  /// The same in an ApisixUpstream and in the settings of its ports.
  static func check(_ resource: Manifest) -> [Finding] {
    guard resource.apiVersion.hasPrefix("apisix.apache.org/"), let spec = resource.object["spec"] else { return [] }
    let ports = spec["portLevelSettings"]?.items ?? []
    return check(Settings(field: spec, isResource: true))
      + ports.flatMap { check(Settings(field: $0, isResource: true, outer: spec)) }
  }

  private static func check(_ settings: Settings) -> [Finding] {
    [type(settings), key(settings), rewrite(settings)].compactMap { $0 }
      + ["scheme", "pass_host", "hash_on"].compactMap { word($0, settings) }
  }

  private static func type(_ settings: Settings) -> Finding? {
    // `priority` is a module there, for APISIX itself; the ingress controller takes an empty one for roundrobin.
    guard let field = settings["type"], let type = field.string, !type.isTemplated,
      type != (settings.isResource ? "" : "priority"), !balancers.contains(type)
    else { return nil }
    let folded = type.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    let registry = RegistryKind(meant: type)
    let near =
      balancers.first { $0.filter { $0 != "_" } == folded } ?? meant.first { $0.value.contains(folded) }?.key
      ?? nearest(type, among: balancers)
    // A module of one's own is found in the same way.
    let mayBeOwn =
      !settings.isResource && registry == nil && near == nil && !type.isEmpty
      && type.utf8.allSatisfy { $0.isWord || $0 == 0x2E }
    let known = "roundrobin, or chash, ewma, least_conn"
    return field.finding(
      unknownType, severity: mayBeOwn ? .warning : .error,
      settings.isResource
        ? "an ApisixUpstream has no balancer '\(SecretPatterns.quotable(type))'; it is refused"
        : type.isEmpty
          ? "type is empty; each request is answered with 500: module 'apisix.balancer.' not found"
          : "APISIX has no balancer '\(SecretPatterns.quotable(type))'; each request is answered with 500: "
            + "module 'apisix.balancer.\(SecretPatterns.quotable(type))' not found",
      help: registry.map { registry in
        "write type: roundrobin"
          + (settings["discovery_type"] != nil
            ? "; \(settings.isResource ? "discovery.type" : "discovery_type") names the registry"
            : settings.isResource ? "" : ", and discovery_type: \(registry.key)")
      } ?? (mayBeOwn ? "write \(known), unless this is a module of your own" : "write type: \(near ?? known)"),
      fix: (registry == nil ? near : "roundrobin").flatMap { field.replacing(with: $0, safe: false) })
  }

  private static func key(_ settings: Settings) -> Finding? {
    guard let type = settings["type"], type.string == "chash" else { return nil }
    if settings.isResource, settings["hash_on"].map({ $0.string == "" }) ?? !settings.isOpen {
      return type.finding(
        hashKey, "type is chash and there is no hashOn; the ingress controller refuses it: invalid hashOn",
        help: "add hashOn: vars" + (settings["key"] == nil ? ", and key: remote_addr" : ""))
    }
    let on = settings["hash_on"]?.string ?? "vars"
    if on == "consumer" || on.isTemplated { return nil }
    guard let key = settings["key"] else {
      guard settings.written("key") == nil, !settings.isOpen else { return nil }
      return type.finding(
        hashKey, "type is chash and there is no key; the upstream is refused: missing key",
        help: "add key: remote_addr, or another variable of nginx")
    }
    guard on == "vars", let text = key.string, text.hasPrefix("$"), !text.hasPrefix("${") else { return nil }
    return key.finding(
      hashKey, "key '\(text)' has a dollar sign, which APISIX does not accept with \(settings.name("hash_on")): vars",
      help: "write key: \(text.dropFirst())", fix: key.replacing(with: String(text.dropFirst())))
  }

  private static func rewrite(_ settings: Settings) -> Finding? {
    let name = settings.name("upstream_host")
    guard let pass = settings["pass_host"], pass.string == "rewrite",
      (settings.written("upstream_host") ?? settings.outer?[name]).map({ $0.string == "" }) ?? true, !settings.isOpen
    else { return nil }
    return pass.finding(
      refusedValue, "\(settings.name("pass_host")) is rewrite and there is no \(name); the upstream is refused",
      help: "add \(name): the name that the service expects")
  }

  private static func word(_ key: String, _ settings: Settings) -> Finding? {
    guard let all = words[key], let field = settings[key], let text = field.string, !text.isTemplated else {
      return nil
    }
    let words =
      settings.isResource && key == "scheme" ? all.filter { $0.hasPrefix("http") || $0.hasPrefix("grpc") } : all
    if words.contains(text) || settings.isResource && text.isEmpty { return nil }
    let meant = words.first { $0 == text.lowercased() } ?? nearest(text, among: words)
    let name = settings.name(key)
    return field.finding(
      refusedValue,
      "\(name) is '\(SecretPatterns.quotable(text))'; \(settings.isResource ? "an ApisixUpstream" : "APISIX") accepts "
        + words.joined(separator: ", "),
      help: meant.map { "write \(name): \($0)" } ?? "write one of these",
      fix: meant.flatMap { field.replacing(with: $0, safe: $0 == text.lowercased()) })
  }
}
