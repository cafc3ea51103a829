import YAML

extension Loader {
  /// tinyyaml calls a key that is there already KEY_1.
  /// - Parameter numbers: the last number that was given, by key: none below it becomes free again.
  func renamed(
    _ key: LuaKey, in map: TableBuilder, _ numbers: inout [String: Int], at node: Tree.ID
  ) throws(Refusal) -> LuaKey {
    guard map.contains(key) else { return key }
    guard let name = key.concatenated else {
      throw Refusal(.yaml, Words(.badConcatenation, "local 'key'", key.typeName), at: node)
    }
    var number = numbers[name] ?? 1
    while map.contains(.string("\(name)_\(number)")) { number += 1 }
    numbers[name] = number
    return .string("\(name)_\(number)")
  }
}

extension LuaValue.Kind {
  /// - Parameter text: what is told apart.
  init(_ scalar: TinyScalar, _ text: String) {
    self =
      switch scalar {
      case .null: .null
      case .bool(let bool): .bool(bool)
      case .number: LuaNumber.parse(text).map { .number($0) } ?? .string(text)
      case .infinity(let negative): .number(negative ? -.infinity : .infinity)
      case .nan: .number(.nan)
      case .timestamp:
        .table(LuaTable([LuaTable.Entry(key: .string("year"), keyNode: nil, value: LuaValue(.number(0)))]))
      case .string: .string(text)
      }
  }
}
