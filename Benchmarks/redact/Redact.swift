import Glibc
import Inputs

/// Looks a log through for secrets, line by line, and tells how many there are.
@main
enum Redact {
  static func main() throws {
    var stream = try ByteStream(CommandLine.arguments[1])
    var (count, rest) = (0, [UInt8]())
    while let piece = try stream.next() {
      rest += piece
      let seen = rest.withUnsafeBytes { secrets(in: $0, &count) }
      rest.removeFirst(seen)
    }
    rest.append(0x0A)
    _ = rest.withUnsafeBytes { secrets(in: $0, &count) }
    print(count)
  }

  /// - Returns: how many bytes the whole lines have.
  private static func secrets(in bytes: UnsafeRawBufferPointer, _ count: inout Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var place = base
    while let stop = memchr(place, 0x0A, base + bytes.count - place).map({ UnsafeRawPointer($0) }) {
      let line = UnsafeRawBufferPointer(start: place, count: stop - place)
      count += SecretPatterns.ranges(in: line.bindMemory(to: UInt8.self), keys: true).count
      place = stop + 1
    }
    return place - base
  }
}
