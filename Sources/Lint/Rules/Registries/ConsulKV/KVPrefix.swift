import APISIX
import Findings
import SourceText

enum KVPrefix {
  static let rule: Rule = """
    consul/kv-prefix (error, since 2.3.0): The prefix of consul_kv has a slash at an end
    Checks: That `prefix` of consul_kv neither begins nor ends with a slash.
    Why: APISIX takes only keys of the form `PREFIX/NAME/HOST:PORT` and puts the slashes there itself. With one of its \
    own at an end no key fits: every service answers 503.
    Example: prefix: upstreams/
    Fix: prefix: upstreams
    zh: consul_kv 的 prefix 开头或末尾有斜杠
    Checks: consul_kv 的 `prefix` 既不能以斜杠开头，也不能以斜杠结尾。
    Why: APISIX 只接受 `PREFIX/NAME/HOST:PORT` 这样的键，其中的斜杠由它自己加上。开头或末尾再带一个斜杠，所有键都对\
    不上：所有服务都返回 503。
    """

  static func check(_ context: ConfigContext) -> Finding? {
    guard let prefix = context[.consulKV]?["prefix"], let text = prefix.string,
      text.hasPrefix("/") || text.hasSuffix("/")
    else { return nil }
    let mended = text.trimmed { $0 == "/" }
    guard !mended.isEmpty else { return nil }
    return prefix.finding(
      rule, "prefix \(quoted(text)) has a slash at an end; no key of Consul fits",
      help: "write prefix: \(quoted(String(mended)))", fix: prefix.replacing(with: String(mended)))
  }
}
