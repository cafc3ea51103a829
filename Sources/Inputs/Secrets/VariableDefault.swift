import SourceText

/// A variable with what stands in for it: `${NAME:-value}`, `${{NAME:=value}}`, `${NAME-value}`, `${NAME/a/b}`. Where a
/// credential belongs its name may be told, and nothing behind it.
public struct VariableDefault {
  public let name: ArraySlice<UInt8>
  /// `:-`, `:=`, `-`, `=`, `:?`, `:+` or another; empty where the name ends in none.
  public let sign: ArraySlice<UInt8>
  public let value: ArraySlice<UInt8>

  /// Those of a text, also one in the value of another.
  public static func all(in bytes: ArraySlice<UInt8>) -> [VariableDefault] {
    var found: [VariableDefault] = []
    for start in bytes.indices where bytes[start] == UInt8(ascii: "$") {
      let inner = bytes[(start + 1)...].prefix { $0 == UInt8(ascii: "{") }
      guard !inner.isEmpty else { continue }
      let name = bytes[inner.endIndex...].drop { $0 == 0x20 }.prefix(while: \.isWord)
      let rest = bytes[name.endIndex...].drop { $0 == 0x20 }
      let sign = rest.prefix(2).prefix { ":-=?+/".utf8.contains($0) }
      let value = bytes[sign.endIndex..<end(of: bytes, from: sign.endIndex)].trimmed { $0 == 0x20 }
      if !name.isEmpty, !value.isEmpty { found.append(VariableDefault(name: name, sign: sign, value: value)) }
    }
    return found
  }

  /// Where the brace that closes it stands; those of a variable in it are its own.
  private static func end(of bytes: ArraySlice<UInt8>, from start: Int) -> Int {
    var depth = 0
    for index in start..<bytes.endIndex {
      if bytes[index] == UInt8(ascii: "{") { depth += 1 }
      if bytes[index] == UInt8(ascii: "}") {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return bytes.endIndex
  }
}
