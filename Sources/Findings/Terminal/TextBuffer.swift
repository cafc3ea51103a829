/// A text in the making. It is kept as bytes, because to add to a long String costs several times as much.
struct TextBuffer {
  /// The text, and room for more: many short pieces are copied into it faster than appended.
  private var bytes: [UInt8]
  private var count = 0
  private let style: Style

  /// - Parameter expecting: about how many bytes it will hold.
  init(color: Bool, expecting: Int = 256) {
    style = Style(isOn: color)
    bytes = Array(repeating: 0, count: expecting)
  }

  var text: String { String(decoding: bytes[..<count], as: UTF8.self) }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  mutating func add(_ other: TextBuffer) {
    other.bytes.withUnsafeBufferPointer { add(UnsafeBufferPointer(rebasing: $0[..<other.count])) }
  }

  mutating func add(_ byte: Unicode.Scalar, times: Int) {
    fill(times) { $0.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: byte)) }
  }

  private mutating func add(_ piece: UnsafeBufferPointer<UInt8>) {
    fill(piece.count) { $0.copyMemory(from: UnsafeRawBufferPointer(piece)) }
  }

  /// Makes the text longer by what `write` puts into the room for it.
  private mutating func fill(_ length: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
    let (start, end) = (count, count + length)
    if end > bytes.count { bytes += repeatElement(0, count: max(bytes.count, length)) }
    bytes.withUnsafeMutableBytes { write(UnsafeMutableRawBufferPointer(rebasing: $0[start..<end])) }
    count = end
  }

  /// Adds what `body` adds, in a colour.
  mutating func add(_ ink: Style.Ink, _ body: (inout TextBuffer) -> Void) {
    if style.isOn { add(style.start(ink)) }
    body(&self)
    if style.isOn { add(style.end) }
  }
}
