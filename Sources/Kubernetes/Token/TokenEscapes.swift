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
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%") {
        guard let value = hex(bytes, index + 1, 2) else { return nil }
        result.append(UInt8(truncatingIfNeeded: value))
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// Nil where a `\` starts none of JSON's escapes.
  static func jsonDecoded(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      guard index + 1 < bytes.count else { return nil }
      switch bytes[index + 1] {
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(bytes[index + 1])
      case UInt8(ascii: "u"):
        guard let value = hex(bytes, index + 2, 4), let scalar = Unicode.Scalar(value) else { return nil }
        result += Array(String(scalar).utf8)
        index += 4
      default: return nil
      }
      index += 2
    }
    return result
  }

  private static func hex(_ bytes: [UInt8], _ start: Int, _ count: Int) -> UInt32? {
    guard start + count <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<(start + count)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
