import YAML

/// Fills in `${{NAME}}` and `${{NAME:=default}}` as APISIX's configuration loader does, in values and in keys.
struct Substitution {
  let environment: Environment
  private(set) var open = OpenVariables()
  /// The first variable that is missing.
  private(set) var refusal: Refusal?

  /// Whether keys are filled in, too.
  private let fillsKeys: Bool

  init(_ environment: Environment, fillsKeys: Bool = true) {
    self.environment = environment
    self.fillsKeys = fillsKeys
  }

  /// The value with every placeholder filled in.
  mutating func resolve(_ value: LuaValue) -> LuaValue { changed(value, key: nil) ?? value }

  /// nil where nothing changes, which is nearly everywhere.
  private mutating func changed(_ value: LuaValue, key: String?) -> LuaValue? {
    switch value.kind {
    case .table(let table): changed(table, key: key).map { LuaValue(.table($0), node: value.node) }
    case .string(let text): changed(text, of: value, key: key)
    default: nil
    }
  }

  private mutating func changed(_ table: LuaTable, key outer: String?) -> LuaTable? {
    var values: LuaTable?
    for (offset, entry) in table.entries.enumerated() {
      let key = renamed(entry)
      // Renamed keys are rare, and so is the way of filling in that they need.
      if key != entry.key { return renaming(table, key: outer) }
      guard let value = changed(entry.value, key: key.string ?? outer) else { continue }
      if values == nil { values = table }
      values?.replace(at: offset, with: value)
    }
    return values
  }

  /// A map with keys that hold placeholders.
  private mutating func renaming(_ table: LuaTable, key outer: String?) -> LuaTable {
    var result = TableBuilder(table)
    // Keys that were written during the walk are passed over when the walk comes to them.
    var written: Set<LuaKey> = []
    for entry in table.entries where !written.contains(entry.key) && result.contains(entry.key) {
      let key = renamed(entry)
      let value = changed(entry.value, key: key.string ?? outer)
      if key != entry.key {
        // APISIX means to take the old key away, but takes away one that is called "key".
        result.remove(.string("key"))
        result.set(LuaTable.Entry(key: key, keyNode: entry.keyNode, value: value ?? entry.value))
        written.insert(key)
        // Both keys hold one table; a scalar is filled in under the new key only.
        guard let value, case .table = value.kind else { continue }
      }
      if let value { result.set(LuaTable.Entry(key: entry.key, keyNode: entry.keyNode, value: value)) }
    }
    return result.table
  }

  private mutating func renamed(_ entry: LuaTable.Entry) -> LuaKey {
    guard fillsKeys, case .string(let name) = entry.key, Placeholder.mayBe(in: name) else { return entry.key }
    let filled = fill(name, node: entry.keyNode, key: nil)
    return filled.isOpen ? entry.key : .string(filled.text)
  }

  private mutating func changed(_ text: String, of value: LuaValue, key: String?) -> LuaValue? {
    guard Placeholder.mayBe(in: text) else { return nil }
    let filled = fill(text, node: value.node, key: key)
    guard filled.used else { return nil }
    if filled.isOpen { return LuaValue(.open(text), node: value.node, substituted: true) }
    let kind: LuaValue.Kind =
      if let number = LuaNumber.parse(filled.text) {
        .number(number)
      } else if filled.text == "true" || filled.text == "false" {
        .bool(filled.text == "true")
      } else {
        .string(filled.text)
      }
    return LuaValue(kind, node: value.node, substituted: true)
  }

  private mutating func fill(
    _ text: String, node: Tree.ID?, key: String?
  ) -> (text: String, used: Bool, isOpen: Bool) {
    var result: [UInt8] = []
    var used = false
    var isOpen = false
    var missing: String?
    let bytes = Array(text.utf8)
    let close = Placeholder.lastClose(bytes)
    var index = 0
    while index < bytes.count {
      guard index < close, let found = Placeholder(bytes, at: index) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      index = found.end
      used = true
      switch (environment.read(found.name), found.fallback) {
      case (.text(let value), _): result += value.utf8
      case (.unset, let fallback?), (.unknown, let fallback?): result += fallback.utf8
      case (.unset, nil):
        missing = found.name
        isOpen = true
      case (.unknown, nil):
        isOpen = true
        open.add(OpenVariable(name: found.name, syntax: .loader, node: node))
      }
    }
    // Of several in one text the last is named.
    if let missing, refusal == nil {
      let word = missing.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      let shown = word.count < missing.count && Credentials.isSecret(key: key) ? word + "***" : missing
      refusal = Refusal(.cli, Words(.variableMissing, missing), masked: Words(.variableMissing, shown), at: node)
    }
    return (String(decoding: result, as: UTF8.self), used, isOpen)
  }
}
