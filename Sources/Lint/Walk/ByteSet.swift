/// The bytes that a bracket of a pattern stands for, `[a-z]`, `[!0-9]`, `[[:digit:]_]`.
struct ByteSet: Sendable, Hashable {
  private var bits: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var negated = false

  private static let classes: [String: @Sendable (UInt8) -> Bool] = [
    "alnum": { isLetter($0) || isDigit($0) },
    "alpha": isLetter,
    "blank": { $0 == 0x20 || $0 == 0x09 },
    "cntrl": { $0 < 0x20 || $0 == 0x7F },
    "digit": isDigit,
    "graph": { (0x21...0x7E).contains($0) },
    "lower": { (0x61...0x7A).contains($0) },
    "print": { (0x20...0x7E).contains($0) },
    "punct": { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) },
    "space": { $0 == 0x20 || (0x09...0x0D).contains($0) },
    "upper": { (0x41...0x5A).contains($0) },
    "xdigit": { isDigit($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) },
  ]

  func contains(_ byte: UInt8) -> Bool { holds(byte) != negated }

  private func holds(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: bits.0
      case 1: bits.1
      case 2: bits.2
      default: bits.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  private mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: bits.0 |= bit
    case 1: bits.1 |= bit
    case 2: bits.2 |= bit
    default: bits.3 |= bit
    }
  }

  /// Reads a bracket whose `[` stands before `start`.
  /// - Returns: the set and the index of the closing `]`; nil where there is none.
  static func parse(_ pattern: [UInt8], from start: Int) -> (set: ByteSet, end: Int)? {
    var set = ByteSet()
    var index = start
    if index < pattern.count, pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^") {
      set.negated = true
      index += 1
    }
    let first = index
    while index < pattern.count {
      if pattern[index] == UInt8(ascii: "]"), index > first { return (set, index) }
      if let (members, end) = namedClass(pattern, at: index) {
        guard let members else { return nil }
        for byte in UInt8.min...UInt8.max where members(byte) { set.insert(byte) }
        index = end
        continue
      }
      guard let (low, afterLow) = member(pattern, at: index) else { return nil }
      index = afterLow
      // Also for a range that runs backwards, as in git.
      set.insert(low)
      // A dash before the closing bracket is a dash.
      if index + 1 < pattern.count, pattern[index] == UInt8(ascii: "-"), pattern[index + 1] != UInt8(ascii: "]") {
        guard let (high, afterHigh) = member(pattern, at: index + 1) else { return nil }
        index = afterHigh
        if low <= high { for byte in low...high { set.insert(byte) } }
      }
    }
    return nil
  }

  private static func member(_ pattern: [UInt8], at index: Int) -> (UInt8, Int)? {
    guard index < pattern.count else { return nil }
    guard pattern[index] == UInt8(ascii: "\\") else { return (pattern[index], index + 1) }
    return index + 1 < pattern.count ? (pattern[index + 1], index + 2) : nil
  }

  /// `[:alpha:]`; no function for a class that nobody knows.
  private static func namedClass(
    _ pattern: [UInt8], at index: Int
  ) -> (members: (@Sendable (UInt8) -> Bool)?, end: Int)? {
    guard index + 1 < pattern.count, pattern[index] == UInt8(ascii: "["), pattern[index + 1] == UInt8(ascii: ":"),
      let close = pattern[(index + 2)...].firstIndex(of: UInt8(ascii: "]")), close > index + 2,
      pattern[close - 1] == UInt8(ascii: ":")
    else { return nil }
    let name = String(decoding: pattern[(index + 2)..<max(index + 2, close - 1)], as: UTF8.self)
    return (classes[name], close + 1)
  }

  static func == (left: ByteSet, right: ByteSet) -> Bool { left.bits == right.bits && left.negated == right.negated }

  func hash(into hasher: inout Hasher) {
    hasher.combine(bits.0)
    hasher.combine(bits.1)
    hasher.combine(bits.2)
    hasher.combine(bits.3)
    hasher.combine(negated)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
