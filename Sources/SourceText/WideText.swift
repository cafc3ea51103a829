/// UTF-16 with its byte order mark, as PowerShell and Windows' editors write files, made UTF-8 piece by piece.
public struct WideText: Sendable {
  /// Which byte of a unit is the high one.
  private let high: Int
  /// The bytes of a letter that is not whole yet.
  private var rest: [UInt8] = []

  /// Nil for what does not begin with the mark. The mark is the caller's to drop: its first two bytes.
  public init?(_ start: some Collection<UInt8>) {
    guard start.starts(with: [0xFE, 0xFF]) || start.starts(with: [0xFF, 0xFE]) else { return nil }
    high = start.first == 0xFE ? 0 : 1
  }

  /// All of a text, behind its mark; what is no letter becomes U+FFFD.
  public static func decoded(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8]? {
    WideText(bytes).map { String(decoding: $0.units(Array(bytes.dropFirst(2))), as: UTF16.self) }.map { Array($0.utf8) }
  }

  /// The letters that are whole with these bytes; those of one that is not are kept for the next call.
  public mutating func decode(_ bytes: some RandomAccessCollection<UInt8>) -> [UInt8] {
    let all = rest + bytes
    var units = units(all)
    // The first half of a pair waits for the second.
    if let last = units.last, UTF16.isLeadSurrogate(last) { units.removeLast() }
    rest = Array(all.dropFirst(2 * units.count))
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private func units(_ bytes: [UInt8]) -> [UInt16] {
    stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high]) }
  }
}
