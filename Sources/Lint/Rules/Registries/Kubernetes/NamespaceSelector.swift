import APISIX
import Findings

enum NamespaceSelector {
  static let several: Rule = """
    kubernetes/selector-several (error, since 2.13.0): namespace_selector has more than one condition
    Checks: That `namespace_selector` holds exactly one of `equal`, `not_equal`, `match` and `not_match`, or nothing.
    Why: The schema takes exactly one. With two APISIX does not start: `object matches none of the required`.
    Example:
    namespace_selector:
      equal: default
      match: [^my-[a-z]+$]
    Fix: Say it with one of them; `match` takes a list:
      namespace_selector:
        match: [default, "my-[a-z]+"]
    """

  static let unknown: Rule = """
    kubernetes/selector-unknown (error, since 2.13.0): namespace_selector holds no condition that APISIX knows
    Checks: That a `namespace_selector` that is not empty holds one of `equal`, `not_equal`, `match`, `not_match`.
    Why: A misspelt condition alone fails the schema: `object matches none of the required`. Beside a right one it \
    would be ignored.
    Example:
    namespace_selector:
      equals: default
    Fix: namespace_selector:
      equal: default
    """

  static let notList: Rule = """
    kubernetes/selector-not-list (error, since 2.13.0): match or not_match is not a list with at least one expression
    Checks: That `match` and `not_match` are lists of one or more strings.
    Why: A single string or an empty list fails the schema: `object matches none of the required`.
    Example:
    namespace_selector:
      match: default
    Fix: namespace_selector:
      match: [default]
    """

  static let wrongValue: Rule = """
    kubernetes/selector-value (error, since 2.13.0): A condition of namespace_selector has a value that APISIX does \
    not accept
    Checks: That `equal` and `not_equal` are strings of lower-case letters, digits, `-`, `_` and `.`, and that the \
    items of `match` and `not_match` are strings of printable ASCII without spaces.
    Why: Anything else fails the schema: `object matches none of the required`. Unquoted numbers and the words yes, \
    no, on and off are not strings in YAML.
    Example:
    namespace_selector:
      equal: 100
    Fix: namespace_selector:
      equal: "100"
    """

  static let rules = [several, unknown, notList, wrongValue]

  static let conditions = ["equal", "not_equal", "match", "not_match"]

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    guard let selector = cluster["namespace_selector"], !selector.isOpen else { return [] }
    guard selector.isTable, selector.items == nil || selector.isEmpty else {
      return [
        selector.finding(
          unknown, "namespace_selector is \(selector.described); APISIX accepts a map with one condition",
          help: "write namespace_selector: {equal: NAMESPACE}")
      ]
    }
    let known = conditions.compactMap { selector[$0] }
    if known.isEmpty, !selector.isEmpty {
      let key = selector.keys.first
      let meant = key.flatMap { nearest($0.name, among: conditions) }
      return [
        selector.finding(
          unknown,
          "namespace_selector has no condition that APISIX knows: \(selector.keys.map(\.name).joined(separator: ", "))",
          at: key?.node,
          help: "use \(meant ?? "one of equal, not_equal, match, not_match")",
          fix: meant.flatMap { meant in key.map { selector.file.replace($0.node, with: meant) } })
      ]
    }
    var findings: [Finding] = []
    if known.count > 1 {
      findings += selector.finding(
        several,
        "namespace_selector has \(known.count) conditions (\(known.map(\.key).joined(separator: ", "))); "
          + "APISIX accepts one",
        at: known[1].keyNode ?? known[1].node,
        help: "keep one; match takes a list of expressions")
    }
    return findings + known.flatMap(values)
  }

  private static func severalNamespaces(_ items: [Setting], not: Bool) -> String {
    let names = items.compactMap(\.string).filter { Pattern.namespace.matches($0) }
    return "for several namespaces write \(not ? "not_match" : "match"): "
      + (names.isEmpty || names.count > 6 ? "[…]" : "[\(names.joined(separator: ", "))]")
  }

  private static func values(of condition: Setting) -> [Finding] {
    if condition.isOpen { return [] }
    if condition.key == "equal" || condition.key == "not_equal" { return [name(condition)].compactMap { $0 } }
    guard let items = condition.items, !items.isEmpty else {
      let scalar = condition.string
      return [
        condition.finding(
          notList, "\(condition.key) is \(condition.described); APISIX accepts a list of one or more expressions",
          help: "write \(condition.key): [\((scalar ?? "default").asItems.joined(separator: ", "))]",
          fix: scalar == nil ? nil : condition.inList)
      ]
    }
    return items.compactMap { expression($0, of: condition) }
  }

  private static func name(_ condition: Setting) -> Finding? {
    guard let text = condition.string else {
      return condition.finding(
        wrongValue, "\(condition.key) is \(condition.described); APISIX accepts a namespace's name as a string",
        help: condition.items.map { severalNamespaces($0, not: condition.key == "not_equal") } ?? "quote it",
        fix: condition.inQuotes)
    }
    if Pattern.namespace.matches(text) { return nil }
    return condition.finding(
      wrongValue, "\(condition.key) \(quoted(text)) is not the name of a namespace",
      help: "use lower-case letters, digits and hyphens; for a pattern use match with a list")
  }

  private static func expression(_ item: Setting, of condition: Setting) -> Finding? {
    if item.isOpen { return nil }
    guard let text = item.string else {
      return item.finding(
        wrongValue, "an item of \(condition.key) is \(item.described); APISIX accepts strings", help: "quote it",
        fix: item.inQuotes)
    }
    // One final line break passes.
    let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
    if line.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return nil }
    return item.finding(
      wrongValue, "the expression \(quoted(text)) has a space or a character outside ASCII",
      help: "namespaces have neither; remove it")
  }
}
