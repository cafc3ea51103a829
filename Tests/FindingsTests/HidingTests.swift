import Findings
import JSON
import SourceText
import TestSupport
import Testing

/// What files and servers say is shown to people: nothing of it moves, hides or colours what stands around it.
@Suite struct HidingTests {
  private static let marks: [Unicode.Scalar] = [
    "\u{0}", "\u{7}", "\u{8}", "\u{1b}", "\u{7f}", "\u{85}", "\u{9b}", "\u{ad}", "\u{61c}", "\u{180e}", "\u{200b}",
    "\u{200e}", "\u{200f}", "\u{2028}", "\u{2029}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}",
    "\u{2060}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{206a}", "\u{feff}", "\u{fff9}",
  ]

  @Test(arguments: OutputFormat.allCases) func `no mark gets through`(format: OutputFormat) throws {
    for mark in Self.marks {
      let text = "left\(mark)right"
      let source = Array("key: \(text)\n".utf8)
      let path = "conf/\(text).yaml"
      let report = Report(
        command: "lint", version: "0.1.0",
        files: [.init(path: path, kind: "apisix-config", verdict: ["message": .string(text)])],
        preface: [text],
        findings: [
          Finding(
            rule: Samples.refused, message: "it is \(text)", file: path, range: SourceText(source).range(5..<8),
            path: "a.\(text)", help: "write\n\(text)",
            fix: Fix(safe: true, edits: [TextEdit(offset: 5, length: 3, text: text)]))
        ],
        members: ["nodes": [["host": .string(text)]]],
        sources: [path: SourceFile(SourceText(source), secrets: [])])
      let shown = report.rendered(as: format)
      #expect(!shown.unicodeScalars.contains { $0.isHiding && $0 != "\n" }, "U+\(String(mark.value, radix: 16))")
      #expect(shown.utf8.contains(UInt8(ascii: "\\")) || shown.contains("%"), "nothing is left out: \(shown)")
    }
  }

  @Test func `what joins letters and emoji stays`() throws {
    let text = "\u{1F469}\u{200D}\u{1F4BB} \u{646}\u{200C}\u{645} e\u{301}"
    #expect(terminalSafe(text) == text)
    #expect(JSONValue.string(text).text() == "\"\(text)\"")
  }

  @Test func `a document says the same to programs`() throws {
    for mark in Self.marks {
      let value = JSONValue.string("a\(mark)b")
      #expect(try JSONValue.parse(value.text()) == value)
    }
  }
}
