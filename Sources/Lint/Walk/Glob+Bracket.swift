import Glibc

extension Glob {
  /// In the C locale, which no program of Swift leaves by itself.
  private static let classes: [String: @Sendable (Int32) -> Int32] = [
    "alnum": isalnum, "alpha": isalpha, "blank": isblank, "cntrl": iscntrl, "digit": isdigit, "graph": isgraph,
    "lower": islower, "print": isprint, "punct": ispunct, "space": isspace, "upper": isupper, "xdigit": isxdigit,
  ]

  /// What a bracket of a pattern stands for, `[a-z]`, `[!0-9]`, `[[:digit:]_]`: of each byte whether it is among them.
  /// - Parameter start: behind the `[`.
  /// - Returns: the bytes and the index of the closing `]`; nil where there is none.
  static func bracket(_ pattern: [UInt8], from start: Int) -> (bytes: [Bool], end: Int)? {
    var bytes = [Bool](repeating: false, count: 256)
    var index = start
    let negated = index < pattern.count && "!^".utf8.contains(pattern[index])
    if negated { index += 1 }
    let first = index
    while index < pattern.count {
      if pattern[index] == UInt8(ascii: "]"), index > first { return (negated ? bytes.map { !$0 } : bytes, index) }
      if let (name, end) = className(pattern, at: index) {
        guard let isMember = classes[name] else { return nil }
        for byte in bytes.indices where isMember(Int32(byte)) != 0 { bytes[byte] = true }
        index = end
        continue
      }
      guard let (low, afterLow) = member(pattern, at: index) else { return nil }
      index = afterLow
      // Also for a range that runs backwards, as in git.
      bytes[low] = true
      // A dash before the closing bracket is a dash.
      if index + 1 < pattern.count, pattern[index] == UInt8(ascii: "-"), pattern[index + 1] != UInt8(ascii: "]") {
        guard let (high, afterHigh) = member(pattern, at: index + 1) else { return nil }
        index = afterHigh
        if low <= high { for byte in low...high { bytes[byte] = true } }
      }
    }
    return nil
  }

  private static func member(_ pattern: [UInt8], at index: Int) -> (byte: Int, end: Int)? {
    let index = index < pattern.count && pattern[index] == UInt8(ascii: "\\") ? index + 1 : index
    return index < pattern.count ? (Int(pattern[index]), index + 1) : nil
  }

  /// The name in `[:alpha:]`, whether there is such a class or not.
  private static func className(_ pattern: [UInt8], at index: Int) -> (name: String, end: Int)? {
    guard pattern[index...].starts(with: "[:".utf8),
      let close = pattern[(index + 2)...].firstIndex(of: UInt8(ascii: "]")), close > index + 2,
      pattern[close - 1] == UInt8(ascii: ":")
    else { return nil }
    return (String(decoding: pattern[(index + 2)..<(close - 1)], as: UTF8.self), close + 1)
  }
}
