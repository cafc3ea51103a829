import Foundation
import Glibc
import SourceText
import TestSupport
import Testing

@testable import Inputs

@Suite struct ByteStreamTests {
  private func read(_ stream: consuming ByteStream) throws -> [UInt8] {
    var all: [UInt8] = []
    while let piece = try stream.next() {
      #expect(!piece.isEmpty && piece.count <= ByteStream.pieceSize)
      all += piece
    }
    return all
  }

  @Test func aFileIsReadAsItIsAndGzipUnpacked() throws {
    let text = (0..<100_000).map { "line \($0 &* 7919)\n" }.joined()
    let folder = try Folder(["text": text, "empty": "", "one": "\u{1F}", "small": "ab"])
    let ended = try bash(
      "gzip -k text; cat text.gz text.gz > two.gz; head -c 1000 /dev/zero >> two.gz; gzip -c empty > empty.gz",
      in: folder.path)
    #expect(ended.status == 0)
    #expect(try read(ByteStream(folder["text"])) == Array(text.utf8))
    #expect(try read(ByteStream(folder["text.gz"])) == Array(text.utf8))
    #expect(try read(ByteStream(folder["two.gz"])) == Array((text + text).utf8))
    for (name, text) in [("empty", ""), ("one", "\u{1F}"), ("small", "ab"), ("empty.gz", "")] {
      #expect(try read(ByteStream(folder[name])) == Array(text.utf8))
    }
  }

