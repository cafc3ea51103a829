import SourceText

/// The variables that `apisix init` names in nginx.conf (`env NAME;`), so that the kubernetes registry can read them.
public enum NginxEnvironment {
  private static let places = [
    ("service", "host"), ("service", "port"), ("client", "token"), ("client", "token_file"),
  ]

  /// Why `apisix init` does not write nginx.conf. Source: APISIX 3.18.0, which no more lets a line break in a
  /// placeholder add a line of its own.
  static func refusal(of kubernetes: LuaValue, in release: Release) -> Refusal? {
    if let words = mixed(kubernetes, in: release) { return Refusal(.cli, words, at: kubernetes.node) }
    guard release.has(.refusesControlCharacters) else { return nil }
    for cluster in kubernetes.items ?? [kubernetes] {
      for (section, key) in places {
        guard let value = cluster[section]?[key], let text = value.string, isRefused(text) else { continue }
        return Refusal(.cli, Words(.entryInvalid), at: value.node)
      }
    }
    return nil
  }

  /// A map that has a key 1 beside its names passes the schema as a map, and is read as a list all the same: each item
  /// needs an id, a service and a client, which nothing has checked.
  private static func mixed(_ kubernetes: LuaValue, in release: Release) -> Words? {
    guard release.has(.severalClusters), let table = kubernetes.table, table.shape == .object, table.length > 0 else {
      return nil
    }
    for number in 1...table.length {
      guard let item = table[.number(Double(number))] else { return nil }
      if let problem = unreadable(item) { return Words(.badIndex, "local 'item'", problem) }
      switch item["id"]?.kind {
      case .string, .number, .open: break
      case let id: return Words(.badConcatenation, "field 'id'", id.map { LuaValue($0).typeName } ?? "nil")
      }
      for name in ["service", "client"] {
        if let problem = unreadable(item[name]) { return Words(.badIndex, "field '\(name)'", problem) }
      }
    }
    return nil
  }

  /// The type of what has no fields; nil for a table, and for a text, which has those of Lua's library.
  private static func unreadable(_ value: LuaValue?) -> String? {
    guard let value else { return "nil" }
    return value.table == nil && value.typeName != "string" ? value.typeName : nil
  }

  /// Whether a text is `${NAME}` with a control character in the name.
  public static func isRefused(_ text: String) -> Bool {
    guard let name = Placeholder.inner(text.utf8), name.first != UInt8(ascii: "{") else { return false }
    return name.contains { $0 < 0x20 || $0 == 0x7F }
  }
}
