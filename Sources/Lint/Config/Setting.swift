import APISIX
import Common
import Findings
import Inputs
import YAML

/// A value of config.yaml as APISIX reads it, with its key and path: what rules look at. Made once a file, with all
/// that is in it, because every rule asks for much the same.
final class Setting: Sendable, Located {
  /// The last part of the path, `port`; of an item of a list its index.
  let key: String
  private let place: Place
  let value: LuaValue
  let node: Tree.ID
  let keyNode: Tree.ID?
  let file: LintFile
  /// nil for what is no list.
  let items: [Setting]?
  /// The string keys of a map that stand in the file, in its order.
  let keys: [Key]

  struct Key {
    let name: String
    let node: Tree.ID
    let setting: Setting?
  }

  /// The way down to a value; a text is made of it only where there is something to say.
  private indirect enum Place: Sendable {
    case top(String)
    case key(String, in: Place)
    case item(String, of: Place)

    var text: String {
      switch self {
      case .top(let path): path
      case .key(let name, let outer): outer.text + "." + name
      case .item(let index, let list): list.text + "[" + index + "]"
      }
    }
  }

  /// nil for what no node of the file stands for, as a default.
  convenience init?(key: String, path: String, value: LuaValue, keyNode: Tree.ID? = nil, file: LintFile) {
    self.init(key, .top(path), value, keyNode, file)
  }

  private init?(_ key: String, _ place: Place, _ value: LuaValue, _ keyNode: Tree.ID?, _ file: LintFile) {
    guard let node = value.node else { return nil }
    self.key = key
    self.place = place
    self.value = value
    self.node = node
    self.keyNode = keyNode
    self.file = file
    var items: [Setting]?
    var keys: [Key] = []
    if case .table(let table) = value.kind {
      if table.shape == .array {
        items = table.entries.enumerated().compactMap { index, entry in
          let index = String(index)
          return Setting(index, .item(index, of: place), entry.value, nil, file)
        }
      } else {
        keys.reserveCapacity(table.entries.count)
        for entry in table.entries {
          guard case .string(let name) = entry.key, let node = entry.keyNode else { continue }
          let below = Setting(name, .key(name, in: place), entry.value, node, file)
          keys.append(Key(name: name, node: node, setting: below))
        }
      }
    }
    self.items = items
    self.keys = keys
  }

  /// `discovery.kubernetes.service.port`
  var path: String { place.text }
  var kind: LuaValue.Kind { value.kind }
  var string: String? { if case .string(let text) = kind { text } else { nil } }
  var isString: Bool { string != nil }
  var boolean: Bool? { if case .bool(let bool) = kind { bool } else { nil } }
  var number: Double? { if case .number(let number) = kind { number } else { nil } }
  var integer: Int? { number.flatMap { Int(exactly: $0) } }
  var substituted: Bool { value.substituted }
  /// Hangs on a variable that is not known.
  var isOpen: Bool { if case .open = value.kind { true } else { false } }
  var isTable: Bool { value.table != nil }
  var isEmpty: Bool { value.table?.entries.isEmpty ?? false }
  var isNull: Bool { if case .null = value.kind { true } else { false } }
  /// A map, or what counts as one: `{}` and `[]` are the same in Lua.
  var isMapOrEmpty: Bool { value.table.map { $0.shape != .array } ?? false }

  /// The scalar's text in the file, before variables are filled in.
  var written: String? { file.tree.scalar(node) }

  /// The items of a list; else the value itself: a registry that takes one map, or several in a list.
  var each: [Setting] { items ?? [self] }

  subscript(_ name: String) -> Setting? {
    for index in keys.indices where keys[index].name == name { return keys[index].setting ?? unknown }
    return unknown
  }

  /// What a template may yet add to a map.
  private var unknown: Setting? {
    guard file.tree.templates != nil, isTable, let gap = file.tree.gap(in: node) else { return nil }
    return Setting("?", place, LuaValue(.open(""), node: gap), nil, file)
  }

  subscript(_ outer: String, _ inner: String) -> Setting? { self[outer]?[inner] }

  subscript(_ names: [String]) -> Setting? { names.reduce(self as Setting?) { $0?[$1] } }

  /// Whether its key, or that of the list it stands in, says that no message may quote it.
  var isCredential: Bool {
    place.text.split(separator: ".").last.map { CredentialRanges.isCredential(String($0.prefix { $0 != "[" })) }
      ?? false
  }

  /// The value in words for a message: `the number 6443`, `the string "x"`, `a map`; of a credential its type alone.
  var described: String {
    if isCredential {
      if number != nil { return "a number" }
      if let string, !string.isEmpty { return "a string" }
    }
    switch value.kind {
    case .null: return "null"
    case .bool(let bool):
      let word = written ?? "\(bool)"
      return substituted ? "the boolean \(bool), out of \(written ?? "a variable")" : "the boolean \(word)"
    case .number(let number):
      let text = LuaNumber.text(number)
      if substituted { return "the number \(text), out of \(written ?? "a variable")" }
      return written == nil || written == text ? "the number \(text)" : "the number \(text), written \(written ?? "")"
    case .string(let text): return text.isEmpty ? "an empty string" : "the string \(quoted(text))"
    case .open(let text): return text
    case .table(let table): return table.shape == .array ? "a list" : table.entries.isEmpty ? "empty" : "a map"
    }
  }

  /// A map of labels as kubectl writes a selector, where that is plain.
  var asLabelSelector: String? {
    let parts = keys.compactMap { key in key.setting?.string.map { "\(key.name)=\($0)" } }
    return parts.isEmpty || parts.count != keys.count ? nil : parts.joined(separator: ",")
  }
}

/// Text of the input inside a message, shortened where it is long. A secret may stand anywhere by mistake.
func quoted(_ text: String) -> String { SecretPatterns.quoted(text) }
