import JSON

/// The two ways in which a token gets escaped on its way, undone.
enum TokenEscapes {
  /// White space, and what looks like nothing: zero-width and no-break spaces, soft hyphens, byte order marks.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0xAD, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x3000, 0xFEFF: true
    default: false
    }
  }

  /// Nil where a `%` is not followed by two hex digits.
  static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count == 2 else { return nil }
      result.append(UInt8(digits[0] << 4 | digits[1]))
      rest = rest.dropFirst(2)
    }
    return result
  }

  /// Nil where a `\` starts none of JSON's escapes.
  static func jsonDecoded(_ bytes: [UInt8]) -> [UInt8]? {
    let quote = UInt8(ascii: "\"")
    return (try? JSONValue.parse([quote] + bytes + [quote]))?.string.map { Array($0.utf8) }
  }
}
