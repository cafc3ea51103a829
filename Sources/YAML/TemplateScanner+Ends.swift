import SourceText

/// Where templates end.
extension TemplateScanner {
  /// Where the template that starts here ends; nil where none does.
  func end(of start: Int) -> Int? {
    let inner = bytes[start + 1]
    let close: [UInt8]
    switch (bytes[start], inner) {
    case (UInt8(ascii: "{"), UInt8(ascii: "{")):
      if isVariable(start) { return nil }
      close = Array("}}".utf8)
    case (UInt8(ascii: "{"), UInt8(ascii: "%")), (UInt8(ascii: "<"), UInt8(ascii: "%")),
      (UInt8(ascii: "{"), UInt8(ascii: "#")):
      close = [inner, bytes[start] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: ">")]
    default: return nil
    }
    var index = start + 2
    if isNote(start) {
      index = bytes[index...].firstIndex(of: UInt8(ascii: "*")).map { $0 + 1 } ?? index
      while index + 1 < bytes.count, !bytes[index...].starts(with: "*/".utf8) {
        // A note in a note: the first is none, or each would be looked for to the end of the file.
        if bytes[index...].starts(with: "{{".utf8), isNote(index) { return nil }
        index += 1
      }
    }
    var lines = 0
    while index + 1 < bytes.count {
      if bytes[index] == close[0], bytes[index + 1] == close[1] {
        let isTriple = bytes[start + 2] == UInt8(ascii: "{") && index + 2 < bytes.count
        return isTriple && bytes[index + 2] == UInt8(ascii: "}") ? index + 3 : index + 2
      }
      if bytes[index] == bytes[start], bytes[index + 1] == inner { return nil }
      if bytes[index] == 0x0A { lines += 1 }
      if lines > Self.mostLines { return nil }
      index += 1
    }
    return nil
  }

  /// Whether a note begins behind the braces that stand here.
  private func isNote(_ start: Int) -> Bool {
    bytes[(start + 2)...].prefix(4).trimmed { $0 == UInt8(ascii: "-") || $0 == 0x20 }.starts(with: "/*".utf8)
  }

  static let mostLines = 40

  /// Where `${NAME}`, `${NAME:-default}`, `$NAME` or `${{NAME}}` ends. Names in lower case without braces are nginx's.
  func endOfVariable(_ start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "$") else { return nil }
    guard bytes[start + 1] == UInt8(ascii: "{") else {
      let name = bytes[(start + 1)...].prefix(while: \.isWord)
      let isVariable =
        variables == .single && name.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ?? false
      return isVariable ? name.endIndex : nil
    }
    let isDouble = start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "{")
    if isDouble, variables == .single { return nil }
    let inner = bytes[(start + (isDouble ? 3 : 2))...].prefix { $0 != UInt8(ascii: "}") && $0 > 0x20 }
    let end = inner.endIndex + (isDouble ? 2 : 1)
    return !inner.isEmpty && end <= bytes.count && bytes[end - 1] == UInt8(ascii: "}") ? end : nil
  }

  /// Whether it is `${{NAME}}` or `${{NAME:=default}}`, which APISIX fills in itself.
  func isVariable(_ start: Int) -> Bool {
    guard start > 0, bytes[start - 1] == UInt8(ascii: "$") else { return false }
    let name = bytes[(start + 2)...].drop { $0 == 0x20 }.prefix(while: \.isWord)
    let rest = bytes[name.endIndex...].drop { $0 == 0x20 }
    return !name.isEmpty && (rest.starts(with: "}}".utf8) || rest.starts(with: ":".utf8))
  }
}
