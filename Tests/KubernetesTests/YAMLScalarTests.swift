import JSON
import Kubernetes
import Testing
import YAML

@Suite struct YAMLScalarTests {
  @Test(arguments: [
    ("", JSONValue.null), ("~", .null), ("null", .null), ("yes", true), ("Off", false), ("y", true), ("12", 12),
    ("-12", -12), ("0x10", 16), ("010", 8), ("0o10", 8), ("0b11", 3), ("1_000", 1000), ("1e3", 1000), (".5", 0.5),
    ("1.5E+2", 150), ("0444", 292), ("089", 89),
  ])
  func plainScalarsAreTypedAsKubectlTypesThem(text: String, value: JSONValue) {
    #expect(YAMLScalar.typed(text) == value)
  }

  @Test(arguments: ["v1", "1.2.3", "10.0.0.1", "1e3x", "yES", "nan", "0x", "-", ".", "e3", "1e", "inf", "+-1", "0x-1"])
  func theseAreStrings(text: String) {
    #expect(YAMLScalar.typed(text) == .string(text))
  }

  @Test func aTreeBecomesWhatKubectlWouldSend() throws {
    let text = """
      base: &b {a: 1, b: "1"}
      copy: {<<: *b, a: 2}
      list: [*b, !!str 3]
      a: first
      a: last
      """
    let tree = try Tree.parse(Array(text.utf8))
    #expect(
      tree.json(tree.documents[0]) == [
        "base": ["a": 1, "b": "1"], "copy": ["a": 2, "b": "1"], "list": [["a": 1, "b": "1"], "3"], "a": "last",
      ])
  }

  /// Each list holds the one before: in the text two levels deep, with aliases a thousand.
  @Test func aliasesThatNestWithoutEndAreCutOff() throws {
    var lines = ["- &a0 [x]"]
    for level in 1...1000 { lines.append("- &a\(level) [*a\(level - 1)]") }
    let tree = try Tree.parse(Array(lines.joined(separator: "\n").utf8))
    #expect(tree.json(tree.documents[0]).array?.count == 1001)
  }
}
