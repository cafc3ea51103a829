import APISIX
import Findings
import SourceText
import YAML

extension LintFile {
  /// A fix that writes another text for a scalar; nil where the scalar is an alias, since the anchor may serve others.
  func replace(_ id: Tree.ID, with text: String, safe: Bool = true, secret: Bool = false) -> Fix? {
    guard case .scalar = tree[id].content else { return nil }
    return Fix(safe: safe, edits: [edit(tree[id].range, text)], secret: secret)
  }

  /// Quotes a plain scalar that YAML takes for a number or boolean.
  func quote(_ setting: Setting) -> Fix? {
    guard case .scalar(let text, .plain) = tree[setting.node].content, !text.isEmpty, !setting.substituted else {
      return nil
    }
    return replace(setting.node, with: "\"\(text)\"")
  }

  /// `default` becomes `[default]`; a text that the brackets would break is quoted.
  func wrapInList(_ setting: Setting) -> Fix? {
    guard case .scalar(let text, let style) = tree[setting.node].content, style != .literal, style != .folded else {
      return nil
    }
    let bytes = tree.text.bytes[tree[setting.node].range]
    let plain = String(decoding: bytes, as: UTF8.self)
    let breaks = style == .plain && text.contains { ",[]{}\"'\\#".contains($0) }
    return Fix(safe: true, edits: [edit(tree[setting.node].range, breaks ? "['\(text)']" : "[\(plain)]")])
  }
}

extension LintFile {
  /// Another text for a scalar in the quotes that it has; quotes are added where a plain scalar needs them. nil for
  /// block scalars, escapes, aliases and what a variable is filled into.
  func rewrite(_ setting: Setting, with text: String, safe: Bool = true, secret: Bool = false) -> Fix? {
    guard case .scalar(let old, let style) = tree[setting.node].content, !setting.substituted,
      !(old + text).contains(where: { "\"'\\\n".contains($0) })
    else { return nil }
    switch style {
    case .literal, .folded: return nil
    case .singleQuoted: return replace(setting.node, with: "'\(text)'", safe: safe, secret: secret)
    case .doubleQuoted: return replace(setting.node, with: "\"\(text)\"", safe: safe, secret: secret)
    case .plain:
      let breaking = text.contains { ",[]{}#&*!|>%@`".contains($0) && !old.contains($0) } || text.has(": ")
      return replace(setting.node, with: breaking ? "'\(text)'" : text, safe: safe, secret: secret)
    }
  }

  /// The same for a text that may stand in quotes or in a block scalar and becomes one line in quotes.
  func rewriteBlock(_ setting: Setting, with text: String) -> Fix? {
    guard !setting.substituted, !text.contains(where: { "\"'\\\n".contains($0) }) else { return nil }
    return replace(setting.node, with: "\"\(text)\"")
  }
}
