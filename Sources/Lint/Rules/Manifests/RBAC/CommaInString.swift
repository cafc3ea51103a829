import Common
import Findings
import SourceText
import YAML

enum CommaInString {
  static let notAListRule: Rule = """
    rbac/not-a-list (error): A field of a role's rule must be a list
    Checks: apiGroups, resources, verbs and resourceNames of a ClusterRole or Role: each is a list of strings.
    Why: The API server cannot decode a single string there and refuses the whole role, so that nothing is granted.
    Example:
    rules:
      - apiGroups: [""]
        resources: endpoints
        verbs: [list, watch]
    Fix: rules:
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [list, watch]
    """

  static let rules = [RoleRules.commaInString, notAListRule]

  static func check(_ role: Manifest) -> [Finding] {
    role.rules.flatMap { rule in
      ["apiGroups", "resources", "verbs"].flatMap { key -> [Finding] in
        guard let list = rule.field[key] else { return [] }
        if !list.isSequence { return [notAList(list, key)].compactMap { $0 } }
        return list.items.compactMap { item in
          guard let text = item.string, text.has(","), !text.isTemplated else { return nil }
          return finding(item, text, key, in: list)
        }
      }
    }
  }

  private static func finding(_ item: Field, _ text: String, _ key: String, in list: Field) -> Finding {
    let parts = text.commaParts.map(quoted)
    // The parts in the place of the item: beside each other in `[…]`, else a line each.
    let mended = parts.isEmpty ? nil : list.separator.map(parts.joined)
    return item.finding(
      RoleRules.commaInString, RoleRules.oneString(text, key),
      help: "write \(key): [\(parts.joined(separator: ", "))]", fix: mended.flatMap { item.replacing(withYAML: $0) })
  }

  private static func notAList(_ value: Field, _ key: String) -> Finding? {
    guard let text = value.string, !text.isTemplated else { return nil }
    let items = text.commaParts
    // An empty text is one: the core group.
    let list = "[\((items.isEmpty ? [""] : items).map(quoted).joined(separator: ", "))]"
    return value.finding(
      notAListRule, "\(key) must be a list, not the string \"\(text)\"", help: "write \(key): \(list)",
      fix: value.replacing(withYAML: list))
  }

  private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}
