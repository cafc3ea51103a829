import SourceText
import YAML

/// Turns YAML nodes into Lua values exactly as lyaml 6.2.8 does: merge keys, tags, the last of equal keys; or as
/// tinyyaml does, which knows none of it.
struct Loader {
  private let tree: Tree
  /// Values of nodes that aliases name.
  private var anchored: [Tree.ID: LuaValue] = [:]

  init(_ tree: Tree) { self.tree = tree }

  /// The first document; nil without one. lyaml reads the others too, so an error in them counts.
  static func load(_ tree: Tree) -> (root: LuaValue?, refusal: Refusal?) {
    var loader = Loader(tree)
    var root: LuaValue?
    do throws(Refusal) {
      for document in tree.documents {
        let value = try loader.value(document, key: nil)
        if root == nil { root = value }
      }
      // lyaml types while libyaml reads, so what it refuses comes before an error further down.
      if let rest = tree.unfinished { _ = try loader.value(rest, key: nil) }
    } catch { return (root, error) }
    return (root, nil)
  }

  mutating func value(_ id: Tree.ID, key: String?) throws(Refusal) -> LuaValue {
    let node = tree[id]
    let result: LuaValue
    switch node.content {
    case .alias(let target):
      if let known = anchored[target] { return LuaValue(known.kind, node: id) }
      return try LuaValue(value(target, key: key).kind, node: id)
    case .scalar(let text, _) where tree.isUnknown(id):
      result = LuaValue(.open(text), node: id)
    case .scalar(let text, let style):
      result = try LuaValue(scalar(id, text: text, style: style, key: key), node: id)
    case .sequence(let items, _):
      var list: [LuaValue] = []
      list.reserveCapacity(items.count)
      for item in items { list.append(try value(item, key: key)) }
      result = LuaValue(.table(LuaTable(list: list)), node: id)
    case .mapping(let pairs, _):
      result = try LuaValue(.table(map(pairs)), node: id)
    }
    if node.anchor != nil { anchored[id] = result }
    return result
  }

  private func scalar(
    _ id: Tree.ID, text: String, style: ScalarStyle, key: String?
  ) throws(Refusal) -> LuaValue.Kind {
    let node = tree[id]
    do throws(ImplicitScalar.Crash) {
      if tree.reader != .libyaml, style == .plain, node.tag == nil { return .init(TinyScalar(text.utf8), text) }
      if let tag = node.tag.flatMap({ ImplicitScalar.Tag(rawValue: $0) }) {
        if let value = try ImplicitScalar.value(text, tag: tag) { return value }
      } else {
        return style == .plain ? try ImplicitScalar.value(text) : .string(text)
      }
    } catch {
      throw Refusal(.yaml, Words(.badArithmetic, "a nil value"), at: id)
    }
    let words = { (text: String) in
      Words(.yaml, mark(node.start), cause: Words(.badTag, node.tag ?? "", text))
    }
    throw Refusal(.yaml, words(text), masked: words(Credentials.masked(text, key: key)), at: id)
  }

  private mutating func map(_ pairs: ArraySlice<Node.Pair>) throws(Refusal) -> LuaTable {
    var builder = TableBuilder(expecting: pairs.count)
    var numbers: [String: Int] = [:]
    for pair in pairs {
      var key = try luaKey(pair.key)
      if tree.reader != .libyaml {
        key = try renamed(key, in: builder, &numbers, at: pair.key)
        builder.set(LuaTable.Entry(key: key, keyNode: pair.key, value: try value(pair.value, key: key.string)))
        continue
      }
      let keyTag = tree[pair.key].tag
      if key.string == "<<" || keyTag == "tag:yaml.org,2002:merge" {
        try merge(pair, name: keyTag ?? "<<", into: &builder)
      } else {
        builder.set(LuaTable.Entry(key: key, keyNode: pair.key, value: try value(pair.value, key: key.string)))
      }
    }
    return builder.table
  }

  private mutating func luaKey(_ id: Tree.ID) throws(Refusal) -> LuaKey {
    switch try value(id, key: nil).kind {
    case .string(let text), .open(let text): return .string(text)
    case .number(let number):
      guard !number.isNaN else { throw Refusal(.yaml, Words(.keyIsNaN), at: id) }
      // -0 and 0 are one key.
      return .number(number == 0 ? 0 : number)
    case .bool(let bool): return .bool(bool)
    case .null: return .null
    case .table: return .table(tree.resolved(id))
    }
  }

  private mutating func merge(_ pair: Node.Pair, name: String, into builder: inout TableBuilder) throws(Refusal) {
    let source = tree[tree.resolved(pair.value)].content
    let merged = try value(pair.value, key: nil)
    switch (source, merged.kind) {
    case (.mapping, .table(let table)):
      for entry in table.entries { builder.setIfAbsent(entry) }
    case (.sequence, .table(let list)):
      for (offset, item) in list.entries.enumerated() {
        guard let table = item.value.table else {
          let words = Words(.badMergeItem, name, "\(offset + 1)", printed(item.value))
          throw Refusal(.yaml, Words(.yaml, mark(endMark(pair.value)), cause: words), at: item.value.node)
        }
        for entry in table.entries { builder.setIfAbsent(entry) }
      }
    default:
      let words = Words(.badMerge, name, printed(merged))
      throw Refusal(.yaml, Words(.yaml, mark(tree[pair.value].start), cause: words), at: pair.value)
    }
  }

  /// Where libyaml places the end of a list: at its bracket, or behind its last item.
  private func endMark(_ id: Tree.ID) -> Int {
    let node = tree[id]
    guard case .sequence(_, let flow) = node.content else { return node.start }
    if flow { return max(node.range.lowerBound, node.range.upperBound - 1) }
    let bytes = tree.text.bytes
    var index = node.range.upperBound
    while index < bytes.count, bytes[index].isSpace { index += 1 }
    return index
  }

  private func mark(_ offset: Int) -> String {
    let position = tree.text.position(at: offset)
    return "\(position.line):\(position.column)"
  }

  /// Lua's `tostring`. The address of a table differs from run to run.
  private func printed(_ value: LuaValue) -> String {
    switch value.kind {
    case .string(let text), .open(let text): text
    case .number(let number): LuaNumber.text(number)
    case .bool(let bool): bool ? "true" : "false"
    case .null, .table: "table: 0x"
    }
  }
}
