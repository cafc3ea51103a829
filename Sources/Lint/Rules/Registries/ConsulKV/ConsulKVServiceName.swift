import Findings
import Inputs
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

  static func check(_ name: Field, _ text: String) -> Finding? {
    guard text.has("://"), text.has("/v1/kv/") else {
      return name.finding(
        rule, "'\(SecretPatterns.quotable(text))' is no URL of a key in Consul",
        help: "write SERVER/v1/kv/PREFIX/NAME/, e.g. http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
    }
    guard !text.hasSuffix("/") else { return nil }
    return name.finding(
      rule, "the service name of consul_kv ends with a slash", help: "write \(SecretPatterns.quotable(text))/",
      fix: Fix(safe: true, edits: [name.file.edit(slash(name), "/")]))
  }

  /// Behind the last letter, within quotes.
  private static func slash(_ name: Field) -> Range<Int> {
    let quoted = name.file.tree[name.id].content.isQuoted
    let end = name.range.upperBound - (quoted ? 1 : 0)
    return end..<end
  }
}
