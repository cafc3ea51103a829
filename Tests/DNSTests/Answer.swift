/// An answer to a question, byte by byte.
struct Answer {
  var code: UInt8 = 0
  var isCut = false
  /// How many records it says it has, where that is not the truth.
  var count: Int?
  var records: [[UInt8]] = []

  func bytes(to question: [UInt8]) -> [UInt8] {
    question[..<2] + [isCut ? 0x87 : 0x85, 0x80 | code, 0, 1] + two(count ?? records.count) + [0, 0, 0, 0]
      + question[12...] + records.joined()
  }

  func framed(to question: [UInt8]) -> [UInt8] {
    let bytes = bytes(to: question)
    return two(bytes.count) + bytes
  }
}

func two(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }

/// A name as a message has it.
func wire(_ name: String) -> [UInt8] {
  name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
}

/// A record whose owner is the name asked for, by a pointer.
func record(_ type: Int, _ data: [UInt8], owner: [UInt8] = [0xC0, 12], class: Int = 1) -> [UInt8] {
  owner + two(type) + two(`class`) + [0, 0, 0, 60] + two(data.count) + data
}
