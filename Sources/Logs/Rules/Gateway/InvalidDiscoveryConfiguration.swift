import APISIX
import Findings
import SourceText

enum InvalidDiscoveryConfiguration {
  static let rule: Rule = """
    log/invalid-discovery-configuration (error, since 2.13.0): APISIX does not start: a value below discovery is not \
    one it takes
    Checks: `invalid discovery NAME configuration`, which `apisix init` and `apisix start` print.
    Why: The schema refuses the section. Of kubernetes, 3.0 and newer say only `object matches none of the required`, \
    whatever is wrong; most often `port` is a number and must be text.
    Example: invalid discovery kubernetes configuration: object matches none of the required
    Fix: `gatecheck lint config.yaml` names the line and what to write. For kubernetes, try first: port: "6443", in \
    quotation marks.
    zh: APISIX 启动失败：discovery 下有一个值不被接受
    Checks: `apisix init` 和 `apisix start` 打印的 `invalid discovery NAME configuration`。
    Why: 这一部分没有通过 schema 校验。对于 kubernetes，3.0 及更新的版本不管错在哪里，都只说 `object matches none \
    of the required`；最常见的是 `port` 写成了数字，而它必须是字符串。
    Fix: 用 `gatecheck lint config.yaml` 可以看到出错的行以及该怎么写。对于 kubernetes，先试试把端口加上引号\
    ：`port: "6443"`
    """

  static let check = LogCheck(rule, .registryInvalid) {
    guard let words = $0.said(.registryInvalid) else { return nil }
    let name = shown(words[.registry] ?? "")
    let kind = RegistryKind(rawValue: name)
    let path = Self.path(words)
    let root = words.root
    let setting = (["discovery", name] + path).joined(separator: ".").replacing(".[", with: "[")
    var values: [(name: Explanation.Value, text: String)] = [(.registry, name)]
    guard root.sentence != .noneOfAny else {
      return Explanation(
        rule, "APISIX does not start: a value in discovery.\(name) is not one it takes, and it does not say which",
        help:
          "gatecheck lint config.yaml names it; most often port is a number: write port: \"6443\", in quotation marks",
        .cause(kind), values: values + [(.reason, shown(root.text(in: .newest)))], settings: ["service.port"])
    }
    if !path.isEmpty { values.append((.property, path.joined(separator: ".").replacing(".[", with: "["))) }
    let reason = root.sentence == .required ? "\(shown(root[.name] ?? "")) is missing" : shown(root.text(in: .newest))
    values.append((.reason, reason))
    return Explanation(
      rule, "APISIX does not start: \(setting): \(reason)", help: help(root, path.last ?? "", setting), .cause(kind),
      values: values, settings: [path.joined(separator: ".").replacing(".[", with: "[")])
  }

  /// The keys from the registry's section to the value.
  private static func path(_ words: Words) -> [String] {
    var keys: [String] = []
    var next = words.cause
    while let words = next {
      if words.sentence == .inProperty { keys.append(shown(words[.name] ?? "")) }
      // Lua counts from 1.
      if words.sentence == .inItem { keys.append("[\((Int(words[.number] ?? "") ?? 1) - 1)]") }
      next = words.cause
    }
    return keys
  }

  private static func help(_ root: Words, _ key: String, _ setting: String) -> String {
    let lint = "; gatecheck lint config.yaml names the line"
    switch root.sentence {
    case .wrongType where root[.wanted] == "string":
      return "write it in quotation marks" + (key == "port" ? ", such as port: \"6443\"" : "") + lint
    case .wrongType where root[.wanted] == "array": return "write it as a list: \(key): [\"…\"]" + lint
    case .wrongType: return "write it as \(root[.wanted] ?? "another type"), without quotation marks" + lint
    case .required: return "add \(root[.name] ?? "it") to \(setting)" + lint
    case .unmatched where setting.has(".host["):
      return
        "write http://host:port, with USER:PASSWORD@ before the host where it is needed, and nothing behind the port"
        + lint
    case .forbidden: return "take \(root[.name] ?? "it") out" + lint
    default: return "gatecheck lint config.yaml names the line and what to write"
    }
  }
}
