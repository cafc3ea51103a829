extension [UInt8] {
  /// Skips a node's tag and anchor, and what stands between them and the value.
  func valueStart(after start: Int, upTo end: Int) -> Int {
    var index = start
    while index < end {
      switch self[index] {
      case UInt8(ascii: "!"), UInt8(ascii: "&"):
        while index < end, self[index] > 0x20 { index += 1 }
      case UInt8(ascii: "#"):
        while index < end, self[index] != 0x0A, self[index] != 0x0D { index += 1 }
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return index
      }
    }
    return index
  }

  /// The end of a block scalar without the blank lines behind it.
  func trimmed(_ range: Range<Int>) -> Int {
    var end = range.upperBound
    while end > range.lowerBound, [0x20, 0x09, 0x0A, 0x0D].contains(self[end - 1]) { end -= 1 }
    return end
  }
}
