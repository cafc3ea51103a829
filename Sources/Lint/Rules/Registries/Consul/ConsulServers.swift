import APISIX
import Findings
import Inputs
import SourceText

enum ConsulServers {
  static let address: Rule = """
    consul/server-address (error, since 2.13.0): APISIX does not accept the address of a Consul server
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
    zh: APISIX 不接受 Consul 服务器的地址
    Checks: consul 和 consul_kv 的 `servers` 里，每一项都只能是 `http://host` 或 `http://host:port`，不能有别的内容。
    Why: schema 不检查这些地址。注册中心启动时，会拒绝 https、路径和末尾的斜杠\
    （`invalid consul server address, the valid format: http://address:port`）；没有 scheme 时会直接崩溃\
    （`bad argument #1 to 'unpack'`）。网关能运行，但该注册中心的所有服务都返回 503。
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
    [RegistryKind.consul, .consulKV].flatMap { kind -> [Finding] in
      (context.servers(of: kind).map(finding) + [context[kind].flatMap(interval)]).compactMap { $0 }
    }
  }

  private static func finding(_ server: Setting) -> Finding? {
    guard let text = server.string, ConsulStart.problem(text) != nil else { return nil }
    let url = URLText(text)
    return server.finding(address, slip(text, url), in: url)
  }

  private static func slip(_ text: String, _ address: URLText) -> AddressSlip {
    let plain = "http://\(address.host.isEmpty ? "host" : address.host.lowercased()):\(address.port ?? "8500")"
    func write(_ mended: String, _ problem: String) -> AddressSlip {
      (problem, "write \(mended)", ConsulStart.problem(mended) == nil ? mended : nil)
    }
    if text.has("${"), !text.has("${{") {
      return ("holds a ${…} that nobody fills in here", "use two braces, which APISIX fills in itself: ${{NAME}}", nil)
    }
    if text.contains(where: \.isWhitespace) { return ("has a space or line break", "remove it", nil) }
    if text.has(",") { return ("is more than one address", "make each an item of its own", nil) }
    if address.userInfo != nil {
      return ("has a user and password, which APISIX does not take for Consul", "use token: for Consul's ACL", nil)
    }
    guard let scheme = address.scheme else { return write("http://" + text, "has no scheme") }
    if scheme.lowercased() == "https" {
      return (
        "is https; APISIX speaks only plain http to Consul", "use the http port of an agent beside APISIX: \(plain)",
        nil
      )
    }
    if scheme != "http" {
      return scheme.lowercased() == "http"
        ? write(address.text(scheme: "http"), "has its scheme in upper case")
        : ("has the scheme \(scheme); APISIX accepts only http", "write \(plain)", nil)
    }
    if address.path == "/" { return write(address.text(path: ""), "ends in a slash") }
    return (
      address.path.isEmpty ? "is not http://host:port" : "has a path or query; APISIX adds the API's own",
      "write \(plain)", nil
    )
  }

  private static func interval(_ registry: Setting) -> Finding? {
    guard let interval = registry["fetch_interval"], let seconds = interval.integer, seconds != 3,
      registry["keepalive"]?.boolean != false, !(registry["keepalive"]?.isOpen ?? false)
    else { return nil }
    return interval.finding(
      intervalUnused, "fetch_interval has no effect while keepalive is on", at: interval.keyNode,
      help: registry["keepalive"] == nil
        ? "keepalive is true by default: take fetch_interval out, or set keepalive: false"
        : "remove it, or set keepalive: false")
  }
}
