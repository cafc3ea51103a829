import SourceText

extension Tree {
  /// Where each byte of a text in double quotes stands, and where it ends; nil for any other, and where the text is
  /// written in a way that is not JSON's, but for lines that go on below.
  public func places(inQuoted id: ID) -> [Int]? {
    let record = nodes.records[id]
    guard record.style == .doubleQuoted, templates == nil, let wanted = scalarBytes(id) else { return nil }
    let bytes = text.bytes[record.content]
    var value: [UInt8] = []
    var places: [Int] = []
    var index = bytes.startIndex
    func passBlanks() { while index < bytes.endIndex, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 } }
    while index < bytes.endIndex {
      let start = index
      var read = [bytes[index]]
      index += 1
      if read[0] == 0x0A {
        // A line break is a blank, and so are the blanks around it.
        while value.last == 0x20, places.last.map({ bytes[$0] == 0x20 }) ?? false {
          value.removeLast()
          places.removeLast()
        }
        read = [0x20]
        passBlanks()
      } else if read[0] == UInt8(ascii: "\\") {
        guard index < bytes.endIndex else { return nil }
        index += 1
        switch bytes[index - 1] {
        case UInt8(ascii: "n"): read = [0x0A]
        case UInt8(ascii: "t"): read = [0x09]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), 0x20: read = [bytes[index - 1]]
        case 0x0A:
          read = []
          passBlanks()
        case UInt8(ascii: "u"):
          let digits = String(decoding: bytes[index...].prefix(4), as: UTF8.self)
          guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { return nil }
          read = Array(String(scalar).utf8)
          index += digits.utf8.count
        default: return nil
        }
      }
      value += read
      places += read.map { _ in start }
    }
    return value[...] == wanted ? places + [index] : nil
  }
}
