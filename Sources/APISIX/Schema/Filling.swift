extension Schema {
  /// A value that this schema accepts, with its defaults filled in as jsonschema does while it checks.
  func filled(_ value: LuaValue) -> LuaValue { changed(value) ?? value }

  /// nil where no default is wanted, which spares a copy of the table.
  private func changed(_ value: LuaValue) -> LuaValue? {
    guard anyOf.isEmpty else {
      // Most often the type alone tells which alternative accepted it.
      let ofType = anyOf.filter { Validator.hasType(of: $0, value) }
      let fitting = ofType.count == 1 ? ofType[0] : ofType.first { Validator.accepts(value, $0) }
      return fitting?.changed(value)
    }
    guard let table = value.table else { return nil }
    // A null counts as an empty table.
    var isChanged = if case .null = value.kind { true } else { false }
    var result = table
    if table.shape != .object, let item {
      for (index, entry) in table.entries.enumerated() {
        guard let item = item.changed(entry.value) else { continue }
        result.replace(at: index, with: item)
        isChanged = true
      }
    } else if table.shape != .array {
      for property in properties {
        if let index = table.index(.string(property.name)) {
          guard let inner = property.schema.changed(table.entries[index].value) else { continue }
          result.replace(at: index, with: inner)
        } else if let fallback = property.schema.fallback {
          result.set(.string(property.name), fallback)
        } else {
          continue
        }
        isChanged = true
      }
      if let rule = fallbackUnless, !rule.absent.contains(where: { result[$0] != nil }) {
        result.set(.string(rule.name), rule.value)
        isChanged = true
      }
    }
    return isChanged ? LuaValue(.table(result), node: value.node) : nil
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
