import SourceText

/// A variable with what stands in for it: `${NAME:-value}`, `${{NAME:=value}}`, `${NAME-value}`, `${NAME/a/b}`. Where a
/// credential belongs its name may be told, and nothing behind it.
public struct VariableDefault {
  public let name: ArraySlice<UInt8>
  /// `:-`, `:=`, `-`, `=`, `:?`, `:+` or another; empty where the name ends in none.
  public let sign: ArraySlice<UInt8>
  public let value: ArraySlice<UInt8>

  /// Variables within each other that are looked at.
  private static let depth = 16

  /// Those of a text, in the order of their ends, also one in the value of another. One pass.
  public static func all(in bytes: ArraySlice<UInt8>) -> [VariableDefault] {
    var found: [VariableDefault] = []
    // Of each open brace where its variable's name begins; nil where it has none.
    var open: [Int?] = []
    var known = 0
    func close(at end: Int) {
      guard let start = open.removeLast() else { return }
      known -= 1
      if let variable = VariableDefault(bytes[start..<end]) { found.append(variable) }
    }
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "{") {
        let isLast = index + 1 == bytes.endIndex || bytes[index + 1] != UInt8(ascii: "{")
        let isVariable = isLast && known < depth && isDollar(bytes, before: index)
        open.append(isVariable ? index + 1 : nil)
        if isVariable { known += 1 }
      } else if bytes[index] == UInt8(ascii: "}"), !open.isEmpty {
        close(at: index)
      }
    }
    // What was cut off.
    while !open.isEmpty { close(at: bytes.endIndex) }
    return found
  }

  /// Whether `${` or `${{` ends at a brace.
  private static func isDollar(_ bytes: ArraySlice<UInt8>, before brace: Int) -> Bool {
    let second = brace > bytes.startIndex && bytes[brace - 1] == UInt8(ascii: "{") ? brace - 1 : brace
    return second > bytes.startIndex && bytes[second - 1] == UInt8(ascii: "$")
  }

  /// - Parameter inner: what stands between the braces; nil where nothing follows the name.
  private init?(_ inner: ArraySlice<UInt8>) {
    name = inner.drop { $0 == 0x20 }.prefix(while: \.isWord)
    let rest = inner[name.endIndex...].drop { $0 == 0x20 }
    sign = rest.prefix(2).prefix { ":-=?+/".utf8.contains($0) }
    value = inner[sign.endIndex...].trimmed { $0 == 0x20 }
    if name.isEmpty || value.isEmpty { return nil }
  }
}
