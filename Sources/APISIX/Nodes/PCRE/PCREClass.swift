/// Character classes and the escapes that stand for bytes.
extension PCREParser {
  /// `[...]` at `position`.
  mutating func characterClass(ignoresCase: Bool) throws(PCRE.Fault) -> ByteSet {
    position += 1
    let isNegated = take("^")
    var set = ByteSet()
    var isFirst = true
    while true {
      guard let byte = peek() else { throw broken("missing terminating ] for character class") }
      if byte == UInt8(ascii: "]"), !isFirst {
        position += 1
        break
      }
      isFirst = false
      if let named = try posixClass() {
        set.formUnion(named)
        continue
      }
      guard let low = try member(&set) else { continue }
      // A hyphen before the end, or before a class, stands for itself.
      guard peek() == UInt8(ascii: "-"), let after = peek(1), after != UInt8(ascii: "]") else {
        set.insert(low)
        continue
      }
      position += 1
      let place = position
      guard let high = try member(&set) else {
        set.insert(low)
        set.insert(UInt8(ascii: "-"))
        continue
      }
      guard low <= high else {
        position = place
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
    if let escaped = try escapedSet() {
      set.formUnion(escaped)
      return nil
    }
    return try escapedByte()
  }

  private mutating func posixClass() throws(PCRE.Fault) -> ByteSet? {
    guard peek() == UInt8(ascii: "["), peek(1) == UInt8(ascii: ":") else { return nil }
    let inside = bytes[(position + 2)...]
    guard let colon = inside.firstIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.count,
      bytes[colon + 1] == UInt8(ascii: "]")
    else { return nil }
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
    default: throw broken("unknown POSIX class name")
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
      if byte == UInt8(ascii: "N") {
        position += 1
        return ByteSet([10]).inverted
      }
      if [UInt8]("pPRXCLuUl".utf8).contains(byte) { throw .unsupported }
      return nil
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
      position += 1
      return (ByteSet.lower.contains(letter) ? letter ^ 0x20 : letter) ^ 0x40
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return digits(from: byte - UInt8(ascii: "0"), base: 8, most: 2)
    case UInt8(ascii: "x"):
      guard take("{") else { return digits(from: 0, base: 16, most: 2) }
      let value = digits(from: 0, base: 16, most: 2)
      guard take("}") else { throw .unsupported }
      return value
    case UInt8(ascii: "o"), UInt8(ascii: "g"), UInt8(ascii: "k"): throw .unsupported
    default:
      // An unknown letter stands for itself.
      return byte
    }
  }

  private mutating func digits(from first: UInt8, base: UInt8, most: Int) -> UInt8 {
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
      sum = sum &* base &+ digit
      position += 1
    }
    return sum
  }
}
