import Glibc
import Inputs

/// Looks a log through for secrets, line by line, and tells how many there are.
@main
enum Redact {
  static func main() throws {
    let bytes = try FileSystem.read(CommandLine.arguments[1], limit: 1 << 30) ?? []
    var count = 0
    bytes.withUnsafeBytes { bytes in
      guard var place = bytes.baseAddress else { return }
      let end = place + bytes.count
      while place < end {
        let stop = memchr(place, 0x0A, end - place).map { UnsafeRawPointer($0) } ?? end
        let line = UnsafeRawBufferPointer(start: place, count: stop - place)
        count += SecretPatterns.ranges(in: line.bindMemory(to: UInt8.self), keys: true).count
        place = stop + 1
      }
    }
    print(count)
  }
}
