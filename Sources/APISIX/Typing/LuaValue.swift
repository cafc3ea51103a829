public import YAML

/// A value as APISIX holds it in Lua after reading the file, with the YAML node it came from.
public struct LuaValue: Sendable {
  public enum Kind: Sendable {
    /// lyaml's null: an empty table with a mark. It is left out of maps, but stays in lists.
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case table(LuaTable)
    /// A text with a `${{VARIABLE}}` whose value is not known; as written.
    case open(String)
  }

  public var kind: Kind
  /// Where it stands in the file: the place of use for an alias, nil for what a default supplied.
  public var node: Tree.ID?
  /// Whether a `${{VARIABLE}}` went into it, so that its type does not show in the file.
  public var substituted: Bool

  public init(_ kind: Kind, node: Tree.ID? = nil, substituted: Bool = false) {
    self.kind = kind
    self.node = node
    self.substituted = substituted
  }
}

extension LuaValue {
  public var string: String? { if case .string(let text) = kind { text } else { nil } }
  /// A text, also one that hangs on a variable whose value is not known: that as written.
  public var text: String? { if case .open(let text) = kind { text } else { string } }
  public var number: Double? { if case .number(let number) = kind { number } else { nil } }
  public var bool: Bool? { if case .bool(let bool) = kind { bool } else { nil } }
  public var table: LuaTable? {
    switch kind {
    case .table(let table): table
    case .null: LuaTable()
    default: nil
    }
  }

  /// The value under a key of a table; nil for everything else.
  public subscript(key: String) -> LuaValue? {
    if case .table(let table) = kind { table[key] } else { nil }
  }

  /// The items of a list; nil for everything else, an empty table included when it was not written as a list.
  public var items: [LuaValue]? {
    guard case .table(let table) = kind, table.shape == .array else { return nil }
    return table.list
  }

  /// The same table with this list under a key, or without the key.
  public func with(_ key: String, _ list: [LuaValue]?) -> LuaValue {
    guard var table else { return self }
    if let list {
      table.set(.string(key), LuaValue(.table(LuaTable(list: list))))
    } else {
      table = LuaTable(table.entries.filter { $0.key != .string(key) })
    }
    return LuaValue(.table(table), node: node, substituted: substituted)
  }

  /// What Lua's `type` calls it.
  public var typeName: String {
    switch kind {
    case .null, .table: "table"
    case .bool: "boolean"
    case .number: "number"
    case .string, .open: "string"
    }
  }

  /// Lua's only false values are false and nil.
  var isTrue: Bool { if case .bool(false) = kind { false } else { true } }
}

public enum LuaKey: Sendable, Hashable {
  case string(String)
  case number(Double)
  case bool(Bool)
  case null
  /// A map or list as a key: each is a key of its own.
  case table(Tree.ID)

  public var string: String? { if case .string(let text) = self { text } else { nil } }

  public var typeName: String {
    switch self {
    case .string: "string"
    case .number: "number"
    case .bool: "boolean"
    case .null, .table: "table"
    }
  }

  /// Whether `..` takes it.
  var isConcatenable: Bool { if case .number = self { true } else { string != nil } }

  /// How `..` writes it; nil where Lua refuses.
  var concatenated: String? {
    switch self {
    case .string(let text): text
    case .number(let number): LuaNumber.text(number)
    case .bool, .null, .table: nil
    }
  }
}

/// A Lua table; its keys keep the order of the file.
public struct LuaTable: Sendable {
  public struct Entry: Sendable {
    public let key: LuaKey
    /// Where the key stands; nil for list items and for defaults.
    public let keyNode: Tree.ID?
    public var value: LuaValue
  }

  /// What jsonschema takes a table for: an empty one is a map and a list at once.
  public enum Shape: Sendable {
    case object, empty, array
  }

  public private(set) var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// A list.
  init(list: [LuaValue]) {
    entries = list.enumerated().map { Entry(key: .number(Double($0.offset + 1)), keyNode: nil, value: $0.element) }
  }

  public subscript(name: String) -> LuaValue? { index(name).map { entries[$0].value } }

  public subscript(key: LuaKey) -> LuaValue? { entry(key)?.value }

  public func entry(_ key: LuaKey) -> Entry? { index(key).map { entries[$0] } }

  func index(_ key: LuaKey) -> Int? {
    // A list has its keys in order.
    if case .number(let number) = key, let index = Int(exactly: number), index > 0, index <= entries.count,
      entries[index - 1].key == key
    {
      return index - 1
    }
    if case .string(let name) = key { return index(name) }
    return entries.firstIndex { $0.key == key }
  }

  private func index(_ name: String) -> Int? {
    entries.firstIndex { if case .string(let text) = $0.key { text == name } else { false } }
  }

  mutating func set(_ key: LuaKey, keyNode: Tree.ID? = nil, _ value: LuaValue) {
    let entry = Entry(key: key, keyNode: keyNode, value: value)
    if let index = index(key) { entries[index] = entry } else { entries.append(entry) }
  }

  mutating func append(_ entry: Entry) { entries.append(entry) }

  mutating func replace(at index: Int, with value: LuaValue) { entries[index].value = value }

  /// Lua's `#`: found by doubling and halving, as LuaJIT does for keys outside the array part.
  public var length: Int {
    if entries.isEmpty { return 0 }
    if isDense { return entries.count }
    func has(_ number: Int) -> Bool { index(.number(Double(number))) != nil }
    var low = 0
    var high = 1
    while has(high) {
      low = high
      high *= 2
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if has(middle) { low = middle } else { high = middle }
    }
    return low
  }

  /// The values of a table of shape `array` in the order of their keys.
  var list: [LuaValue] {
    if isDense { return entries.map(\.value) }
    func number(_ key: LuaKey) -> Double { if case .number(let number) = key { number } else { .infinity } }
    return entries.sorted { number($0.key) < number($1.key) }.map(\.value)
  }

  private var isDense: Bool {
    for index in entries.indices {
      guard case .number(let number) = entries[index].key, number == Double(index + 1) else { return false }
    }
    return true
  }

  public var shape: Shape {
    guard let first = entries.first else { return .empty }
    // A list has no other keys than numbers.
    guard case .number = first.key else { return .object }
    return length == entries.count ? .array : .object
  }
}
