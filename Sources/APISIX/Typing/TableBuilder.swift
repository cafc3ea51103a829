/// Builds a map whose keys may repeat, be replaced and taken away, in linear time.
struct TableBuilder {
  private var entries: [LuaTable.Entry] = []
  private var removed: Set<Int> = []
  /// Only kept for maps of more than a few keys.
  private var indexes: [LuaKey: Int] = [:]
  private var isIndexed: Bool

  init(expecting count: Int) {
    isIndexed = count > 8
    entries.reserveCapacity(count)
    if isIndexed { indexes.reserveCapacity(count) }
  }

  init(_ table: LuaTable) {
    self.init(expecting: table.entries.count)
    for entry in table.entries { append(entry) }
  }

  var table: LuaTable {
    if removed.isEmpty { return LuaTable(entries) }
    return LuaTable(entries.enumerated().filter { !removed.contains($0.offset) }.map(\.element))
  }

  func contains(_ key: LuaKey) -> Bool { index(key) != nil }

  mutating func set(_ entry: LuaTable.Entry) {
    if let index = index(entry.key) { entries[index] = entry } else { append(entry) }
  }

  mutating func setIfAbsent(_ entry: LuaTable.Entry) {
    if index(entry.key) == nil { append(entry) }
  }

  mutating func remove(_ key: LuaKey) {
    guard let index = index(key) else { return }
    removed.insert(index)
    indexes[key] = nil
  }

  private mutating func append(_ entry: LuaTable.Entry) {
    if isIndexed {
      indexes[entry.key] = entries.count
    } else if entries.count == 16 {
      // Merge keys brought in more than was expected.
      isIndexed = true
      for (index, known) in entries.enumerated() where !removed.contains(index) { indexes[known.key] = index }
      indexes[entry.key] = entries.count
    }
    entries.append(entry)
  }

  private func index(_ key: LuaKey) -> Int? {
    if isIndexed { return indexes[key] }
    return entries.indices.first { index in
      let isSame =
        if case .string(let name) = key, case .string(let other) = entries[index].key {
          name == other
        } else {
          entries[index].key == key
        }
      return isSame && !removed.contains(index)
    }
  }
}
