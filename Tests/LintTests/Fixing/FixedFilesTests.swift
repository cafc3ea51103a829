import Findings
import SourceText
import Testing

@testable import Lint

extension FixedFiles {
  /// Fixes texts, by path, as `--fix` does with what `look` says of them.
  init(
    _ files: [(path: String, text: String)], look: @escaping ([(path: String, text: String)]) -> [Finding]
  ) {
    let lint = { (inputs: [LintInput]) in
      var result = LintResult()
      result.findings = look(inputs.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
      return result
    }
    let inputs = files.map { LintInput(path: $0.path, bytes: Array($0.text.utf8), named: true) }
    self.init(inputs, lint(inputs), look: lint)
  }

  var texts: [String] { inputs.map { String(decoding: $0.bytes, as: UTF8.self) } }
}

/// The loop of `lint --fix`.
@Suite struct FixedFilesTests {
  private static let rule: Rule = "test/rule (warning): what a fix mends"

  /// Another text for the first letter of a file.
  private func finding(_ text: String, in file: String, length: Int = 1, at offset: Int = 0) -> Finding {
    Finding(
      rule: Self.rule, message: text, file: file,
      fix: Fix(safe: true, edits: [TextEdit(offset: offset, length: length, text: text)]))
  }

  @Test func fixingGoesOnUntilNothingIsLeft() {
    // Each look finds the first x only, and the same thing twice.
    let fixed = FixedFiles([("f", "xxx\n")]) { files in
      let offset = files[0].text.prefix { $0 != "x" }.count
      return offset == 4 ? [] : [finding("y", in: "f", at: offset), finding("z", in: "f", at: offset)]
    }
    #expect(fixed.texts == ["yyy\n"])
    #expect(fixed.count("f") == .init(told: 2, later: 2) && fixed.unsettled.isEmpty && fixed.result.findings.isEmpty)
  }

  @Test func oneFileMayTellAboutAnother() {
    let fixed = FixedFiles([("f", "x\n"), ("g", "x\n")]) { files in
      if files[0].text == "x\n" { return [finding("y", in: "f")] }
      return files[1].text == "x\n" ? [finding("y", in: "g")] : []
    }
    #expect(fixed.texts == ["y\n", "y\n"] && ["f", "g"].map(fixed.count) == [.init(told: 1), .init(later: 1)])
  }

  @Test func fixesThatUndoEachOtherEndAndLeaveTheFileAsItWas() {
    let fixed = FixedFiles([("f", "a\n"), ("g", "x\n")]) { files in
      [finding(files[0].text == "a\n" ? "b" : "a", in: "f")] + (files[1].text == "x\n" ? [finding("y", in: "g")] : [])
    }
    #expect(fixed.unsettled == ["f"])
    #expect(fixed.texts == ["a\n", "y\n"], "the other file is mended all the same")
    #expect(fixed.count("f") == .init() && fixed.result.findings.map(\.file) == ["f"])
  }

  @Test func ofTheStatesThatUndoEachOtherTheBestIsLeft() {
    // a has two things to say, b and c one each; b comes first.
    let fixed = FixedFiles([("f", "a\n")]) { files in
      switch files[0].text {
      case "a\n": [finding("b", in: "f"), finding("!", in: "f", length: 0, at: 1)]
      case "b!\n": [finding("c", in: "f")]
      default: [finding("b", in: "f")]
      }
    }
    #expect(fixed.unsettled == ["f"])
    #expect(fixed.texts == ["b!\n"] && fixed.count("f") == .init(told: 2))
  }

  @Test func aFileThatGrowsForEverStaysAsItWas() {
    let fixed = FixedFiles([("f", "a\n")]) { _ in [finding("a", in: "f", length: 0)] }
    #expect(fixed.unsettled == ["f"] && fixed.texts == ["a\n"] && fixed.count("f") == .init())
  }
}
