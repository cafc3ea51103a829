import Glibc

/// LuaJIT's reading and writing of numbers.
public enum LuaNumber {
  /// Lua's `tonumber` for a text: decimal, `0x` (with fraction and `p` exponent), `0b`, `inf`, `infinity`, `nan` in any
  /// case, a sign, blanks around. No underscores, no octal, no suffixes.
  public static func parse(_ text: some StringProtocol) -> Double? {
    var bytes = Array(text.utf8)[...]
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    var negative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    guard let value = magnitude(bytes) else { return nil }
    return negative ? -value : value
  }

  /// Lua's `tostring`: `%.14g`.
  public static func text(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    if let whole = Int(exactly: number), whole.magnitude < 100_000_000_000_000 {
      return whole == 0 && number.sign == .minus ? "-0" : String(whole)
    }
    return withVaList([number]) { arguments in
      var buffer = [CChar](repeating: 0, count: 64)
      let count = Int(vsnprintf(&buffer, buffer.count, "%.14g", arguments))
      return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func magnitude(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard let first = bytes.first else { return nil }
    if first >= UInt8(ascii: "A") {
      switch String(decoding: bytes, as: UTF8.self).lowercased() {
      case "inf", "infinity": return .infinity
      case "nan": return .nan
      default: return nil
      }
    }
    if first == UInt8(ascii: "0"), bytes.count > 1 {
      switch bytes[bytes.startIndex + 1] | 0x20 {
      case UInt8(ascii: "x"): return hexadecimal(bytes.dropFirst(2))
      case UInt8(ascii: "b"): return binary(bytes.dropFirst(2))
      default: break
      }
    }
    return decimal(bytes)
  }

  private static func binary(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) else { return nil }
    return bytes.reduce(0.0) { $0 * 2 + Double($1 - 0x30) }
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> Double? {
    var value = 0.0
    var digits = 0
    var exponent = 0
    var behindPoint = false
    var index = bytes.startIndex
    scan: while index < bytes.endIndex {
      let byte = bytes[index]
      switch byte {
      case 0x30...0x39: value = value * 16 + Double(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: value = value * 16 + Double((byte | 0x20) - 0x61 + 10)
      case UInt8(ascii: ".") where !behindPoint:
        behindPoint = true
        index += 1
        continue scan
      default: break scan
      }
      digits += 1
      if behindPoint { exponent -= 4 }
      index += 1
    }
    guard digits > 0 else { return nil }
    if index < bytes.endIndex {
      guard bytes[index] | 0x20 == UInt8(ascii: "p"), let power = integer(bytes[(index + 1)...]) else { return nil }
      exponent += power
    }
    return scalbn(value, Int32(clamping: exponent))
  }

  private static func decimal(_ bytes: ArraySlice<UInt8>) -> Double? {
    var digits = 0
    var points = 0
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if (0x30...0x39).contains(bytes[index]) {
        digits += 1
      } else if bytes[index] == UInt8(ascii: "."), points == 0 {
        points = 1
      } else {
        break
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    if index < bytes.endIndex {
      guard bytes[index] | 0x20 == UInt8(ascii: "e"), integer(bytes[(index + 1)...]) != nil else { return nil }
    }
    return strtod(String(decoding: bytes, as: UTF8.self), nil)
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> Int? {
    var digits = bytes
    var negative = false
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      digits.removeFirst()
    }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let value = digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1_000_000) }
    return negative ? -value : value
  }
}
