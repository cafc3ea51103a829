import Findings
import YAML

enum ConsulServiceName {
  static let isNoURL = Rule(
    id: "service-name/consul-kv-url", severity: .error,
    summary: "With consul_kv the service name is the URL of the key",
    checks:
      "Service names of the consul_kv registry: `SERVER/v1/kv/PREFIX/NAME/`, with the server as config.yaml has it "
      + "and a slash at the end.",
    why: "APISIX keeps the services under this text and compares it letter by letter. Anything else is not found: "
      + "`fetch nodes failed by NAME`, and 503.",
    example: "service_name: webpages",
    fix: "service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/")

  static let isURL = Rule(
    id: "service-name/consul-url", severity: .error,
    summary: "With consul the service name is the bare name in the catalog",
    checks: "Service names of the consul registry that are URLs.",
    why: "The consul registry looks services up by their name in Consul's catalog. A URL is the form of consul_kv, "
      + "which reads Consul's key-value store, another registry.",
    example: """
      discovery_type: consul
      service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/
      """,
    fix: """
      discovery_type: consul
      service_name: webpages
      """)

  static let rules = [isNoURL, isURL]

  static func check(_ name: Field, _ text: String, _ kind: String) -> Finding? {
    let hasScheme = text.contains("://")
    if kind == "consul" {
      guard hasScheme else { return nil }
      return name.finding(
        isURL, "'\(text.masked)' is a URL, the form of consul_kv; consul wants the name of the service",
        help: "write the service's name in Consul, or discovery_type: consul_kv")
    }
    guard !hasScheme || !text.contains("/v1/kv/") else {
      guard !text.hasSuffix("/") else { return nil }
      return name.finding(
        isNoURL, "the service name of consul_kv ends with a slash", help: "write \(text.masked)/",
        fix: Fix(safe: true, edits: [name.file.edit(slash(name), "/")]))
    }
    return name.finding(
      isNoURL, "'\(text.masked)' is no URL of a key in Consul",
      help: "write SERVER/v1/kv/PREFIX/NAME/, e.g. "
        + "http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
  }

  /// Behind the last letter, within quotes.
  private static func slash(_ name: Field) -> Range<Int> {
    let quoted = name.file.tree[name.id].content.isQuoted
    let end = name.range.upperBound - (quoted ? 1 : 0)
    return end..<end
  }
}
