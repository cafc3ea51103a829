import Findings
import Foundation
import Glibc
import Inputs
import TestSupport
import Testing

@testable import Lint

@Suite struct WalkTests {
  @Test func directoriesComeInTheOrderOfTheirPathsBytes() throws {
    let folder = try Folder([
      "b.yaml": "", "a/z.yml": "", "a.yaml": "", "a/b/c.JSON": "", "B.yaml": "", "a-b/x.yaml": "", "notes.md": "",
      "yaml": "", "Makefile": "", "a/.git/config.yaml": "", "x.yaml.bak": "",
    ])
    let files = FileList([folder.path]).files
    #expect(
      files.map { $0.path.dropFirst(folder.path.count + 1) }
        == ["B.yaml", "a-b/x.yaml", "a.yaml", "a/b/c.JSON", "a/z.yml", "b.yaml"])
    #expect(files.allSatisfy { $0.origin == .found })
  }

  @Test func namedFilesAreTakenAsGivenWhateverTheirName() throws {
    let folder = try Folder(["z.conf": "", "a.yaml": "", ".gitignore": "*\n", "sub/b.yaml": ""])
    let inputs = FileList([folder["z.conf"], folder["a.yaml"], folder["z.conf"], folder.path + "//./a.yaml"])
    #expect(inputs.files.map(\.path) == [folder["z.conf"], folder["a.yaml"]])
    #expect(inputs.files.allSatisfy { $0.origin == .named })
    #expect(FileList([folder.path]).files.isEmpty)
    // A directory that is ignored is walked when it is named.
    try folder.write(".gitignore", "sub/\n")
    #expect(FileList([folder["sub"]]).files.map(\.path) == [folder["sub/b.yaml"]])
  }

  @Test func whatIsNotThereAndWhatCannotBeReadAreProblems() throws {
    let folder = try Folder(["a.yaml": "a: 1\n", "closed/b.yaml": "b: 1\n"])
    let inputs = FileList([folder["none.yaml"], folder["a.yaml/x"], folder["a.yaml"]])
    #expect(inputs.problems.map(\.kind) == [.notFound, .notFound])
    #expect(inputs.problems[0].finding.rule.id == "input/not-found")
    #expect(inputs.files.map(\.path) == [folder["a.yaml"]])

    try folder.mode("closed", 0)
    defer { try? folder.mode("closed", 0o700) }
    if access(folder["closed"], R_OK) != 0 {
      let walked = FileList([folder.path])
      #expect(walked.problems.map(\.finding.message) == ["cannot read this: permission denied"])
      #expect(walked.problems.map(\.path) == [folder["closed"]])
      #expect(walked.files.map(\.path) == [folder["a.yaml"]])
    }
  }

  @Test func linksToFilesAreFollowedAndLinksToDirectoriesAreNot() throws {
    let folder = try Folder(["real/a.yaml": "a: 1\n"])
    try folder.link("real/loop", to: "..")
    try folder.link("real/self.yaml", to: "self.yaml")
    try folder.link("real/dangling.yaml", to: "nowhere")
    try folder.link("real/link.yaml", to: "a.yaml")
    try folder.link("named", to: "real")
    #expect(FileList([folder.path]).files.map(\.path) == [folder["real/a.yaml"], folder["real/link.yaml"]])
    // A link that is named is meant.
    #expect(FileList([folder["named"]]).files.map(\.path) == [folder["named/a.yaml"], folder["named/link.yaml"]])
    #expect(FileList([folder["real/self.yaml"]]).problems.map(\.kind) == [.unreadable])
  }

  @Test func binaryAndOversizedFilesArePassedOverWhenFoundOnly() throws {
    let folder = try Folder(["text.yaml": "a: 1\n"])
    try folder.write("core.json", Data([0x7F, 0x45, 0x4C, 0x46, 0, 0]))
    try folder.write("utf16.yaml", Data([0xFF, 0xFE, 0x61, 0, 0x3A, 0, 0x20, 0, 0x31, 0]))
    let large = folder["large.yaml"]
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    truncate(large, off_t(InputFile.limit + 1))

    func found(_ name: String) throws -> Int? {
      try InputFile(path: folder[name], origin: .found).read()?.count
    }
    #expect(try found("text.yaml") == 5)
    #expect(try found("core.json") == nil)
    #expect(try found("utf16.yaml") == 10)
    #expect(try found("large.yaml") == nil)
    #expect(try InputFile(path: folder["core.json"], origin: .named).read()?.count == 6)
    let error = #expect(throws: FileError.self) { try InputFile(path: large, origin: .named).read() }
    #expect(error?.finding.message == "not checked: it is over 16 MiB")
  }

  @Test func aFileOfAnySizeIsReadWhole() throws {
    let folder = try Folder()
    for size in [0, 1, 8191, 8192, 8193, 65535, 65536, 65537, 300_000] {
      let text = String(repeating: "x", count: size)
      try folder.write("f", text)
      for origin in [InputFile.Origin.named, .found] {
        #expect(try InputFile(path: folder["f"], origin: origin).read() == Array(text.utf8), "\(size)")
      }
    }
  }

  @Test func pipesAndEndlessDevicesAreReadUpToTheLimit() throws {
    let error = #expect(throws: FileError.self) { try InputFile(path: "/dev/zero", origin: .named).read() }
    #expect(error?.kind == .tooLarge)
    #expect(try InputFile(path: "/dev/null", origin: .named).read() == [])
  }

  @Test func aDirectoryMayBeSkippedAndAFileToo() throws {
    let folder = try Folder(["a.yaml": "", "b.yaml": "", "c/d.yaml": "", "e/f.yaml": ""])
    var asked: [String] = []
    let inputs = FileList([folder.path]) { _, _ in
      { path, isDirectory in
        asked.append(path + (isDirectory ? "/" : ""))
        return path.hasSuffix("/b.yaml") || path.hasSuffix("/c")
      }
    }
    #expect(inputs.files.map(\.path) == [folder["a.yaml"], folder["e/f.yaml"]])
    #expect(!asked.contains(folder["c/d.yaml"]))
    #expect(asked.contains(folder["c/"]))
  }

  @Test func listsOfPathsAreLinesOrNulSeparated() {
    #expect(FileList.paths(listedIn: Array("a.yaml\r\n\nb c.yaml\nlast".utf8)) == ["a.yaml", "b c.yaml", "last"])
    #expect(FileList.paths(listedIn: Array("a\nb.yaml\0c.yaml\0".utf8)) == ["a\nb.yaml", "c.yaml"])
    #expect(FileList.paths(listedIn: []) == [])
  }

  @Test func standardInputHasAName() {
    #expect(FileList(["-"]).files == [InputFile(path: "<stdin>", origin: .standardInput)])
    #expect(
      FileList(["-", "-"], standardInputName: "config.yaml").files
        == [InputFile(path: "config.yaml", origin: .standardInput)])
  }

  @Test func aNameThatIsNotUTF8IsAProblemNotASilentGap() throws {
    let folder = try Folder(["a.yaml": ""])
    let name = folder.path.utf8CString.dropLast() + [0x2F, -1, 0x2E, 0x79, 0x6D, 0x6C, 0]
    let descriptor = Array(name).withUnsafeBufferPointer { open($0.baseAddress!, O_CREAT | O_WRONLY, 0o600) }
    defer { close(descriptor) }
    #expect(FileList([folder.path]).problems.map(\.reason) == ["a name in it is not UTF-8"])
  }

  /// Between the walk and the reading: it is told, and the rest is read.
  @Test func aFileThatVanishesIsTold() throws {
    let folder = try Folder(["a.yaml": "a: 1\n", "b.yaml": "b: 1\n", "c/d.yaml": "c: 1\n"])
    for (gone, rest) in [("a.yaml", ["b.yaml", "c/d.yaml"]), ("c", ["b.yaml"])] {
      var list = FileList([folder.path])
      try FileManager.default.removeItem(atPath: folder[gone])
      #expect(list.read(threads: 2).map(\.path) == rest.map { folder[$0] })
      #expect(list.problems.map(\.kind) == [.notFound])
    }
  }
}
