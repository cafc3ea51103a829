/// Character classes and the escapes that stand for bytes.
extension PCREParser {
  static let collating = "POSIX collating elements are not supported"

  /// `[...]` at `position`.
  mutating func characterClass(ignoresCase: Bool) throws(PCRE.Fault) -> ByteSet {
    position += 1
    let isNegated = take("^")
    var set = ByteSet()
    var isFirst = true
    var isQuoted = false
    while true {
      guard let byte = peek() else { throw broken("missing terminating ] for character class") }
      if isQuoted {
        isQuoted = !take("\\E")
        if isQuoted {
          position += 1
          set.insert(byte)
          isFirst = false
        }
        continue
      }
      if byte == UInt8(ascii: "]"), !isFirst {
        position += 1
        break
      }
      if take("\\Q") {
        isQuoted = true
        continue
      }
      if take("\\E") { continue }
      isFirst = false
      if let named = try posixClass() {
        set.formUnion(named)
        continue
      }
      guard let low = try member(&set) else { continue }
      // A hyphen before the end stands for itself.
      guard peek() == UInt8(ascii: "-"), let after = peek(1), after != UInt8(ascii: "]") else {
        set.insert(low)
        continue
      }
      position += 1
      if posixEnd() != nil { throw broken(Self.noRange) }
      let place = position
      guard let high = try member(&set) else {
        position = place + 1
        throw broken(Self.noRange)
      }
      guard low <= high else {
        position -= 1
        throw broken("range out of order in character class")
      }
      set.formUnion(ByteSet(low...high))
    }
    if ignoresCase {
      for byte in UInt8(ascii: "a")...UInt8(ascii: "z") where set.contains(byte) || set.contains(byte ^ 0x20) {
        set.insert(byte)
        set.insert(byte ^ 0x20)
      }
    }
    return isNegated ? set.inverted : set
  }

  private static let noRange = "invalid range in character class"

  /// One byte of a class; nil when it was a set, which is added.
  private mutating func member(_ set: inout ByteSet) throws(PCRE.Fault) -> UInt8? {
    guard let byte = peek() else { throw broken("missing terminating ] for character class") }
    guard byte == UInt8(ascii: "\\") else {
      position += 1
      return byte
    }
    position += 1
    guard peek() != nil else { throw broken("\\ at end of pattern") }
    if take("b") { return 8 }
    if peek() == UInt8(ascii: "N") { throw broken("\\N is not supported in a class") }
    if let escaped = try escapedSet() {
      set.formUnion(escaped)
      return nil
    }
    return try escapedByte()
  }