  /// The kernel ends a program that looks behind the end of a file it has mapped: not this one.
  @Test func aFileMayBeCutOffWhileItIsMapped() throws {
    let size = 2 << 20
    let text = String((0..<400_000).flatMap { "line \($0 &* 7919)\n" })
    let folder = try Folder(["text": text])
    let buffer = PieceBuffer(front: 64 << 10)
    let front = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<buffer.front])
    let window = buffer.bytes[buffer.front...]
    var stream = try ByteStream(folder["text"])
    var bytes: [UInt8] = []
    while bytes.count < size {
      #expect(stream.map(into: buffer) == nil)
      guard case .bytes(let count) = try stream.read(into: front) else { break }
      bytes += front[..<count]
    }
    #expect(stream.map(into: buffer) == size)
    bytes += window
    #expect(bytes == Array(text.utf8.prefix(2 * size)))
    #expect(buffer.intact == size)

    #expect(truncate(folder["text"], off_t(size + 3 * 4096 + 10)) == 0)
    #expect(window.elementsEqual(bytes[size..<size + 3 * 4096 + 10] + [UInt8](repeating: 0, count: size - 12_298)))
    #expect(buffer.intact <= 4 * 4096)
    stream.unread(size - buffer.intact)
    #expect(try stream.read(into: front) == .end)
    #expect(stream.map(into: buffer) == nil)
  }

  @Test func gzipThatIsCutOrDamagedIsSaidToBe() throws {
    let folder = try Folder(["text": (0..<50_000).map { "line \($0 &* 7919)\n" }.joined()])
    _ = try bash(
      "gzip -k text; head -c 9000 text.gz > cut.gz; cat text.gz text > tail.gz; (head -c 900 text.gz; cat text) > bad.gz",
      in: folder.path)
    for (name, reason) in [
      ("cut.gz", "its gzip data is cut short"), ("bad.gz", "its gzip data is damaged"),
      ("tail.gz", "its gzip data is damaged"),
    ] {
      let error = #expect(throws: FileError.self) { try read(ByteStream(folder[name])) }
      #expect(error == FileError(.unreadable, path: folder[name], reason: reason))
    }
    let error = #expect(throws: FileError.self) { try read(ByteStream(folder["absent"])) }
    #expect(error?.kind == .notFound)
  }

  /// A pipe that gives one byte at a time.
  @Test func aPipeMayGiveByteByByte() throws {
    let folder = try Folder(["text": "some words\n"])
    _ = try bash("gzip -k text; mkfifo pipe", in: folder.path)
    let packed = try Data(contentsOf: URL(fileURLWithPath: folder["text.gz"]))
    let path = folder["pipe"]
    let writer = Thread {
      let pipe = open(path, O_WRONLY)
      for byte in packed {
        var byte = byte
        write(pipe, &byte, 1)
        usleep(100)
      }
      close(pipe)
    }
    writer.start()
    #expect(try read(ByteStream(path)) == Array("some words\n".utf8))
  }

  /// Reads until the text is there, for half a minute at most.
  private func follow(_ path: String, until text: String, _ write: @escaping @Sendable () -> Void) throws -> String {
    let watch = FileWatch()
    var stream = try ByteStream(path, watch: watch)
    let writer = Thread(block: write)
    writer.start()
    let end = ContinuousClock.now + .seconds(30)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { buffer.deallocate() }
    var all: [UInt8] = []
    while String(decoding: all, as: UTF8.self) != text, ContinuousClock.now < end {
      if case .bytes(let count) = try stream.read(into: buffer) {
        all += buffer.prefix(count)
      } else {
        watch.wait(atMost: .milliseconds(50))
      }
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// Each step when the one before has been seen.
  @Test func followingGoesThroughRotationAndTruncation() throws {
    let folder = try Folder(["log": "a\n"])
    let (log, old) = (folder["log"], folder["log.1"])
    @Sendable func append(_ text: String, _ path: String) {
      let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      write(file, text, text.utf8.count)
      close(file)
    }
    // The old file's writer writes on for a moment; the new one is cut off and written anew; one is gone for a while.
    // What was cut off in the middle of a line goes on no more.
    let steps: [@Sendable () -> Void] = [
      { append("b\n", log) }, { rename(log, old) }, { append("c\n", old) },
      {
        append("e\n", log)
        usleep(300_000)
        append("d\n", old)
      }, { truncate(log, 0) }, { append("f", log) },
      {
        truncate(log, 0)
        append("h", log)
      }, { unlink(log) }, { append("g\n", log) },
    ]
    let text = "a\nb\nc\ne\nd\nf\nh\ng\n"
    #expect(
      try follow(log, until: text) {
        for step in steps {
          usleep(300_000)
          step()
        }
      } == text)
  }

  @Test func whatIsFollowedMayComeLater() throws {
    let folder = try Folder()
    let log = folder["log"]
    #expect(try follow(log, until: "a\n") { try? Data("a\n".utf8).write(to: URL(fileURLWithPath: log)) } == "a\n")
    #expect(throws: FileError.self) { _ = try ByteStream(folder["none/log"], watch: FileWatch()) }
  }

  /// Also where a piece ends in the midst of a letter.
  @Test(arguments: [true, false]) func utf16IsMadeUTF8(isBig: Bool) throws {
    let text = String(repeating: "no node\u{3000}\u{1F510}\n", count: 30_000)
    let units = [0xFEFF] + Array(text.utf16)
    let bytes = units.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let folder = try Folder()
    try folder.write("log", Data(bytes))
    #expect(try read(ByteStream(folder["log"])) == Array(text.utf8))
    #expect(try read(ByteStream(Array(bytes.prefix(200)), name: "log", pieces: 7)).starts(with: "no node".utf8))
    var wide = try #require(WideText(bytes.prefix(2)))
    #expect(bytes.dropFirst(2).prefix(110).flatMap { wide.decode([$0]) } == Array(text.prefix(50).utf8))
  }

  @Test func gzipAndUTF16AreNotFollowed() throws {
    let folder = try Folder(["log": "a\n"])
    #expect(try bash("gzip log", in: folder.path).status == 0)
    var stream = try ByteStream(folder["log.gz"], watch: FileWatch())
    let error = #expect(throws: FileError.self) { try stream.next() }
    #expect(error?.reason == "it is gzip, to which nothing is written: leave out -f")
    try folder.write("wide", Data([0xFF, 0xFE, 0x61, 0]))
    var wide = try ByteStream(folder["wide"], watch: FileWatch())
    #expect(#expect(throws: FileError.self) { try wide.next() }?.reason == "it is UTF-16: leave out -f")
  }
}
