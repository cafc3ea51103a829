extension Schema {
  /// A value that this schema accepts, with its defaults filled in as jsonschema does while it checks.
  func filled(_ value: LuaValue) -> LuaValue {
    guard anyOf.isEmpty else {
      // Most often the type alone tells which alternative accepted it.
      let ofType = anyOf.filter { Validator.hasType(of: $0, value) }
      let fitting = ofType.count == 1 ? ofType[0] : ofType.first { Validator.accepts(value, $0) }
      return fitting?.filled(value) ?? value
    }
    guard let table = value.table else { return value }
    if table.shape != .object, let item {
      var list = table
      for (index, entry) in table.entries.enumerated() { list.replace(at: index, with: item.filled(entry.value)) }
      return LuaValue(.table(list), node: value.node)
    }
    guard table.shape != .array else { return value }
    var result = table
    for property in properties {
      if let index = table.index(.string(property.name)) {
        result.replace(at: index, with: property.schema.filled(table.entries[index].value))
      } else if let fallback = property.schema.fallback {
        result.set(.string(property.name), fallback)
      }
    }
    if let rule = fallbackUnless, !rule.absent.contains(where: { result[$0] != nil }) {
      result.set(.string(rule.name), rule.value)
    }
    return LuaValue(.table(result), node: value.node)
  }
}

extension Schema.Default {
  var value: LuaValue {
    switch self {
    case .string(let text): LuaValue(.string(text))
    case .number(let number): LuaValue(.number(number))
    case .bool(let bool): LuaValue(.bool(bool))
    case .object(let members):
      LuaValue(
        .table(LuaTable(members.map { LuaTable.Entry(key: .string($0.0), keyNode: nil, value: $0.1.value) })))
    }
  }
}