  /// Where the closing `:]` of a `[:` at `position` is; the same for `[.` and `[=`. nil when it is no such thing.
  func posixEnd() -> Int? {
    guard peek() == UInt8(ascii: "["), let mark = peek(1), ByteSet([UInt8](":.=".utf8)).contains(mark) else {
      return nil
    }
    var index = position + 2
    while index + 1 < bytes.count {
      let (byte, next) = (bytes[index], bytes[index + 1])
      if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "]") || next == byte {
        index += 1
      } else if byte == UInt8(ascii: "]") || (byte == UInt8(ascii: "[") && next == mark) {
        return nil
      } else if byte == mark, next == UInt8(ascii: "]") {
        return index
      }
      index += 1
    }
    return nil
  }

  private mutating func posixClass() throws(PCRE.Fault) -> ByteSet? {
    guard let colon = posixEnd() else { return nil }
    guard peek(1) == UInt8(ascii: ":") else { throw broken(Self.collating) }
    var name = String(decoding: bytes[(position + 2)..<colon], as: UTF8.self)
    let isNegated = name.hasPrefix("^")
    if isNegated { name.removeFirst() }
    let printable = UInt8(0x21)...UInt8(0x7E)
    let set: ByteSet
    switch name {
    case "alpha": set = .alpha
    case "lower": set = .lower
    case "upper": set = .upper
    case "alnum": set = .alnum
    case "digit": set = .digit
    case "space": set = .space
    case "word": set = .word
    case "blank": set = ByteSet([9, 32])
    case "cntrl": set = ByteSet([0x7F] + Array(UInt8(0)...0x1F))
    case "graph": set = ByteSet(printable)
    case "print": set = ByteSet(UInt8(0x20)...0x7E)
    case "punct": set = ByteSet(printable.filter { !ByteSet.alnum.contains($0) })
    case "ascii": set = ByteSet(UInt8(0)...0x7F)
    case "xdigit": set = ByteSet([UInt8]("0123456789abcdefABCDEF".utf8))
    default:
      position += isNegated ? 3 : 2
      throw broken("unknown POSIX class name")
    }
    position = colon + 2
    return isNegated ? set.inverted : set
  }

  /// `\d` and its like, after the backslash; nil when it is no such escape.
  mutating func escapedSet() throws(PCRE.Fault) -> ByteSet? {
    guard let byte = peek() else { return nil }
    let set: ByteSet
    switch byte | 0x20 {
    case UInt8(ascii: "d"): set = .digit
    case UInt8(ascii: "w"): set = .word
    case UInt8(ascii: "s"): set = .space
    case UInt8(ascii: "h"): set = .horizontal
    case UInt8(ascii: "v"): set = .vertical
    default:
      if byte == UInt8(ascii: "N"), peek(1) != UInt8(ascii: "{") {
        position += 1
        return ByteSet([10]).inverted
      }
      if [UInt8]("LlUuN".utf8).contains(byte) {
        throw broken("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u")
      }
      return byte | 0x20 == UInt8(ascii: "p") ? try property() : nil
    }
    position += 1
    return byte & 0x20 == 0 ? set.inverted : set
  }

  /// The byte that an escape stands for, after the backslash.
  mutating func escapedByte() throws(PCRE.Fault) -> UInt8 {
    guard let byte = peek() else { throw broken("\\ at end of pattern") }
    position += 1
    switch byte {
    case UInt8(ascii: "a"): return 7
    case UInt8(ascii: "e"): return 27
    case UInt8(ascii: "f"): return 12
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "r"): return 13
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "c"):
      guard let letter = peek() else { throw broken("\\c at end of pattern") }
      guard letter < 0x80 else { throw broken("\\c must be followed by an ASCII character") }
      position += 1
      return (ByteSet.lower.contains(letter) ? letter ^ 0x20 : letter) ^ 0x40
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      let value = digits(from: Int(byte - UInt8(ascii: "0")), base: 8, most: 2)
      if value <= 0xFF { return UInt8(value) }
      position -= 1
      throw broken("octal value is greater than \\377 in 8-bit non-UTF-8 mode")
    case UInt8(ascii: "x"):
      guard take("{") else { return UInt8(digits(from: 0, base: 16, most: 2)) }
      return try braced(base: 16, "non-hex character in \\x{} (closing brace missing?)")
    case UInt8(ascii: "o"):
      position -= 1
      guard peek(1) == UInt8(ascii: "{") else { throw broken("missing opening brace after \\o") }
      if peek(2) == UInt8(ascii: "}") { throw broken(Self.noDigits) }
      position += 2
      return try braced(base: 8, "non-octal character in \\o{} (closing brace missing?)")
    default:
      // An unknown letter stands for itself.
      return byte
    }
  }

  private static let noDigits = "digits missing in \\x{} or \\o{}"

  /// A number in braces, behind the opening one.
  /// - Parameter fault: what PCRE says where something else stands there.
  private mutating func braced(base: Int, _ fault: String) throws(PCRE.Fault) -> UInt8 {
    if peek() == UInt8(ascii: "}") { throw broken(Self.noDigits) }
    let start = position
    var value = 0
    while value <= 0xFF {
      let before = position
      value = digits(from: value, base: base, most: 1)
      if position == before { break }
    }
    if value > 0xFF {
      while let byte = peek(), byte != UInt8(ascii: "}"), position - start < 32 { position += 1 }
      throw broken("character value in \\x{} or \\o{} is too large")
    }
    guard take("}") else { throw broken(fault) }
    return UInt8(value)
  }

  private mutating func digits(from first: Int, base: Int, most: Int) -> Int {
    var sum = first
    for _ in 0..<most {
      guard let byte = peek() else { break }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 87
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 55
      default: return sum
      }
      guard digit < base else { return sum }
      sum = sum * base + Int(digit)
      position += 1
    }
    return sum
  }
}
