import JSON
import SourceText
import Testing

@testable import Findings

/// The caret stands under the place, whatever stands before it. `❌` ends up under the carets.
@Suite struct CaretTests {
  /// The source line and the caret line for a finding about `needle`.
  private func snippet(_ text: String, at needle: String, secrets: [String] = [], width: Int = 100) -> String {
    let report = Report(
      command: "lint", version: "0", findings: [Samples.finding(at: needle, in: text)],
      sources: ["config.yaml": Samples.source(text, secrets: secrets)])
    let lines = renderText(report, width: width).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst().prefix(2).joined(separator: "\n")
  }

  @Test func `plain text`() {
    #expect(
      snippet("a: 1\nport: 6443\n", at: "6443") == """
          2 | port: 6443
            |       ^^^^
        """)
  }

  @Test func `tabs are spaces up to the next stop`() {
    #expect(
      snippet("\tab\tport:\t6443", at: "6443") == """
          1 |     ab  port:   6443
            |                 ^^^^
        """)
  }

  @Test func `a caret on a tab is as wide as the tab`() {
    #expect(
      snippet("a:\t1", at: "\t") == """
          1 | a:  1
            |   ^^
        """)
  }

  @Test func `wide letters take two columns, before the caret and under it`() {
    #expect(
      snippet("名前: 港口 # x", at: "港口") == """
          1 | 名前: 港口 # x
            |       ^^^^
        """)
    #expect(
      snippet("ｶﾅ 한글 Ｗ: 1", at: "1") == """
          1 | ｶﾅ 한글 Ｗ: 1
            |             ^
        """)
  }

  @Test(arguments: [
    ("🙂", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1), ("1️⃣", 2), ("👍🏽", 2), ("é", 1), ("e\u{301}", 1),
    ("z̷͇̈́a", 2), ("각", 2), ("\u{1100}\u{1161}\u{11A8}", 2), ("ￒ", 1), ("〜", 2), ("±", 1), ("Ω", 1), ("⌚", 2),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("a\u{200d}", 1), ("𠀀", 2), ("🇩", 1),
  ])
  func `emoji, flags, sequences and marks are as wide as terminals show them`(_ text: String, _ width: Int) {
    #expect(displayWidth(text) == width)
    let line = "x: \(text) 6443"
    let caret = "    | " + String(repeating: " ", count: 4 + width) + "^^^^"
    #expect(snippet(line, at: "6443") == "  1 | \(line)\n\(caret)")
  }

  @Test func `a place within a character is under that character`() {
    #expect(
      snippet("x: e\u{301} 1", at: "\u{301}") == """
          1 | x: e\u{301} 1
            |    ^
        """)
  }

  @Test func `line breaks of every kind and a byte order mark are not part of the line`() {
    #expect(snippet("a: 1\r\nb: 2\r\n", at: "2") == "  2 | b: 2\n    |    ^")
    #expect(snippet("a: 1\rb: 2\r", at: "2") == "  2 | b: 2\n    |    ^")
    #expect(snippet("a: 1\u{85}b: 2\u{2028}c", at: "2") == "  2 | b: 2\n    |    ^")
    #expect(snippet("\u{FEFF}a: 1\n", at: "1") == "  1 | a: 1\n    |    ^")
    #expect(snippet("\u{FEFF}a: 1\n", at: "\u{FEFF}") == "  1 | a: 1\n    | ^")
  }

  @Test func `what is at the end of the line or the file has its caret behind the text`() {
    #expect(snippet("key:\nb", at: "\n") == "  1 | key:\n    |     ^")
    let empty = Report(
      command: "lint", version: "0", findings: [Samples.finding(at: "", in: "")],
      sources: ["config.yaml": Samples.source("")])
    #expect(renderText(empty).contains("  1 |\n    | ^\n"))
  }

  @Test func `a range over several lines shows its first`() {
    #expect(
      snippet("a:\n  b: 1\n  c: 2\n", at: "b: 1\n  c") == """
          2 |   b: 1
            |   ^^^^
        """)
  }

  @Test func `a line that is too long is cut around the caret`() {
    let long = String(repeating: "a", count: 300) + " 6443 " + String(repeating: "b", count: 300)
    #expect(
      snippet(long, at: "6443", width: 40) == """
          1 | …aaaaaaaaaaa 6443 bbbbbbbbbbbbbbbbbbbbb…
            |              ^^^^
        """)
    #expect(snippet("6443 " + long, at: "6443", width: 20) == "  1 | 6443 aaaaaaaaaaaaa…\n    | ^^^^")
    #expect(
      snippet(String(repeating: "a", count: 300) + "!", at: "!", width: 20)
        == "  1 | …aaaaaaaaaaaaaaaaa!\n    |                   ^")
    let wide = String(repeating: "港", count: 50) + "6443"
    #expect(snippet(wide, at: "6443", width: 20) == "  1 | …港港港港港港港6443\n    |                ^^^^")
  }

  @Test func `the carets of a long range end where the line is cut`() {
    let long = "key: " + String(repeating: "v", count: 300)
    let shown = snippet(long, at: String(repeating: "v", count: 300), width: 20)
    #expect(shown == "  1 | key: vvvvvvvvvvvvv…\n    |      ^^^^^^^^^^^^^")
  }

  @Test func `one line of megabytes is quoted at once`() {
    let long = String(repeating: "名 a: \u{1b} ", count: 300_000) + "6443" + String(repeating: "港", count: 100_000)
    let text = SourceText(Array(long.utf8))
    let range = text.range(Samples.bytes("6443", in: long))
    let findings = (0..<100).map {
      Finding(rule: Samples.refused, message: "m\($0)", file: "f", range: range)
    }
    let report = Report(command: "lint", version: "0", findings: findings, sources: ["f": SourceFile(text)])
    #expect(renderText(report).utf8.count < 100 * 1_000)
  }

  @Test func `credentials are masked, and the carets follow`() {
    #expect(
      snippet("token: \"\(Samples.token)\" # x", at: Samples.token, secrets: [Samples.token]) == """
          1 | token: "***" # x
            |         ^^^
        """)
    #expect(
      snippet("{token: \(Samples.token), port: 6443}", at: "6443", secrets: [Samples.token]) == """
          1 | {token: ***, port: 6443}
            |                    ^^^^
        """)
    // Short ones as well, where they stand.
    #expect(
      snippet("password: pw # note", at: "note", secrets: ["pw"])
        == "  1 | password: *** # note\n    |                 ^^^^")
  }

  @Test func `a credential of several lines is masked on each`() {
    let text = "key: |\n  abc\n  def\nport: 1\n"
    #expect(snippet(text, at: "def", secrets: ["  abc\n  def\n"]) == "  3 | ***\n    | ^^^")
    #expect(snippet(text, at: "1", secrets: ["  abc\n  def\n"]) == "  4 | port: 1\n    |       ^")
  }

  @Test func `control characters reach no terminal, and the caret counts their escapes`() {
    #expect(
      snippet("a: \u{1b}[31m\u{0}\u{202E}x 6443", at: "6443") == #"""
          1 | a: \u{1b}[31m\u{0}\u{202e}x 6443
            |                             ^^^^
        """#)
  }

  @Test func `what is no UTF-8 is a replacement character`() {
    let bytes = Array("a: ".utf8) + [0xFF, 0xC3] + Array(" 6443".utf8)
    let text = SourceText(bytes)
    let report = Report(
      command: "lint", version: "0",
      findings: [Finding(rule: Samples.refused, message: "m", file: "f", range: text.range(6..<10))],
      sources: ["f": SourceFile(text)])
    #expect(renderText(report).contains("  1 | a: \u{FFFD}\u{FFFD} 6443\n    |       ^^^^\n"))
  }

  @Test func `messages, helps and file names are safe for a terminal`() {
    let hostile = "\u{1b}]0;owned\u{7}\u{9b}2J\r\nline\u{202e}\u{7f}"
    let report = Report(
      command: "lint", version: "0",
      findings: [Finding(rule: Samples.refused, message: hostile, file: hostile, help: hostile)])
    for format in [OutputFormat.text, .short, .github] {
      let shown = report.rendered(as: format)
      #expect(!shown.unicodeScalars.contains { $0 != "\n" && terminalEscape($0) != nil }, "\(format)")
    }
    let json = report.rendered(as: .json)
    #expect(!json.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(renderShort(report).split(separator: "\n").count == 1)
  }

  @Test func `a file that has changed since it was read is not quoted wrongly`() {
    let range = SourceRange(
      start: Position(line: 9, column: 1, offset: 900), end: Position(line: 9, column: 5, offset: 904))
    let report = Report(
      command: "lint", version: "0", findings: [Finding(rule: Samples.refused, message: "m", file: "f", range: range)],
      sources: ["f": Samples.source("a: 1\n")])
    #expect(renderText(report) == "f:9:1: error: m [connect/refused]\n\n1 error\nmore: gatecheck explain RULE\n")
  }
}
