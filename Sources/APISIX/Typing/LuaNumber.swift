import Glibc
import SourceText

/// LuaJIT's reading and writing of numbers.
public enum LuaNumber {
  /// Lua's `tonumber` for a text: decimal, `0x` (with fraction and `p` exponent), `0b`, `inf`, `infinity`, `nan` in any
  /// case, a sign, blanks around. No underscores, no octal, no suffixes.
  public static func parse(_ text: some StringProtocol) -> Double? {
    let bytes = Array(text.utf8).trimmed
    let isNegative = bytes.first == UInt8(ascii: "-")
    let magnitude = bytes.dropFirst(isNegative || bytes.first == UInt8(ascii: "+") ? 1 : 0)
    if magnitude.starts(with: "0b".utf8) || magnitude.starts(with: "0B".utf8) {
      let digits = magnitude.dropFirst(2)
      guard !digits.isEmpty, digits.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) else { return nil }
      let value = digits.reduce(0.0) { $0 * 2 + Double($1 - 0x30) }
      return isNegative ? -value : value
    }
    // All else is C's, but for `nan(…)`.
    guard !bytes.isEmpty, !bytes.contains(UInt8(ascii: "(")) else { return nil }
    return String(decoding: bytes, as: UTF8.self).withCString { start in
      var end: UnsafeMutablePointer<CChar>?
      let value = strtod(start, &end)
      return end.map { UnsafePointer($0) } == start + bytes.count ? value : nil
    }
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
}
