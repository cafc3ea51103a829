import APISIX
import SourceText

/// What stood before nginx' front, or before what `apisix start` prints, whatever it is: a host, the file that grep
/// found it in, a number. The lines of a trace have it too.
struct Prefixes {
  private var known: [(text: [UInt8], stream: UInt64)] = []
  private var fronts = FrontReader()
  private static let limit = 256
  /// In so many more lines that begin in no known way it is looked for what `apisix start` prints: that stands before
  /// what nginx writes, and a log has millions of others.
  private var looks = 4096

  /// Looks behind what is taken off already.
  mutating func read(_ line: Bytes, _ wrapping: inout Wrapping) {
    let rest = line.part(wrapping.start..<line.count)
    var place = 0
    while let slash = Scan.place(of: UInt8(ascii: "/"), in: rest, from: place), slash < 260 {
      place = slash + 1
      guard slash > 3, fronts.read(rest, at: slash - 4) != nil else { continue }
      let prefix = rest.part(0..<slash - 4)
      if !prefix.allSatisfy({ $0 == 0x20 }) { take(prefix, &wrapping) }
      return
    }
    for isStrict in [true, false] where !known.isEmpty {
      for index in known.indices.reversed() {
        guard let end = Self.end(of: known[index].text, in: rest, isStrict) else { continue }
        return use(index, end, &wrapping)
      }
    }
    guard looks > 0 else { return }
    looks -= 1
    if let start = PrintedLine.start(in: rest), start > 0 { take(rest.part(0..<start), &wrapping) }
  }

  private mutating func take(_ prefix: Bytes, _ wrapping: inout Wrapping) {
    if wrapping.time == nil {
      for place in prefix.indices.dropFirst(4) where prefix[place] == UInt8(ascii: "-") {
        if let read = fronts.readTime(prefix, at: place - 4) {
          wrapping.time = read.time
          break
        }
      }
    }
    if let index = known.lastIndex(where: { Self.end(of: $0.text, in: prefix, true) == prefix.count }) {
      return use(index, prefix.count, &wrapping)
    }
    if known.count == Self.limit { known.removeFirst() }
    known.append((Array(prefix), Scan.hash(prefix, seed: 3)))
    use(known.count - 1, prefix.count, &wrapping)
  }

  /// The one that was used last is tried first.
  private mutating func use(_ index: Int, _ end: Int, _ wrapping: inout Wrapping) {
    let prefix = known[index]
    if index < known.count - 1 { known.append(known.remove(at: index)) }
    wrapping.stream &+= prefix.stream
    wrapping.start += end
  }

  /// Where a line's prefix ends that is like another: whatever its numbers are. Strictly, those of names count.
  private static func end(of prefix: [UInt8], in line: Bytes, _ isStrict: Bool) -> Int? {
    var (left, right) = (0, 0)
    var isName = false
    while left < prefix.count {
      guard right < line.count else { return nil }
      let byte = prefix[left]
      if byte == 0x20 || byte == UInt8(ascii: "\t") { isName = false }
      if byte.isAlphanumeric, !byte.isDigit, byte | 0x20 != UInt8(ascii: "t"), byte | 0x20 != UInt8(ascii: "z") {
        isName = true
      }
      if byte.isDigit, line[right].isDigit, !isStrict || !isName {
        while left < prefix.count, prefix[left].isDigit { left += 1 }
        while right < line.count, line[right].isDigit { right += 1 }
        continue
      }
      // Numbers are set below each other.
      if byte == 0x20, left + 1 < prefix.count, line[right] == 0x20 {
        while left < prefix.count, prefix[left] == 0x20 { left += 1 }
        while right < line.count, line[right] == 0x20 { right += 1 }
        continue
      }
      guard byte == line[right] else { return nil }
      (left, right) = (left + 1, right + 1)
    }
    return right
  }
}
