/// Base64 (RFC 4648).
public enum Base64 {
  public enum Alphabet: Sendable, Hashable {
    /// `+` and `/`
    case standard
    /// `-` and `_`
    case url
  }

  /// Strict decoding: one alphabet, no white space, no bits left over. Padding must be whole where there is any; only
  /// the URL alphabet may go without, as in a JWT.
  public static func decode(_ text: some Sequence<UInt8>, _ alphabet: Alphabet = .standard) -> [UInt8]? {
    decode(text, value: { digit($0, alphabet) }, skipsSpace: false, needsPadding: alphabet == .standard, tail: false)
  }

  /// What people paste: both alphabets, white space anywhere, padding or none; a cut-off end gives what there is.
  public static func decodeLeniently(_ text: some Sequence<UInt8>) -> [UInt8]? {
    decode(
      text, value: { digit($0, .standard) ?? digit($0, .url) }, skipsSpace: true, needsPadding: false, tail: true)
  }

  private static func decode(
    _ text: some Sequence<UInt8>, value: (UInt8) -> UInt32?, skipsSpace: Bool, needsPadding: Bool, tail: Bool
  ) -> [UInt8]? {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var digits = 0
    var padding = 0
    for byte in text {
      if skipsSpace, byte.isSpace { continue }
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(byte) else { return nil }
      bits = bits << 6 | value
      digits += 1
      if digits % 4 == 0 {
        result += [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8)]
        result.append(UInt8(truncatingIfNeeded: bits))
        bits = 0
      }
    }
    let rest = digits % 4
    guard padding <= 2, padding == 0 || (digits + padding) % 4 == 0 || tail else { return nil }
    guard !needsPadding || (digits + padding) % 4 == 0 else { return nil }
    switch rest {
    case 1: return tail ? result : nil
    case 2:
      guard tail || bits & 0xF == 0 else { return nil }
      result.append(UInt8(truncatingIfNeeded: bits >> 4))
    case 3:
      guard tail || bits & 0x3 == 0 else { return nil }
      result += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    default: break
    }
    return result
  }

  private static func digit(_ byte: UInt8, _ alphabet: Alphabet) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+") where alphabet == .standard, UInt8(ascii: "-") where alphabet == .url: 62
    case UInt8(ascii: "/") where alphabet == .standard, UInt8(ascii: "_") where alphabet == .url: 63
    default: nil
    }
  }

  /// Standard: with padding; URL: without.
  public static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    let digits = Array(
      ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (alphabet == .url ? "-_" : "+/")).utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = min(3, bytes.count - index)
      var bits = UInt32(bytes[index]) << 16
      if left > 1 { bits |= UInt32(bytes[index + 1]) << 8 }
      if left > 2 { bits |= UInt32(bytes[index + 2]) }
      for place in 0...left { result.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
      if alphabet == .standard { result += [UInt8](repeating: UInt8(ascii: "="), count: 3 - left) }
      index += 3
    }
    return String(decoding: result, as: UTF8.self)
  }
}
