import YAML

/// Merges a file into APISIX's built-in configuration: nulls take their key away, at every depth of maps but not inside
/// lists; a list or an empty table replaces; a scalar must have the type of what it replaces.
struct Merge {
  /// The `discovery` section; nil when there is none.
  private(set) var discovery: LuaValue?
  private(set) var refusal: Refusal?

  /// What `path[…]` is. APISIX writes it down before it looks at the types of keys, so an odd key is an error.
  private enum Path {
    case top, text
    case odd(typeName: String)
  }

  /// The keys down to where the walk is: the text of the path is seldom needed.
  private var way: [LuaKey] = []

  init(_ root: LuaTable) {
    for entry in root.entries {
      let outcome = merged(entry, over: entry.key.string.flatMap { Builtin.section($0) }, at: .top)
      guard entry.key == .string("discovery") else { continue }
      discovery =
        switch outcome {
        case .same: entry.value
        case .gone: nil
        case .other(let value): value
        }
    }
    for section in ["apisix", "deployment"] where refusal == nil {
      if case .null? = root[section]?.kind {
        refusal = Refusal(
          .cli, Words(.configInvalid, cause: Words(.required, section)), at: root.entry(.string(section))?.keyNode)
      }
    }
  }

  /// What becomes of a value; nearly always it stays the same.
  private enum Outcome {
    case same, gone
    case other(LuaValue)
  }

  private mutating func merged(_ entry: LuaTable.Entry, over base: Builtin?, at path: Path) -> Outcome {
    switch entry.value.kind {
    case .null: return .gone
    case .open: return .same
    case .bool, .number, .string:
      guard let base, base.typeName != entry.value.typeName, case .text = below(path, entry) else { return .same }
      let name = (way + [entry.key]).compactMap(\.concatenated).joined(separator: "->")
      if !isFree(name, entry.value) {
        refuse(Words(.mergeTypes, name, base.typeName, entry.value.typeName), at: entry.value.node)
      }
      return .same
    case .table(let table):
      guard table.shape == .object else { return .same }
      let inner = below(path, entry)
      if let base, !base.isTable {
        refuse(Words(.badIndex, "local 'base'", base.typeName), at: entry.value.node)
      }
      way.append(entry.key)
      defer { way.removeLast() }
      var result: LuaTable?
      for (index, child) in table.entries.enumerated() {
        let outcome = merged(child, over: child.key.string.flatMap { base?[$0] }, at: inner)
        if case .same = outcome {
          result?.append(child)
          continue
        }
        if result == nil { result = LuaTable(Array(table.entries[..<index])) }
        guard case .other(let value) = outcome else { continue }
        result?.append(LuaTable.Entry(key: child.key, keyNode: child.keyNode, value: value))
      }
      return result.map { .other(LuaValue(.table($0), node: entry.value.node)) } ?? .same
    }
  }

  private func isFree(_ path: String, _ value: LuaValue) -> Bool {
    if path.hasPrefix("nginx_config->") { return value.typeName != "boolean" }
    if path == "apisix->node_listen" { return value.typeName == "number" }
    return path == "apisix->data_encryption->keyring" || path == "apisix->ssl->key_encrypt_salt"
  }

  private mutating func below(_ path: Path, _ entry: LuaTable.Entry) -> Path {
    let key = entry.key
    func joined(_ name: String, _ typeName: String) {
      refuse(Words(.badConcatenation, "local '\(name)'", typeName), at: entry.keyNode)
    }
    switch path {
    case .top:
      if key.isConcatenable { return .text }
      if key == .bool(false) { joined("key", "boolean") }
      return .odd(typeName: key.typeName)
    case .text:
      if key.isConcatenable { return .text }
      joined("key", key.typeName)
      return .odd(typeName: key.typeName)
    case .odd(let typeName):
      // Lua joins from the right.
      if key.concatenated == nil {
        joined("key", key.typeName)
      } else {
        joined("ppath", typeName)
      }
      return path
    }
  }

  private mutating func refuse(_ words: Words, at node: Tree.ID?) {
    if refusal == nil { refusal = Refusal(.cli, words, at: node, location: "apisix/cli/file.lua") }
  }
}
