import Findings
import SourceText
import YAML

enum ConsulKVServiceName {
  static let rule: Rule = """
    service-name/consul-kv-url (error): With consul_kv the service name is the URL of the key
    Checks: Service names of the consul_kv registry: `SERVER/v1/kv/PREFIX/NAME/`, with the server as config.yaml has \
    it and a slash at the end.
    Why: APISIX keeps the services under this text and compares it letter by letter. Anything else is not found: \
    `fetch nodes failed by NAME`, and 503.
    Example: service_name: webpages
    Fix: service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    guard use.text.has("://"), use.text.has("/v1/kv/") else {
      return use.name.finding(
        rule, "'\(use.shown)' is not the URL of a key in Consul",
        help: "write SERVER/v1/kv/PREFIX/NAME/, e.g. http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
    }
    guard !use.text.hasSuffix("/") else { return nil }
    // Behind the last letter, within quotes.
    let style = use.name.file.tree[use.name.id].style
    let end = use.name.range.upperBound - (style == .singleQuoted || style == .doubleQuoted ? 1 : 0)
    return use.name.finding(
      rule, "the service name of consul_kv ends with a slash", help: "write \(use.shown)/",
      fix: Fix(safe: true, edits: [use.name.file.edit(end..<end, "/")]))
  }
}
