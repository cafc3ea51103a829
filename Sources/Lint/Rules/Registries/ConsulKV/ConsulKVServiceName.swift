import APISIX
import Findings
import Inputs
import SourceText
import YAML

enum ConsulKVServiceName {
  static let rule: Rule = """
    service-name/consul-kv-url (error): With consul_kv the service name is the URL of the key
    Checks: Service names of the consul_kv registry: `SERVER/v1/kv/PREFIX/NAME/`, with the server as config.yaml has \
    it and a slash at the end; SERVER and PREFIX against the config.yaml beside the file.
    Why: APISIX keeps the services under this text and compares it letter by letter. Anything else is not found: \
    `fetch nodes failed by NAME`, and 503.
    Example: service_name: webpages
    Fix: service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/
    zh: consul_kv 的 service_name 要写键的完整 URL
    Checks: consul_kv 注册中心的 service_name：格式是 `SERVER/v1/kv/PREFIX/NAME/`，SERVER 与 config.yaml 里写的一致\
    ，末尾有斜杠；SERVER 和 PREFIX 会与同目录的 config.yaml 对照。
    Why: APISIX 以这段文本为键保存服务，逐字比较。写成别的就查不到：`fetch nodes failed by NAME`，返回 503。
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    guard use.text.has("://"), use.text.has("/v1/kv/") else {
      return use.name.finding(
        rule, "'\(use.shown)' is not the URL of a key in Consul",
        help: "write SERVER/v1/kv/PREFIX/NAME/, e.g. http://127.0.0.1:8500/v1/kv/upstreams/webpages/")
    }
    if use.text.hasSuffix("/") { return elsewhere(use) }
    // Behind the last letter, within quotes.
    let style = use.name.file.tree[use.name.id].style
    let end = use.name.range.upperBound - (style == .singleQuoted || style == .doubleQuoted ? 1 : 0)
    return use.name.finding(
      rule, "the service name of consul_kv ends with a slash", help: "write \(use.shown)/",
      fix: Fix(safe: true, edits: [use.name.file.edit(end..<end, "/")]))
  }

  /// A name that begins otherwise than all keys that APISIX reads by the config beside it.
  private static func elsewhere(_ use: ServiceNameUse) -> Finding? {
    let configs = use.project.configs(beside: use.name.file)?.configs.filter {
      $0.registries.contains(RegistryKind.consulKV.key)
    }
    guard let configs, let config = configs.first, let key = config.consulKeys.first,
      !configs.contains(where: \.consulKeys.isEmpty),
      !configs.flatMap(\.consulKeys).contains(where: { use.text.hasPrefix($0) && use.text != $0 })
    else { return nil }
    return use.name.finding(
      rule, "'\(use.shown)' is no key that APISIX reads by \(config.path)",
      help: "servers and prefix there make it \(SecretPatterns.quotable(key))NAME/")
  }
}
