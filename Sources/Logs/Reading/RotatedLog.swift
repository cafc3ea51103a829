import APISIX
import Inputs
import SourceText

/// The parts of a log that was rotated: they are one, and an entry may stand in two of them.
enum RotatedLog {
  /// What stands at the beginning of the next part of a line that was cut off at the end of the one before, and of its
  /// entry; empty where that begins with a line of its own, or is no part of the same log.
  /// - Parameter cut: what the part before has of the line.
  static func rest(of cut: Bytes, from path: String, in next: String) throws(FileError) -> ArraySlice<UInt8> {
    guard name(path) == name(next), try FileSystem.kind(of: next) == .file else { return [] }
    var stream = try ByteStream(next)
    var bytes: [UInt8] = []
    while bytes.count < LogFileReader.longestLine, let piece = try stream.next() { bytes += piece }
    let isAll = bytes.count < LogFileReader.longestLine
    var lines = bytes.prefix(LogFileReader.longestLine).split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    // What has no end here is a line only where the log ends with it.
    if lines.last?.isEmpty == true || !isAll { lines.removeLast() }
    guard let first = lines.popFirst(), !first.withUnsafeBytes({ isWhole($0, behind: cut) }) else { return [] }
    var wrappings = WrappingReader()
    let more = lines.prefix { line in
      line.withUnsafeBytes { Continuation.isTail($0.part((wrappings.read($0)?.start ?? 0)..<$0.count)) }
    }
    let end = more.last?.endIndex ?? first.endIndex
    return bytes[..<min(end + 1, bytes.count)]
  }

  /// Without what tells the parts: `error.log.2.gz`, `error.log-20261128`, `2026-11-28_11-02-16__error.log`.
  private static func name(_ path: String) -> [UInt8] {
    let file = path.utf8.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? []
    let isPacked = file.suffix(3).elementsEqual(".gz".utf8)
    return Array(file.dropLast(isPacked ? 3 : 0).trimmed { $0.isDigit || "-_.".utf8.contains($0) })
  }

  /// Whether a line begins by itself.
  private static func isWhole(_ line: Bytes, behind cut: Bytes) -> Bool {
    var (fronts, wrappings) = (FrontReader(), WrappingReader())
    if let start = fronts.read(line) == nil ? wrappings.read(line)?.start : 0 {
      // The cut may go through what wraps it.
      let front = Array(cut) + line.part(0..<start)
      return (front + [0x78]).withUnsafeBytes { wrappings.read($0)?.start } != front.count
    }
    return line.first == UInt8(ascii: "{") || PrintedLine.start(in: line) == 0 || Continuation.isAccess(line)
  }
}
