import Findings
import SourceText
import Testing

@testable import Lint

@Suite struct FixPlanTests {
  private static let rule: Rule = "test/rule (error): what a fix mends"

  private func finding(_ edits: (Int, Int, String)..., safe: Bool = true) -> Finding {
    Finding(
      rule: Self.rule, message: "\(edits)", file: "f",
      fix: Fix(safe: safe, edits: edits.map { TextEdit(offset: $0.0, length: $0.1, text: $0.2) }))
  }

  private func fixed(_ text: String, _ findings: [Finding], unsafe: Bool = false) -> (String, Int, Int) {
    let plan = FixPlan(findings, in: Array(text.utf8), unsafe: unsafe)
    return (String(decoding: plan.bytes, as: UTF8.self), plan.applied.count, plan.waiting.count + plan.refused.count)
  }

  @Test func editsThatDoNotTouchAreAllMade() {
    #expect(
      fixed("port: 6443\nhost: h # why\n", [finding((17, 1, "i")), finding((6, 4, "\"6443\""))])
        == ("port: \"6443\"\nhost: i # why\n", 2, 0))
  }

  @Test func unsafeFixesAreMadeOnlyWhenAllowed() {
    #expect(fixed("a: b\n", [finding((3, 1, "c"), safe: false)]) == ("a: b\n", 0, 0))
    #expect(fixed("a: b\n", [finding((3, 1, "c"), safe: false)], unsafe: true) == ("a: c\n", 1, 0))
  }

  @Test func aFixIsMadeWholeOrNotAtAll() {
    let first = finding((0, 1, "x"))
    let second = finding((0, 1, "y"), (3, 1, "z"))
    #expect(fixed("a: b\n", [first, second]) == ("x: b\n", 1, 1))
  }

  @Test func theSameChangeAskedForTwiceIsMadeOnce() {
    #expect(fixed("a: b\n", [finding((4, 0, "!")), finding((4, 0, "!"))]) == ("a: b!\n", 2, 0))
    #expect(fixed("a: b\n", [finding((4, 0, "!")), finding((4, 0, "?"))]) == ("a: b!\n", 1, 1))
  }

  @Test func anInsertionAtTheStartOfAReplacementWaits() {
    #expect(fixed("a: b\n", [finding((3, 1, "c")), finding((3, 0, "x"))]) == ("a: c\n", 1, 1))
    #expect(fixed("a: b\n", [finding((3, 1, "c")), finding((4, 0, "x"))]) == ("a: cx\n", 2, 0))
  }

  @Test func editsOutsideTheFileAreRefused() {
    for (offset, length) in [(-1, 0), (0, -1), (6, 0), (3, 9), (Int.max, Int.max), (Int.max, 0)] {
      #expect(fixed("a: b\n", [finding((offset, length, "x"))]) == ("a: b\n", 0, 1))
    }
  }

  @Test func aFixThatWouldSpoilTheFileIsLeftOut() {
    let good = finding((0, 1, "x"))
    let bad = finding((3, 1, "[c"))
    #expect(fixed("a: b\n", [good, bad]) == ("x: b\n", 1, 1))
    let swallows = finding((4, 5, ""))
    #expect(fixed("a: b\n---\nc: d\n", [swallows]).2 == 1, "a document may not be lost")
  }

  @Test func amongManyFixesOnlyTheSpoilingOnesAreLeftOut() {
    let lines = 2000
    let findings = (0..<lines).map { line in finding((line * 5 + 2, 1, line == 7 || line == 1234 ? "[" : "c")) }
    let (text, applied, left) = fixed(String(repeating: "- b\n\n", count: lines), findings.map { $0 })
    #expect(applied == lines - 2 && left == 2)
    #expect(text.split(separator: "\n").filter { $0 == "- b" }.count == 2)
  }

  @Test func aFileThatIsNoYAMLMayStillBeMended() {
    #expect(fixed("a: [b\n", [finding((5, 0, "]"))]) == ("a: [b]\n", 1, 0))
  }
}
