import APISIX
import Findings
import SourceText
import YAML

enum InvalidValue {
  static let rule: Rule = """
    discovery/invalid-value (error, since 2.12.0): APISIX's schema does not accept a value
    Checks: Every value in `discovery` against the schema of its registry in the release that is judged.
    Why: APISIX checks the section when it starts, and does not start. For kubernetes its message from 3.0 on is \
    always `object matches none of the required`; the place that gatecheck names is the true one.
    Example:
    discovery:
      nacos:
        host: http://192.168.33.1:8848
    Fix: Write what the message asks for:
      discovery:
        nacos:
          host: ["http://192.168.33.1:8848"]
    zh: 有一个值通不过 APISIX 的 schema 校验
    Checks: 按所判断的版本，用对应注册中心的 schema 检查 `discovery` 下的每个值。
    Why: APISIX 启动时检查这一部分，通不过就不启动。对于 kubernetes，从 3.0 起报错总是 `object matches none of the \
    required`；gatecheck 给出的位置才是真正出错的地方。
    Fix: 按提示修改：
      discovery:
        nacos:
          host: ["http://192.168.33.1:8848"]
    """

  static func check(_ context: ConfigContext, after findings: [Finding]) -> [Finding] {
    if context.verdict.violations.isEmpty { return [] }
    let named = Set(findings.filter { $0.severity == .error }.compactMap(\.path))
    let around = Set(named.flatMap { enclosing($0) })
    return context.verdict.violations.compactMap { violation -> Finding? in
      let location = violation.location
      // An error at the place itself, inside it or around it says it all.
      guard !context.isOpen(violation), !around.contains(location), named.isDisjoint(with: enclosing(location)) else {
        return nil
      }
      return finding(violation, in: context)
    }
  }

  /// A path and those of the values that it lies in: `a.b[0]`, `a.b` and `a`.
  private static func enclosing(_ path: String) -> [String] {
    let ends = path.indices.filter { path[$0] == "." || path[$0] == "[" }
    return [path] + ends.map { String(path[..<$0]) }
  }

  private static func finding(_ violation: Violation, in context: ConfigContext) -> Finding {
    let key = violation.location.split(separator: ".").last.map(String.init) ?? violation.registry
    let setting = Setting(key: key, path: violation.location, value: violation.value, file: context.file)
    let (message, help) = words(violation, key: key, setting: setting, context.release)
    return context.file.finding(
      rule, message, at: violation.value.node ?? context[violation.registry]?.node, path: violation.location,
      help: help, fix: setting.flatMap { fix(violation, $0) })
  }

  private static func words(
    _ violation: Violation, key: String, setting: Setting?, _ release: Release
  ) -> (String, String) {
    let stated = "\(key) is \(setting?.described ?? "not there")"
    let schema = violation.schema
    let reason = violation.reason
    let limit = reason[.limit] ?? ""
    switch reason.sentence {
    case .required:
      let name = reason[.name] ?? "a key"
      let sample = RegistryKind(rawValue: violation.registry)?.sample(of: name)
      return ("\(key) lacks \(name), which APISIX requires", "add \(sample ?? name)")
    case .wrongType where setting?.isNull ?? false:
      return ("an item of the list \(key.prefix { $0 != "[" }) has no value", "remove it, or fill it in")
    case .wrongType:
      switch schema.type {
      case .array:
        // Not what may hold a credential.
        let texts = setting?.string.flatMap { $0.has("@") || $0.count > 200 ? nil : $0.asItems } ?? []
        let items = texts.isEmpty || texts.contains { $0.count > 60 } ? ["…"] : texts
        let list = items.map { "\"\($0)\"" }.joined(separator: ", ")
        return ("\(stated); APISIX accepts a list", "write it as a list: \(key): [\(list)]")
      case .object: return ("\(stated); APISIX accepts a map", "write the keys of \(key) below it")
      case .integer:
        return ("\(stated); APISIX accepts a whole number", "write a whole number \(setting?.asTyped ?? "")")
      case .boolean: return ("\(stated); APISIX accepts true or false", "write true or false \(setting?.asTyped ?? "")")
      default: return ("\(stated); APISIX accepts a string", "quote it")
      }
    case .unmatched:
      return ("\(stated), which APISIX does not accept here", "it must match \(schema.pattern?.source ?? "a pattern")")
    case .notInEnum:
      return ("\(stated); APISIX accepts one of: \(schema.values.joined(separator: ", "))", "use one of these")
    case .tooSmall: return ("\(stated); the least that APISIX accepts is \(limit)", "use \(limit) or more")
    case .tooLarge: return ("\(stated); the most that APISIX accepts is \(limit)", "use \(limit) or less")
    case .tooFewItems: return ("\(key) is an empty list; APISIX wants an item", "add one, or take \(key) out")
    case .tooManyItems: return ("\(key) has more than \(limit) items", "keep \(limit) at most")
    case .sameItems: return ("\(key) has an item twice", "keep each once")
    case .tooShort where schema.pattern != nil && setting?.string == "":
      return ("\(key) is empty", "fill it in")
    case .tooShort: return ("\(key) is too short; APISIX wants \(limit) characters at least", "fill it in")
    case .tooLong: return ("\(key) is longer than the \(limit) characters that APISIX accepts", "shorten it")
    default:
      return (
        "APISIX does not accept \(key) as it is: \(reason.text(in: release))",
        "see gatecheck explain discovery/invalid-value"
      )
    }
  }

  private static func fix(_ violation: Violation, _ setting: Setting) -> Fix? {
    guard violation.reason.sentence == .wrongType, !setting.isNull else { return nil }
    switch violation.schema.type {
    case .string: return setting.inQuotes
    case .array where setting.isString: return setting.inList
    case .integer:
      return setting.string.flatMap { Int($0) }.flatMap { setting.replacing(withYAML: String($0)) }
    case .boolean:
      return setting.string.flatMap { ["true", "false"].contains($0) ? setting.replacing(withYAML: $0) : nil }
    default: return nil
    }
  }
}
