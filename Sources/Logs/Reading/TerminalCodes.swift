/// What colours text on a terminal.
enum TerminalCodes {
  /// The line without them; nil where it has none.
  static func removed(from line: Bytes) -> [UInt8]? {
    guard var escape = Scan.place(of: 0x1B, in: line) else { return nil }
    var (text, place) = ([UInt8](), 0)
    while true {
      text += line.part(place..<escape)
      place = end(of: escape, in: line)
      guard let next = Scan.place(of: 0x1B, in: line, from: place) else { break }
      escape = next
    }
    return text + line.part(place..<line.count)
  }

  /// `ESC [ 0 1 ; 3 1 m`, or two bytes.
  private static func end(of escape: Int, in line: Bytes) -> Int {
    var end = escape + 2
    if end <= line.count, line[escape + 1] == UInt8(ascii: "[") {
      while end < line.count, (0x20..<0x40).contains(line[end]) { end += 1 }
      end += 1
    }
    return min(end, line.count)
  }
}
