extension UInt8 {
  /// A digit of ASCII.
  @inlinable public var isDigit: Bool { (0x30...0x39).contains(self) }
  /// A lower-case letter or a digit of ASCII.
  @inlinable public var isSmall: Bool { isDigit || (0x61...0x7A).contains(self) }
  /// A letter or a digit of ASCII.
  @inlinable public var isAlphanumeric: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) }
  /// One of these, or an underscore.
  @inlinable public var isWord: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
  /// A blank, tab or line break of ASCII.
  @inlinable public var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}

extension BidirectionalCollection<UInt8> {
  /// The bytes without white space at both ends.
  @inlinable public var trimmed: SubSequence { trimmed(\.isSpace) }

  /// Whether the bytes are letters, with those of `inner` between them but at no end; false where there are none.
  @inlinable public func isName(of isLetter: (UInt8) -> Bool, inner: String) -> Bool {
    guard let first, let last, isLetter(first), isLetter(last) else { return false }
    return allSatisfy { isLetter($0) || inner.utf8.contains($0) }
  }
}

extension BinaryInteger {
  /// Its digits, with zeros before them where they are fewer than `width`.
  public func digits(radix: Int = 10, width: Int) -> String {
    let digits = String(self, radix: radix)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}

extension BidirectionalCollection {
  /// Without what stands at both ends and is such.
  @inlinable public func trimmed(_ isOuter: (Element) -> Bool) -> SubSequence {
    self[..<(lastIndex { !isOuter($0) }.map(index(after:)) ?? startIndex)].drop(while: isOuter)
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first place of which `isBehind` is true, by halves: it is false of those before and true of those after.
  @inlinable public func firstIndex(sorted isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension String {
  /// The text with some scalars replaced: those for which `replacement` gives a text.
  public func escaped(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in unicodeScalars {
      if let replacement = replacement(scalar) { result += replacement } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// The text with these scalars replaced.
  public func escaped(_ replacements: [Unicode.Scalar: String]) -> String { escaped { replacements[$0] } }

  /// As part of a URI (RFC 3986): all but letters, digits and `-._~` in percent signs.
  /// - Parameters:
  ///   - kept: other characters of ASCII that stay as they are.
  ///   - small: `%2f` instead of `%2F`.
  public func percentEncoded(keeping kept: String = "", small: Bool = false) -> String {
    utf8.map { byte in
      if byte.isAlphanumeric || "-._~".utf8.contains(byte) || kept.utf8.contains(byte) {
        return String(Unicode.Scalar(byte))
      }
      let digits = byte.digits(radix: 16, width: 2)
      return "%" + (small ? digits : digits.uppercased())
    }.joined()
  }
}
