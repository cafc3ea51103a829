import SourceText
import Testing

@testable import YAML

/// What tinyyaml itself made of these texts, 0.4.2 and 0.4.4.
@Suite struct TinyReaderTests {
  /// A text in quotes, other scalars as they are written, `~` for nothing.
  private func written(_ tree: Tree, _ id: Tree.ID) -> String {
    let node = tree[id]
    switch node.content {
    case .scalar(let text, let style):
      if style != .plain || node.tag != nil { return "\"\(text)\"" }
      switch TinyScalar(text.utf8) {
      case .string: return "\"\(text)\""
      case .null: return "~"
      case .timestamp: return "date"
      default: return text
      }
    case .sequence(let items, _): return "[" + items.map { written(tree, $0) }.joined(separator: ", ") + "]"
    case .mapping(let pairs, _):
      return "{" + pairs.map { written(tree, $0.key) + ": " + written(tree, $0.value) }.joined(separator: ", ") + "}"
    case .alias: return "alias"
    }
  }

  private func read(_ text: String, _ version: TinyYAML = .v044) -> String {
    let (tree, error) = Tree.partial(Array(text.utf8), as: .tinyyaml(version))
    return error.map { "\($0.mark): \($0.problem)" } ?? written(tree, tree.documents[0])
  }

  @Test func itKnowsNoUTF16() {
    let bytes: [UInt8] = [0xFF, 0xFE] + "a: 1\n".utf8.flatMap { [$0, 0] }
    #expect(Tree.partial(bytes, as: .tinyyaml(.v044)).error?.problem.hasPrefix("failed to classify line") == true)
    #expect(Tree.partial(bytes).error == nil)
  }

  @Test(
    arguments: [
      ("6443", "6443"), ("010", "010"), ("1_000", "\"1_000\""), ("1e2", "\"1e2\""), ("0x10", "\"0x10\""),
      ("1:0", "\"1:0\""), ("yes", "\"yes\""), ("off", "\"off\""), ("True", "True"), ("1.", "1."), ("-1.5", "-1.5"),
      ("~", "~"), ("null", "~"), ("~ # none", "\"~\""), ("null # none", "~"), ("", "~"), ("2026-11-28 10:00", "date"),
      ("a: b", "\"a\""), ("6443: x", "\"6443\""), ("a#b", "\"a#b\""), ("6443#b", "6443"), ("a # b", "\"a\""),
      ("\"64\\\"43\" rest", "\"64\"43\""), ("\"open", "\"ope\""), ("'open", "\"'open\""), ("&x b", "\"&x b\""),
      ("*x", "\"*x\""), ("!!str 6443", "6443"), ("- a", "\"- a\""), ("{}", "{}"), ("[] # none", "[]"),
      ("{port: 6443, on: true}", "{\"port\": \"6443\", \"on\": \"true\"}"), ("{a: null}", "{\"a\": \"null\"}"),
      ("[1, 'two', {a: b}]", "[\"1\", \"two\", {\"a\": \"b\"}]"), ("{a:1, b}", "{\"a:1\": true, \"b\": true}"),
      ("[a: b]", "{\"a\": \"b\"}"), ("{\"a\":1} rest", "{\"a\": \"1\"}"),
      ("{a: 1,\n b: 2}", "{\"a\": \"1\", \"b\": \"2\"}"),
      ("[a, b", "[\"a\"]"), ("@x", "\"@x\""), ("|\n  one\n  # two\n  three\n", "\"one\n\nthree\n\""),
      (">-\n  one\n  two", "\"one two\""),
    ])
  func values(_ text: String, _ expected: String) {
    #expect(read("x: 1\nv: \(text)") == "{\"x\": 1, \"v\": \(expected)}")
  }

