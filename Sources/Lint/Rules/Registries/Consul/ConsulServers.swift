import APISIX
import Findings
import Inputs

enum ConsulServers {
  static let address: Rule = """
    consul/server-address (error, since 2.13.0): A Consul server's address is none that APISIX takes
    Checks: That every item of `servers` of consul and consul_kv is `http://host` or `http://host:port` and nothing \
    more.
    Why: The schema looks at none of them. When the registry starts it refuses https, a path and a slash at the end \
    (`invalid consul server address, the valid format: http://address:port`) and crashes without a scheme (`bad \
    argument #1 to 'unpack'`). The gateway runs, and every service of the registry answers 503.
    Example:
    discovery:
      consul:
        servers: ["https://consul.example.org:8501/"]
    Fix: discovery:
      consul:
        servers: ["http://consul.example.org:8500"]
    """

  static let intervalUnused: Rule = """
    consul/fetch-interval-unused (note, since 2.13.0): fetch_interval has no effect while keepalive is on
    Checks: Whether consul or consul_kv has a `fetch_interval` of its own without `keepalive: false`.
    Why: With keepalive, the default, APISIX waits for changes in a long poll. The interval is not looked at.
    Example:
    consul:
      servers: ["http://127.0.0.1:8500"]
      fetch_interval: 10
    Fix: Take it out, or set keepalive: false.
    """

  static let rules = [address, intervalUnused]

  static func check(_ context: ConfigContext) -> [Finding] {
    [RegistryKind.consul, .consulKV].compactMap { context[$0] }.flatMap { registry -> [Finding] in
      let servers = registry["servers"]?.items ?? []
      return (servers.map(finding) + [interval(registry)]).compactMap { $0 }
    }
  }

  private static func finding(_ server: Setting) -> Finding? {
    guard let text = server.string, !server.isOpen, ConsulStart.problem(text) != nil else { return nil }
    let (problem, help, mended) = words(text)
    return server.finding(
      address, "\(quoted(URLText(text).shown)) \(problem)", help: help,
      fix: mended.flatMap { server.replacing(with: $0) })
  }

  /// What is wrong, the cure, and the address that is plainly meant.
  private static func words(_ text: String) -> (String, String, String?) {
    let address = URLText(text)
    let plain = "http://\(address.host.isEmpty ? "host" : address.host.lowercased()):\(address.port ?? "8500")"
    if text.has("${"), !text.has("${{") {
      return ("holds a ${…} that nobody fills in here", "use two braces, which APISIX fills in itself: ${{NAME}}", nil)
    }
    if text.contains(where: \.isWhitespace) { return ("has a blank or line break", "take it out", nil) }
    if text.has(",") { return ("is more than one address", "make each an item of its own", nil) }
    if address.userInfo != nil {
      return ("has a user and password, which APISIX does not take for Consul", "use token: for Consul's ACL", nil)
    }
    switch address.scheme {
    case nil:
      let mended = "http://" + text
      return ("lacks its scheme", "write \(mended)", ConsulStart.problem(mended) == nil ? mended : nil)
    case let scheme? where scheme.lowercased() == "https":
      return (
        "is https; APISIX speaks only plain http to Consul", "use the http port of an agent beside APISIX: \(plain)",
        nil
      )
    case let scheme? where scheme != "http" && scheme.lowercased() == "http":
      let mended = address.text(scheme: "http")
      return (
        "has its scheme in upper case", "write \(mended)", ConsulStart.problem(mended) == nil ? mended : nil
      )
    case let scheme? where scheme != "http":
      return ("has the scheme \(scheme); APISIX accepts only http", "write \(plain)", nil)
    default: break
    }
    if address.path == "/" {
      let mended = address.text(path: "")
      return ("ends in a slash", "write \(mended)", ConsulStart.problem(mended) == nil ? mended : nil)
    }
    if !address.path.isEmpty { return ("has a path or query; APISIX adds the API's own", "write \(plain)", nil) }
    return ("is no http://host:port", "write \(plain)", nil)
  }

  private static func interval(_ registry: Setting) -> Finding? {
    guard let interval = registry["fetch_interval"], let seconds = interval.integer, seconds != 3,
      registry["keepalive"]?.boolean != false, !(registry["keepalive"]?.isOpen ?? false)
    else { return nil }
    return interval.finding(
      intervalUnused, "fetch_interval has no effect while keepalive is on", at: interval.keyNode,
      help: registry["keepalive"] == nil
        ? "keepalive is true by default: take fetch_interval out, or set keepalive: false"
        : "take it out, or set keepalive: false")
  }
}
