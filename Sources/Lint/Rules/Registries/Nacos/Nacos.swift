import APISIX
import Findings
import Inputs
import SourceText

enum Nacos {
  static let wrongAddress: Rule = """
    nacos/address (error, since 2.12.0): APISIX does not accept the address of a Nacos server
    Checks: That every item of `host` of nacos is `http://host:port` or `https://host:port`, with `user:password@` \
    before the host where Nacos asks for it, and nothing behind.
    Why: The schema asks for it: without a scheme, with a path or with a slash at the end APISIX does not start: \
    `property "host" validation failed: failed to validate item 1`, `failed to match pattern`. Names are letters, \
    digits, `-`, `_` and `.`; IPv6 addresses cannot be given.
    Example:
    discovery:
      nacos:
        host: ["http://192.168.33.1:8848/nacos"]
    Fix: discovery:
      nacos:
        host: ["http://192.168.33.1:8848"]
        prefix: /nacos/v1/
    zh: APISIX 不接受 Nacos 服务器的地址
    Checks: nacos 的 `host` 里，每一项都要写成 `http://host:port` 或 `https://host:port`；Nacos 要求登录时，在主机前\
    面加上 `user:password@`；端口后面不能有任何内容。
    Why: schema 这样要求：没有 scheme、带了路径或以斜杠结尾时，APISIX 不启动：`property "host" validation failed: \
    failed to validate item 1`、`failed to match pattern`。主机名只能由字母、数字、`-`、`_` 和 `.` 组成；不能写 IPv6 \
    地址。
    """

  static let wrongPrefix: Rule = """
    nacos/prefix (warning, since 2.12.0): The prefix leads away from Nacos's API
    Checks: That `prefix` of nacos starts with one slash, has no two in a row, and names no other version of the API \
    than v1.
    Why: APISIX puts it straight behind the address: `nacos/v1/` gives `http://127.0.0.1:8848nacos/v1/`. It speaks \
    version 1 of the API, whatever the prefix says.
    Example: prefix: nacos/v1/
    Fix: prefix: /nacos/v1/
    """

  static let halfKey: Rule = """
    nacos/half-a-key (warning, since 3.7.0): Only one of access_key and secret_key is given
    Checks: That nacos has both `access_key` and `secret_key`, or neither.
    Why: APISIX signs its requests only with both; with one it sends them unsigned.
    Example: access_key: my-key
    Fix: access_key: my-key
    secret_key: "${{NACOS_SECRET_KEY}}"
    """

  static let rules = [wrongAddress, wrongPrefix, halfKey]

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let nacos = context[.nacos] else { return [] }
    var findings = context.verdict.violations.compactMap { violation -> Finding? in
      guard violation.registry == "nacos", violation.reason.sentence == .unmatched, violation.location.has(".host["),
        let text = violation.value.string,
        let setting = Setting(key: "host", path: violation.location, value: violation.value, file: context.file)
      else { return nil }
      let address = URLText(text)
      return setting.finding(wrongAddress, slip(text, address), in: address)
    }
    if let prefix = nacos["prefix"], let text = prefix.string {
      findings += prefixFinding(text, prefix)
    }
    let keys = ["access_key", "secret_key"].compactMap { nacos[$0] }.filter { $0.string != "" }
    if keys.count == 1, let key = keys.first {
      let other = key.key == "access_key" ? "secret_key" : "access_key"
      findings += key.finding(
        halfKey, "\(key.key) is given without \(other); APISIX then signs no request", at: key.keyNode,
        help: "add \(other)")
    }
    return findings
  }

  private static func slip(_ text: String, _ address: URLText) -> AddressSlip {
    let bare = "http://\(address.host.isEmpty ? "host" : address.host):\(address.port ?? "8848")"
    if text.has("${"), !text.has("${{") {
      let more = address.host.hasPrefix("{")
      return (
        "holds a ${…} that nobody fills in here",
        "use two braces, which APISIX fills in itself: ${{NAME}}" + (more ? "; the same for \(address.host)" : ""), nil
      )
    }
    // As a shell has it.
    if address.host.hasPrefix("$"), case let name = address.host.dropFirst(), Placeholder.isName(name) {
      return (
        "holds $\(name), which nobody fills in", "use two braces, which APISIX fills in itself: ${{\(name)}}", nil
      )
    }
    if text.has("{") || text.has("<") || SecretPatterns.isUnfilled(address.host) {
      return ("is a placeholder that nobody filled in", "write the server's address: http://host:8848", nil)
    }
    if text.has(",") { return ("is more than one address", "make each an item of its own", nil) }
    if text.contains(where: \.isWhitespace) { return ("has a space or line break", "remove it", nil) }
    if let user = address.userInfo, !user.has(":") || user.hasSuffix(":") || user.hasPrefix(":") {
      return ("lacks a user or password before the @", "write http://USER:PASSWORD@\(address.host)", nil)
    }
    guard let scheme = address.scheme else {
      return ("has no scheme", "write http:// before it", isPlain(address) ? "http://" + text : nil)
    }
    if let lower = address.schemeInLowerCase {
      return ("has its scheme in upper case", "write \(lower)://", isPlain(address) ? address.text(scheme: lower) : nil)
    }
    guard scheme == "http" || scheme == "https" else {
      return ("has the scheme \(scheme); APISIX accepts http and https", "write \(bare)", nil)
    }
    if address.host.has(":") || address.host.has("[") {
      return ("is an IPv6 address, which APISIX does not take here", "give a name that resolves to it", nil)
    }
    switch address.path {
    case "": return ("is not http://host:port", "use letters, digits, - _ and . in the host: \(bare)", nil)
    case "/": return ("ends in a slash", "remove the slash", address.text(path: ""))
    case "/nacos", "/nacos/", "/nacos/v1", "/nacos/v1/":
      return ("has a path", "remove it; prefix is \"/nacos/v1/\" by default", address.text(path: ""))
    default: return ("has a path", "remove it, and write it as prefix: \(address.path)", nil)
    }
  }

  /// Nothing else is wrong with it.
  private static func isPlain(_ address: URLText) -> Bool {
    address.path.isEmpty && !address.host.isEmpty
      && address.host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
  }

  private static func prefixFinding(_ text: String, _ prefix: Setting) -> Finding? {
    func finding(_ message: String, _ mended: String) -> Finding {
      let isAPI = leadsToAPI(mended)
      let mended = isAPI ? mended : "/nacos/v1/"
      return prefix.finding(
        wrongPrefix, severity: text.hasPrefix("/") ? nil : .error, message, help: "write prefix: \(mended)",
        fix: prefix.replacing(with: mended, safe: isAPI))
    }
    guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "/-_.".contains($0)) }) else { return nil }
    if !text.hasPrefix("/") {
      return finding("prefix \(quoted(text)) has no slash before it and is joined to the port", "/" + text)
    }
    if text.has("//") {
      return finding(
        "prefix \(quoted(text)) has two slashes in a row", "/" + text.split(separator: "/").map { $0 + "/" }.joined())
    }
    if leadsToAPI(text) { return nil }
    let isNewer = text.split(separator: "/").contains { $0 == "v2" || $0 == "v3" }
    return finding(
      isNewer
        ? "APISIX speaks version 1 of Nacos's API only" : "prefix \(quoted(text)) is not where Nacos has its API", text)
  }

  /// False where it surely leads away from it.
  private static func leadsToAPI(_ prefix: String) -> Bool {
    !["/", "/nacos", "/nacos/"].contains(prefix)
      && !prefix.split(separator: "/").contains { $0 == "v2" || $0 == "v3" }
  }
}
