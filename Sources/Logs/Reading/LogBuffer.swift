import Glibc
import Inputs
import SourceText

/// What is at hand of a log: the entry and the line that are not whole yet, and what came behind them.
struct LogBuffer: ~Copyable {
  private let pieces: PieceBuffer
  private let memory: UnsafeMutableRawBufferPointer
  /// Where what was taken ends, and where the line begins that has no end yet.
  var filled = 0
  var lineStart = 0
  /// The entry; empty where there is none.
  var entry = 0..<0

  /// - Parameter capacity: how many bytes are read at once, with what is kept: whole pages.
  init(capacity: Int) {
    pieces = PieceBuffer(front: capacity)
    memory = pieces.bytes
  }

  subscript(range: Range<Int>) -> Bytes {
    @inline(__always) get { Bytes(rebasing: memory[range]) }
  }

  /// Where something may be read into.
  /// - Parameter held: how many bytes lie there already.
  func room(behind held: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: memory[(filled + held)..<pieces.front])
  }

  /// Whether the end of what was taken lies in the window.
  private var isMapped: Bool { filled > pieces.front }

  /// The next piece of a file, right behind what is kept.
  /// - Returns: its bytes; nil where it is to be read.
  mutating func map(_ stream: inout ByteStream) -> Int? {
    guard let count = stream.map(into: pieces) else { return nil }
    let distance = pieces.front - filled
    move(0..<filled, to: distance)
    (filled, lineStart) = (pieces.front, lineStart + distance)
    if !entry.isEmpty { entry = entry.lowerBound + distance..<entry.upperBound + distance }
    return count
  }

  /// What is no more the file's is not taken, but left to a read, which tells what became of it.
  /// - Returns: whether the entry lay there.
  mutating func losesEntry(_ stream: inout ByteStream) -> Bool {
    var end = pieces.front + pieces.intact
    guard isMapped, end < filled else { return false }
    // The page where it was cut off is filled up with zeros.
    while end > pieces.front, memory[end - 1] == 0 { end -= 1 }
    stream.unread(filled - end)
    (filled, lineStart) = (end, min(lineStart, end))
    guard entry.upperBound > end else { return false }
    entry = 0..<0
    return true
  }

  func move(_ range: Range<Int>, to place: Int) {
    guard let base = memory.baseAddress, range.lowerBound != place else { return }
    memmove(base + place, base + range.lowerBound, range.count)
  }

  /// Moves the entry and the line that are not whole yet to the front.
  mutating func makeRoom() {
    if entry.isEmpty {
      move(lineStart..<filled, to: 0)
      filled -= lineStart
      lineStart = 0
      return
    }
    let kept = min(entry.count, LogRecord.limit)
    let isReturned = lineStart - entry.upperBound == 2 && memory[lineStart - 2] == 0x0D && memory[lineStart - 1] == 0x0A
    move(entry.lowerBound..<entry.lowerBound + kept, to: 0)
    // With a break between, as before.
    let rest = filled - lineStart
    let start = kept + (isReturned ? 2 : 1)
    move(lineStart..<filled, to: start)
    if isReturned { memory[kept] = 0x0D }
    memory[start - 1] = 0x0A
    entry = 0..<kept
    lineStart = start
    filled = start + rest
  }
}
