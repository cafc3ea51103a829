extension UInt8 {
  /// A digit.
  var isDigit: Bool { (0x30...0x39).contains(self) }
  /// A lower-case letter or a digit.
  var isSmall: Bool { isDigit || (0x61...0x7A).contains(self) }
  /// A letter or a digit.
  var isAlphanumeric: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) }
}
