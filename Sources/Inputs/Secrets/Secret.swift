/// A token, password or private key. It prints as `***` in every way Swift prints a value, so that it cannot reach
/// an output by accident; only `value` and `bytes` give it: for the one place that sends it, or writes it where it was
/// asked to.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(bytes: [UInt8]) { self.bytes = bytes }

  public var isEmpty: Bool { bytes.isEmpty }
  public var description: String { "***" }
  public var debugDescription: String { "***" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Bytes that are no UTF-8 are repaired.
  public var value: String { String(decoding: bytes, as: UTF8.self) }

  /// The text with `***` for each occurrence of the secret: for words of others (a server's answer, curl's message)
  /// that may quote it. Secrets of fewer than four bytes are left: they would tear every text apart.
  public func redacted(in text: String) -> String {
    let text = Array(text.utf8)
    guard bytes.count >= 4, text.count >= bytes.count else { return String(decoding: text, as: UTF8.self) }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if text.count - index >= bytes.count, text[index] == bytes[0],
        text[index..<index + bytes.count].elementsEqual(bytes)
      {
        result += [0x2A, 0x2A, 0x2A]
        index += bytes.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
