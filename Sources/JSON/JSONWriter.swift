extension JSONValue {
  /// The value as JSON text, without a line break at the end. Whole numbers have no fraction; what JSON has no number
  /// for is null. Control characters are escaped, those above U+007F too, because terminals obey them.
  ///
  /// - Parameter pretty: one member or item a line, indented by two spaces.
  public func serialized(pretty: Bool = false) -> String {
    var out = ""
    write(to: &out, pretty: pretty, depth: 0)
    return out
  }

  private func write(to out: inout String, pretty: Bool, depth: Int) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .number(let value): out += Self.text(of: value)
    case .string(let value): Self.quote(value, to: &out)
    case .array(let items):
      Self.list(items, "[", "]", to: &out, pretty: pretty, depth: depth) { item, out in
        item.write(to: &out, pretty: pretty, depth: depth + 1)
      }
    case .object(let object):
      Self.list(object.members, "{", "}", to: &out, pretty: pretty, depth: depth) { member, out in
        Self.quote(member.key, to: &out)
        out += pretty ? ": " : ":"
        member.value.write(to: &out, pretty: pretty, depth: depth + 1)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, to out: inout String, pretty: Bool, depth: Int,
    write: (Item, inout String) -> Void
  ) {
    out += open
    for (index, item) in items.enumerated() {
      if index > 0 { out += "," }
      if pretty { out += "\n" + String(repeating: "  ", count: depth + 1) }
      write(item, &out)
    }
    if pretty, !items.isEmpty { out += "\n" + String(repeating: "  ", count: depth) }
    out += close
  }

  private static func text(of number: Double) -> String {
    guard number.isFinite else { return "null" }
    if let whole = Int64(exactly: number), abs(number) < 1e15 { return String(whole) }
    return "\(number)"
  }

  private static func quote(_ text: String, to out: inout String) {
    out += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}"..."\u{2029}":
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
