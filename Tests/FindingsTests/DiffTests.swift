import Foundation
import SourceText
import TestSupport
import Testing

@testable import Findings

@Suite struct DiffTests {
  private func diff(
    _ text: String, _ edits: [TextEdit], secrets: [String] = [], secret: Bool = false, path: String = "config.yaml",
    forTerminal: Bool = false
  ) -> String {
    let source = Samples.source(text, secrets: secrets)
    var change = FileChange(path, source)
    change.make([Fix(safe: true, edits: edits, secret: secret)])
    return String(decoding: unifiedDiff(change, forTerminal: forTerminal), as: UTF8.self)
  }

  private func replace(_ old: String, _ new: String, in text: String) -> TextEdit {
    let bytes = Samples.bytes(old, in: text)
    return TextEdit(offset: bytes.lowerBound, length: bytes.count, text: new)
  }

  private let ten = (1...10).map { "line \($0)\n" }.joined()

  @Test func `a changed line stands between three lines of context`() {
    #expect(
      diff(ten, [replace("line 5", "LINE 5", in: ten)]) == """
        --- a/config.yaml
        +++ b/config.yaml
        @@ -2,7 +2,7 @@
         line 2
         line 3
         line 4
        -line 5
        +LINE 5
         line 6
         line 7
         line 8

        """)
  }

  @Test func `near changes share a hunk, far ones do not, and later ones know what earlier ones moved`() {
    let text = (1...30).map { "line \($0)\n" }.joined()
    let edits = [
      replace("line 2\n", "line 2\nadded\n", in: text), replace("line 8\n", "", in: text),
      replace("line 25", "LINE 25", in: text),
    ]
    #expect(
      diff(text, edits) == """
        --- a/config.yaml
        +++ b/config.yaml
        @@ -1,11 +1,11 @@
         line 1
         line 2
        +added
         line 3
         line 4
         line 5
         line 6
         line 7
        -line 8
         line 9
         line 10
         line 11
        @@ -22,7 +22,7 @@
         line 22
         line 23
         line 24
        -line 25
        +LINE 25
         line 26
         line 27
         line 28

        """)
  }

  @Test func `a last line without its end says so`() {
    #expect(
      diff("a\nb", [TextEdit(offset: 3, length: 0, text: "\n#END\n")]) == """
        --- a/config.yaml
        +++ b/config.yaml
        @@ -1,2 +1,3 @@
         a
        -b
        \\ No newline at end of file
        +b
        +#END

        """)
    #expect(
      diff("a\n", [TextEdit(offset: 2, length: 0, text: "#END")]) == """
        --- a/config.yaml
        +++ b/config.yaml
        @@ -1 +1,2 @@
         a
        +#END
        \\ No newline at end of file

        """)
    #expect(diff("", [TextEdit(offset: 0, length: 0, text: "a\n")]).hasSuffix("@@ -0,0 +1 @@\n+a\n"))
    #expect(diff("a\n", [TextEdit(offset: 0, length: 2, text: "")]).hasSuffix("@@ -1 +0,0 @@\n-a\n"))
  }

  @Test func `an edit that changes nothing is no diff`() {
    #expect(diff(ten, []) == "")
    #expect(diff(ten, [replace("line 5", "line 5", in: ten)]) == "")
  }

  @Test func `credentials of the file and of the fix are hidden, and a note says so`() {
    let text = "a: 1\ntoken: \(Samples.token)\nport: 1\n"
    #expect(
      diff(text, [replace("1\ntoken", "2\ntoken", in: text)], secrets: [Samples.token]) == """
        # config.yaml: credentials are shown as ***, so this diff cannot be applied; use --fix
        --- a/config.yaml
        +++ b/config.yaml
        @@ -1,3 +1,3 @@
        -a: 1
        +a: 2
         token: ***
         port: 1

        """)
    #expect(
      diff(
        "token: wrapped\n", [replace("wrapped", "unwrapped", in: "token: wrapped")], secrets: ["wrapped"], secret: true)
          == """
          # config.yaml: credentials are shown as ***, so this diff cannot be applied; use --fix
          --- a/config.yaml
          +++ b/config.yaml
          @@ -1 +1 @@
          -token: ***
          +token: ***

          """)
    // A key that is moved takes its credential along.
    let moved = diff(
      text, [TextEdit(offset: 0, length: 0, text: "token: \(Samples.token)\n")], secrets: [Samples.token])
    #expect(moved.contains("+token: ***\n"))
    #expect(!moved.contains("eyJ"))
  }

  @Test func `a credential is hidden whichever round tells it, before and after`() {
    let text = "tokn: abc\nhost: h\n"
    var change = FileChange("f", Samples.source(text))
    change.make(
      [Fix(safe: true, edits: [replace("tokn", "token", in: text)])],
      seen: Samples.source("token: abc\nhost: h\n", secrets: ["abc"]))
    change.make([Fix(safe: true, edits: [TextEdit(offset: 7, length: 3, text: "[abc]")])])
    #expect(
      String(decoding: unifiedDiff(change), as: UTF8.self).hasSuffix("-tokn: ***\n+token: [***]\n host: h\n"))
  }

  @Test func `file names as git writes them`() {
    let edits = [TextEdit(offset: 0, length: 0, text: "x")]
    #expect(diff("a\n", edits, path: "./a b.yaml").hasPrefix("--- a/a b.yaml\t\n+++ b/a b.yaml\t\n"))
    #expect(diff("a\n", edits, path: "ü\n\"").hasPrefix(#"--- "a/\303\274\012\"""# + "\n"))
    #expect(diff("a\n", edits, path: "/etc/x").hasPrefix("--- a/etc/x\n"))
  }

  @Test func `a terminal gets no control characters, a file gets its own`() {
    let text = "a: \u{1b}[31m\tx\r\nb: 1\r\n"
    let edits = [replace("b: 1", "b: 2", in: text)]
    #expect(diff(text, edits).contains(" a: \u{1b}[31m\tx\r\n"))
    #expect(diff(text, edits, forTerminal: true).contains(" a: \\u{1b}[31m\tx\n"))
  }

  /// Rounds of random edits on random files: the diff, given to the real `patch`, makes the fixed file.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/patch"), "needs /usr/bin/patch"))
  func `patch makes of the original what the fixes make of it`() throws {
    var random = Generator(state: 42)
    let folder = FileManager.default.temporaryDirectory.appending(path: "gatecheck-diff-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for round in 0..<120 {
      let lines = Int.random(in: 0...40, using: &random)
      var text = (0..<lines).map { _ in "\(["a", "b", "é", "", "x\r"].randomElement(using: &random) ?? "")\n" }.joined()
      if round % 3 == 0, !text.isEmpty { text.removeLast() }
      let source = Samples.source(text)
      var change = FileChange("f", source)
      var expected = source.text.bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let count = expected.count
        let edits = (0..<Int.random(in: 1...6, using: &random)).map { _ in
          let offset = Int.random(in: 0...count, using: &random)
          let length = Int.random(in: 0...min(8, count - offset), using: &random)
          return TextEdit(
            offset: offset, length: length, text: ["", "q", "q\nr\n", "\n"].randomElement(using: &random) ?? "")
        }
        change.make([Fix(safe: true, edits: edits)])
        expected = TextEdit.apply(edits, to: expected).bytes
      }
      let diff = unifiedDiff(change)
      if diff.isEmpty {
        #expect(expected == source.text.bytes)
        continue
      }
      let file = folder.appending(path: "f")
      try Data(source.text.bytes).write(to: file)
      let patch = folder.appending(path: "f.diff")
      try Data(diff).write(to: patch)
      let outcome = try execute(
        "/usr/bin/patch", ["--binary", "-s", "-p1", "-F0", "-i", patch.path(), "-d", folder.path()])
      #expect(outcome.status == 0, "round \(round): \(outcome.output)\n\(String(decoding: diff, as: UTF8.self))")
      // patch removes a file that became empty.
      let result = (try? Data(contentsOf: file)) ?? Data()
      #expect(Array(result) == expected, "round \(round): \(String(decoding: diff, as: UTF8.self))")
    }
  }
}

/// SplitMix64: the same numbers in every run.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
