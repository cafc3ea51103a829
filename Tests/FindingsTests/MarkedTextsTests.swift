import Testing

@testable import Findings

@Suite struct MarkedTextsTests {
  private func hidden(_ texts: [(text: String, before: Int, behind: Int)], in text: String) -> [String] {
    var marked = MarkedTexts()
    for one in texts { marked.add(Array(one.text.utf8), before: one.before, behind: one.behind) }
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      marked.occurrences(in: buffer).map { String(decoding: buffer[$0], as: UTF8.self) }
    }
  }

  /// Each time, the longest where one begins another, and one within another as well.
  @Test func whatIsFound() {
    #expect(hidden([(":pw@", 1, 1)], in: "u:pw@h and v:pw@h, no pw") == ["pw", "pw"])
    #expect(hidden([("P:-ab", 3, 0), ("P:-abcd", 3, 0)], in: "P:-abc P:-abcd") == ["ab", "abcd"])
    #expect(hidden([("T:-${U:-x}", 3, 0), ("U:-x", 3, 0)], in: "T:-${U:-x} U:-x") == ["${U:-x}", "x", "x"])
    #expect(hidden([("ab", 2, 0), ("", 0, 0)], in: "abab").isEmpty)
    #expect(hidden([], in: "a:pw@h").isEmpty)
    let long = String(repeating: "A:-", count: 100_000)
    #expect(hidden([(long, 3, 0)], in: long).isEmpty)
  }
}
