import Findings
import Kubernetes
import SourceText
import YAML

/// A value at its place in a file, where findings and fixes are made: a `Field` as it is written, a `Setting` as APISIX
/// reads it.
protocol Located {
  var file: LintFile { get }
  var node: Tree.ID { get }
  /// `discovery.kubernetes.service.port`
  var path: String { get }
  /// Whether a variable is filled in, so that other text stands in the file.
  var substituted: Bool { get }
}

extension Located {
  var substituted: Bool { false }

  /// A finding at this value; at `place`, its key for instance, when that is there and tells more.
  func finding(
    _ rule: Rule, severity: Severity? = nil, _ message: String, at place: Tree.ID? = nil, help: String? = nil,
    fix: Fix? = nil
  ) -> Finding {
    file.finding(rule, severity: severity, message, at: place ?? node, about: node, path: path, help: help, fix: fix)
  }

  /// A fix that writes another text for this scalar, in the quotes that it has; they are added where a plain one needs
  /// them. nil for what a variable is filled into, for texts with escapes and, as for all fixes here, for an alias,
  /// since its anchor may serve others.
  func replacing(with text: String, safe: Bool = true, secret: Bool = false) -> Fix? {
    guard case .scalar(let old, let style) = file.tree[node].content, !substituted else { return nil }
    let isBlock = style == .literal || style == .folded
    guard !((isBlock ? "" : old) + text).contains(where: { "\"'\\\n".contains($0) }) else { return nil }
    let breaks = text.contains { ",[]{}#&*!|>%@`".contains($0) && !old.contains($0) } || text.has(": ")
    let written = style == .plain && breaks ? "'\(text)'" : file.tree[node].content.quoting(text)
    return file.replace(node, with: written, safe: safe, secret: secret)
  }

  /// A fix that writes this YAML in the place of the value; nil for what a variable is filled into.
  func replacing(withYAML text: String, safe: Bool = true, secret: Bool = false) -> Fix? {
    substituted ? nil : enclosing(in: text, safe: safe, secret: secret)
  }

  /// The same with YAML that holds the value as it is written.
  private func enclosing(in text: String, safe: Bool = true, secret: Bool = false) -> Fix? {
    file.tree.resolved(node) == node && (isText(text) || !file.tree.isTextOnly(node))
      ? file.replace(node, with: text, safe: safe, secret: secret) : nil
  }

  private func isText(_ yaml: String) -> Bool { TinyScalar(yaml.utf8).isString }

  /// How a number or a boolean is to be written here.
  var asTyped: String {
    file.tree.isTextOnly(node)
      ? "in block style, on a line of its own: between brackets APISIX takes it for a text before 3.10"
      : "without quotes"
  }

  /// A fix that quotes a plain scalar, which YAML takes for a number or boolean; nil for an anchored one, which may be
  /// wanted as a number elsewhere.
  var inQuotes: Fix? {
    guard case .scalar(let text, .plain) = file.tree[node].content, !text.isEmpty, !substituted,
      file.tree[node].anchor == nil
    else { return nil }
    return replacing(withYAML: "\"\(text)\"")
  }

  /// A fix that makes `[default]` of `default`; a text that the brackets would break is quoted. With a comma in it the
  /// text may be several items or one: what is written then is to be looked at.
  var inList: Fix? {
    guard case .scalar(let text, let style) = file.tree[node].content, style != .literal, style != .folded else {
      return nil
    }
    if text.has(",") {
      let items = text.asItems.map(YAMLScalar.quoted).joined(separator: ", ")
      return replacing(withYAML: "[\(items)]", safe: false, secret: text.has("@"))
    }
    let plain = String(decoding: file.tree.text.bytes[file.tree[node].range], as: UTF8.self)
    let breaks = style == .plain && text.contains { ",[]{}\"'\\#".contains($0) }
    return enclosing(in: breaks ? "['\(text)']" : "[\(plain)]")
  }
}

extension String {
  /// What stands between the commas, without the blanks around it.
  var commaParts: [String] {
    split(separator: ",").map { String($0.trimmed { $0 == " " }) }.filter { !$0.isEmpty }
  }

  /// The items that are meant where a text stands in the place of a list. A comma of an expression or a password parts
  /// nothing.
  var asItems: [String] {
    let items = commaParts
    let isOne = utf8.contains { "([{".utf8.contains($0) } || has("@") && !items.allSatisfy { $0.has("://") }
    return isOne || items.isEmpty ? [self] : items
  }
}

extension LintFile {
  /// A fix that writes another text for a node.
  func replace(_ id: Tree.ID, with text: String, safe: Bool = true, secret: Bool = false) -> Fix {
    Fix(safe: safe, edits: [edit(tree[id].range, text)], secret: secret)
  }

  /// A fix that gives a key another name, in the quotes that it has.
  func rename(_ key: Tree.ID, to name: String, safe: Bool = true) -> Fix {
    replace(key, with: tree[key].content.quoting(name), safe: safe)
  }
}

extension Node.Content {
  /// The text in the quotes that this scalar has; a block scalar gets some.
  func quoting(_ text: String) -> String {
    guard case .scalar(_, let style) = self else { return text }
    return switch style {
    case .singleQuoted: "'\(text)'"
    case .doubleQuoted, .literal, .folded: "\"\(text)\""
    case .plain: text
    }
  }
}
