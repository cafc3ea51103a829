/// Why some bytes are no JSON document (RFC 8259), and where.
public struct JSONError: Error, Sendable, Hashable {
  public enum Reason: Sendable, Hashable {
    /// The document ends in the middle of a value.
    case unexpectedEnd
    /// A byte that can not stand here.
    case unexpectedByte(UInt8)
    case badNumber
    case badEscape
    /// A control character in a string that is not written as an escape.
    case bareControlCharacter(UInt8)
    /// More than `JSONLimits.depth` levels of arrays and objects.
    case tooDeep
    /// One object, or one item of a list, is longer than `JSONLimits.objectBytes`.
    case tooLong
  }

  public let reason: Reason
  /// Bytes from the start of the input, from 0.
  public let offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

/// What is refused although RFC 8259 would allow it: inputs may be hostile.
public enum JSONLimits {
  /// Levels of arrays and objects.
  public static let depth = 100
  /// Bytes of one object, or one item of a list, in a stream.
  public static let objectBytes = 64 << 20
}

extension JSONError: CustomStringConvertible {
  /// A short phrase in plain words, e.g. `unexpected "x" at byte 12`.
  public var description: String {
    switch reason {
    case .unexpectedEnd: "the JSON ends too early, at byte \(offset)"
    case .unexpectedByte(let byte): "unexpected \(Self.show(byte)) at byte \(offset)"
    case .badNumber: "not a number at byte \(offset)"
    case .badEscape: "unknown escape in a string at byte \(offset)"
    case .bareControlCharacter(let byte): "control character \(Self.show(byte)) in a string at byte \(offset)"
    case .tooDeep: "nested deeper than \(JSONLimits.depth) levels at byte \(offset)"
    case .tooLong: "one object is longer than \(JSONLimits.objectBytes >> 20) MiB at byte \(offset)"
    }
  }

  private static func show(_ byte: UInt8) -> String {
    if byte > 0x20, byte < 0x7f { return "\"\(Character(UnicodeScalar(byte)))\"" }
    let digits = String(byte, radix: 16)
    return "0x" + (digits.count == 1 ? "0" : "") + digits
  }
}
