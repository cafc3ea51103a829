import Foundation
import Inputs
import TestSupport
import Testing

/// What is packed comes back, here and by the system's own programs; what was made elsewhere leads nowhere.
@Suite struct ArchiveTests {
  private static let members = [
    Archive.Member("a.json", Array("{}\n".utf8)), Archive.Member("empty", []),
    Archive.Member("block", [UInt8](repeating: 7, count: 512)),
    Archive.Member("odd", Array(repeating: 9, count: 70_001)),
  ]

  @Test func whatIsPackedComesBack() throws {
    let packed = Archive(Self.members).packed
    #expect(try Archive(packed, path: "a.tgz").members == Self.members)
    #expect(packed == Archive(Self.members).packed)
  }

  @Test func tarReadsIt() throws {
    let folder = try Folder()
    try folder.write("a.tgz", Data(Archive(Self.members).packed))
    let list = try execute("/bin/tar", ["-tvzf", "a.tgz"], in: folder.path)
    #expect(list.status == 0 && list.errors.isEmpty, "\(list.errors)")
    let sizes = list.output.split(separator: "\n").map { $0.split(separator: " ")[2] }
    #expect(sizes == ["3", "0", "512", "70001"], "\(list.output)")
    #expect(list.output.hasPrefix("-rw-r--r--"))
  }

  /// Whatever is cut off or turned round is refused, and nothing else happens.
  @Test func whatIsBrokenIsRefused() {
    let packed = Archive(Self.members).packed
    for length in stride(from: 0, to: packed.count, by: 7) {
      #expect(throws: FileError.self) { try Archive(Array(packed[..<length]), path: "a.tgz") }
    }
    for place in packed.indices {
      var bytes = packed
      bytes[place] ^= 0x55
      // The time and the system of gzip's header, and the end of deflate's last byte, say nothing.
      if let read = try? Archive(bytes, path: "a.tgz") { #expect(read.members == Self.members, "\(place)") }
    }
  }
}
