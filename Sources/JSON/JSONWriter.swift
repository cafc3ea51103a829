import SourceText

extension JSONValue {
  /// This value as JSON text: the same for the same value, members in their order, no white space at the end.
  ///
  /// Whole numbers have no fraction. Control characters are escaped, and what else is not seen or reorders text, so
  /// that the text is safe on a terminal. A number that is not finite is `null`.
  /// - Parameter pretty: one member a line, indented by 2 spaces; otherwise no white space at all.
  public func text(pretty: Bool = false) -> String {
    // Ports and weights, of which there may be very many.
    if case .number(let number) = self { return JSONWriter.text(of: number) }
    var bytes: [UInt8] = []
    write(to: &bytes, pretty: pretty)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the same text as UTF-8.
  public func write(to bytes: inout [UInt8], pretty: Bool = false) {
    var writer = JSONWriter(bytes: bytes, isPretty: pretty)
    bytes = []
    writer.write(self, level: 0)
    bytes = writer.bytes
  }
}

private struct JSONWriter {
  var bytes: [UInt8]
  let isPretty: Bool

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let number): bytes.append(contentsOf: Self.text(of: number).utf8)
    case .string(let text): write(text)
    case .array(let elements):
      list(elements, open: "[", close: "]", level: level) { writer, element in
        writer.write(element, level: level + 1)
      }
    case .object(let object):
      list(object.members, open: "{", close: "}", level: level) { writer, member in
        writer.write(member.key)
        writer.bytes.append(contentsOf: (writer.isPretty ? ": " : ":").utf8)
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func list<Element>(
    _ elements: [Element], open: Character, close: Character, level: Int,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    bytes.append(contentsOf: open.utf8)
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      line(level + 1)
      write(&self, element)
    }
    if !elements.isEmpty { line(level) }
    bytes.append(contentsOf: close.utf8)
  }

  private mutating func line(_ level: Int) {
    guard isPretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  static func text(of number: Double) -> String {
    guard number.isFinite else { return "null" }
    if abs(number) < 1e15, let whole = Int(exactly: number) { return String(whole) }
    var text = number.description
    if text.hasSuffix(".0") { text.removeLast(2) }
    return text
  }

  private mutating func write(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes.append(contentsOf: "\\\"".utf8)
      case "\\": bytes.append(contentsOf: "\\\\".utf8)
      case "\n": bytes.append(contentsOf: "\\n".utf8)
      case "\r": bytes.append(contentsOf: "\\r".utf8)
      case " "..."~": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case "\t": bytes.append(contentsOf: "\\t".utf8)
      case _ where scalar.isHiding:
        let digits = String(scalar.value, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.count))
        bytes.append(contentsOf: digits.utf8)
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
