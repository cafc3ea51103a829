/// A text in the making. It is kept as bytes, because to add to a long String costs several times as much.
struct TextBuffer: Sendable {
  private var bytes: [UInt8] = []
  private let style: Style

  /// - Parameter expecting: about how many bytes it will hold.
  init(color: Bool, expecting: Int = 0) {
    style = Style(isOn: color)
    bytes.reserveCapacity(expecting)
  }

  var count: Int { bytes.count }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ other: TextBuffer) { bytes.append(contentsOf: other.bytes) }

  mutating func add(_ byte: Unicode.Scalar, times: Int) {
    bytes.append(contentsOf: repeatElement(UInt8(ascii: byte), count: times))
  }

  /// Adds what `body` adds, in a colour.
  mutating func add(_ ink: Style.Ink, _ body: (inout TextBuffer) -> Void) {
    add(style.start(ink))
    body(&self)
    add(style.end)
  }
}
