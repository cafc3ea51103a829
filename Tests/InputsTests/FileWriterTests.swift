import Foundation
import Glibc
import TestSupport
import Testing

@testable import Inputs

@Suite struct FileWriterTests {
  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test(arguments: [0o600, 0o640, 0o644, 0o755])
  func contentChangesAndTheModeStays(bits: Int) throws {
    let folder = try Folder(["config.yaml": "old"])
    try folder.mode("config.yaml", bits)
    try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8))
    #expect(try folder.read("config.yaml") == "new")
    #expect(mode(folder["config.yaml"]) == mode_t(bits))
    #expect(folder.names() == ["config.yaml"])
  }

  @Test func aNewFileIsItsOwnersAndTakesNobodysPlace() throws {
    let folder = try Folder()
    try FileWriter.create(folder["new"], Array("text".utf8))
    #expect(try folder.read("new") == "text")
    #expect(mode(folder["new"]) == 0o600)
    let error = #expect(throws: FileError.self) { try FileWriter.create(folder["new"], Array("other".utf8)) }
    #expect(error == FileError.isThere(folder["new"]))
    #expect(throws: FileError.self) { try FileWriter.create(folder["none/new"], []) }
    #expect(try folder.read("new") == "text")
    #expect(folder.names() == ["new"])
  }

  @Test func aLinkStaysALinkAndItsFileIsReplaced() throws {
    let folder = try Folder(["real/config.yaml": "old"])
    try folder.link("config.yaml", to: "real/config.yaml")
    try folder.link("again.yaml", to: "config.yaml")
    try FileWriter.replace(folder["again.yaml"], Array("old".utf8), with: Array("new".utf8))
    #expect(try folder.read("real/config.yaml") == "new")
    // The other way to it finds it as it is to be.
    try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8))
    #expect(folder.names() == ["again.yaml", "config.yaml", "real/config.yaml"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["config.yaml"]) == "real/config.yaml")
    #expect(folder.names() == ["again.yaml", "config.yaml", "real/config.yaml"])
  }

  @Test func aLinkOutOfItsFolderIsNotFollowed() throws {
    let folder = try Folder(["config.yaml": "old", "in/other": ""])
    try folder.link("in/config.yaml", to: "../config.yaml")
    let error = #expect(throws: FileError.self) {
      try FileWriter.replace(folder["in/config.yaml"], Array("old".utf8), with: Array("new".utf8))
    }
    #expect(error?.reason.hasPrefix("it is a link that leads out of its folder; name /") ?? false)
    #expect(try folder.read("config.yaml") == "old")
  }

  @Test func otherNamesKeepTheOldContent() throws {
    let folder = try Folder(["config.yaml": "old"])
    #expect(link(folder["config.yaml"], folder["same"]) == 0)
    #expect(try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8)) == 1)
    #expect(try folder.read("same") == "old")
  }

  @Test func whatSomebodyElseChangedIsLeftAlone() throws {
    let folder = try Folder(["config.yaml": "theirs, and longer"])
    let error = #expect(throws: FileError.self) {
      try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8))
    }
    #expect(error?.kind == .notWritten)
    #expect(error?.reason == "it was changed in the meantime")
    #expect(try folder.read("config.yaml") == "theirs, and longer")
    #expect(folder.names() == ["config.yaml"])
  }

  @Test func aFileThatIsGoneIsNotMadeAgain() throws {
    let folder = try Folder()
    #expect(throws: FileError.self) { try FileWriter.replace(folder["config.yaml"], [], with: [1]) }
    try folder.link("config.yaml", to: "gone.yaml")
    #expect(throws: FileError.self) { try FileWriter.replace(folder["config.yaml"], [], with: [1]) }
    #expect(throws: FileError.self) { try FileWriter.replace(folder.path, [], with: [1]) }
    #expect(folder.names() == ["config.yaml"])
  }

  @Test func aDirectoryThatTakesNoNewFileIsTold() throws {
    // As root, only the kernel itself still refuses.
    let path = "/proc/self/comm"
    let old = try #require(try InputFile(path: path, origin: .named).read())
    let error = #expect(throws: FileError.self) { try FileWriter.replace(path, old, with: Array("x".utf8)) }
    #expect(error?.kind == .notWritten)

    let folder = try Folder(["config.yaml": "old"])
    try folder.mode(".", 0o500)
    defer { try? folder.mode(".", 0o700) }
    guard access(folder.path, W_OK) != 0 else { return }
    #expect(throws: FileError.self) {
      try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8))
    }
    #expect(folder.names() == ["config.yaml"])
    #expect(try folder.read("config.yaml") == "old")
  }

  @Test func aWriteProtectedFileStays() throws {
    let folder = try Folder(["config.yaml": "old"])
    try folder.mode("config.yaml", 0o400)
    guard access(folder["config.yaml"], W_OK) != 0 else { return }
    let error = #expect(throws: FileError.self) {
      try FileWriter.replace(folder["config.yaml"], Array("old".utf8), with: Array("new".utf8))
    }
    #expect(error?.reason == "permission denied")
  }
}