  @Test(
    arguments: [
      ("a:\n  {}", "730: failed to classify line:   {}"), ("a:\tb", "730: failed to classify line: a:\tb"),
      ("{\"a\": 1}", "730: failed to classify line: {\"a\": 1}"),
      ("a: \"b\n  c\"", "713: found bad indenting in line:   c\""),
      ("a: &x\n  b: c", "713: found bad indenting in line:   b: c"),
      ("a: *", "217: did not find expected alphabetic or numeric character"),
      ("a: 1\n---\nb: 2", "43: bad argument #1 to 'ssub' (string expected, got table)"),
      ("- [a]", "617: bad argument #2 to 'tinsert' (number expected, got table)"),
      ("- { a: b }", "617: bad argument #2 to 'tinsert' (number expected, got table)"),
      ("- {a: b}", "730: failed to classify line:   {a: b}"),
      ("a: | # note\n  b", "401: invalid blockstyle string:| # note"),
      ("a: {b: {c}, - d}", "338: invalid flowstyle line: - d}"),
      ("a: !", "740: attempt to get length of local 'typename' (a nil value)"),
    ])
  func refusals(_ text: String, _ expected: String) {
    #expect(read(text) == "tinyyaml.lua:\(expected)")
  }

  @Test func theReleasesDiffer() {
    #expect(read("a: 'b''c'", .v042) == "{\"a\": \"b\"}")
    #expect(read("a: 'b''c'") == "{\"a\": \"b'c\"}")
    #expect(read("a:\n  - |\n    b\n", .v042) == "tinyyaml.lua:343: attempt to compare nil with number")
    #expect(read("a:\n  - |\n    b\n") == "{\"a\": [\"b\n\"]}")
    #expect(read("a: b\n...\nc: d", .v042) == "tinyyaml.lua:707: failed to classify line: ...")
    #expect(read("a: b\n...\nc: d") == "{\"a\": \"b\"}")
  }

  @Test func whatHasTwoMeanings() {
    // A key that is no word, or in quotes, makes a text of its item.
    #expect(
      read("- a: 1\n  b: 2\n- \"c\": 3\n- d e: 4\n-\n  f: 5") == "[{\"a\": 1, \"b\": 2}, \"c\", \"d e\", {\"f\": 5}]")
    // A dash within the line makes an item of what follows.
    #expect(read("a:\n- b\nc: d - e") == "{\"a\": [\"b\", \"e\"]}")
    #expect(read("1: a\n'2': b\ntrue: c\n\"\": d") == "{1: \"a\", 2: \"b\", true: \"c\", ~: \"d\"}")
    #expect(read("--- a\nb: c") == "[\"a\", {\"b\": \"c\"}]")
    #expect(read("a: b\rc: d") == "{\"a\": \"b\rc\"}")
    #expect(read("a:\n  ? b\n  ? c") == "{\"a\": {\"b\": true, \"c\": true}}")
  }

  @Test func placesAreThoseOfTheFile() throws {
    let text = "# one\na:\n  - - b: 'c'\n      d: {e: [f , 6443]} # g\n\nh: |\n  i\n"
    let tree = Tree.partial(Array(text.utf8), as: .tinyyaml(.v044)).tree
    let covered = tree.ids.map { id in String(decoding: tree.text.bytes[tree[id].range], as: UTF8.self) }
    #expect(
      covered.filter { !$0.contains("\n") } == [
        "a", "b", "'c'", "d", "{e: [f , 6443]}", "e", "[f , 6443]", "f", "6443", "h",
      ])
    #expect(covered.filter { $0.contains("\n") }.last == "|\n  i")
    let lines = zip(tree.ids, tree.ids.dropFirst()).map { (tree[$0].range.lowerBound, tree[$1].range.lowerBound) }
    #expect(lines.allSatisfy { $0 <= $1 })
    #expect(tree.comments().map(\.text) == ["one", "g"])
  }

  @Test func aDeepTextIsBeyondTheLimits() {
    for text in [String(repeating: "- ", count: 5000) + "a", "a: " + String(repeating: "[", count: 5000)] {
      #expect(Tree.partial(Array(text.utf8), as: .tinyyaml(.v042)).error?.kind == .limit)
    }
  }
}
