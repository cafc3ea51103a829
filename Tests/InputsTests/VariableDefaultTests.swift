import Inputs
import Testing

@Suite struct VariableDefaultTests {
  @Test(arguments: [
    ("${PW:-x}", ["PW|:-|x"]), ("${{PW:-x}}", ["PW|:-|x"]), ("${{ PW := x }}", ["PW|:=|x"]),
    ("${PW-x-y}", ["PW|-|x-y"]),
    ("${PW:?x}", ["PW|:?|x"]), ("${PW/a/b}", ["PW|/|a/b"]), ("a ${A:-1} b ${B:-2}", ["A|:-|1", "B|:-|2"]),
    ("${T:-${U:-x}}", ["U|:-|x", "T|:-|${U:-x}"]), ("${PW:-x", ["PW|:-|x"]), ("${PW}", []), ("${{PW}}", []),
    ("$PW", []),
    ("${:-x}", []), ("", []),
  ])
  func eachIsTakenApart(_ text: String, _ parts: [String]) {
    let found = VariableDefault.all(in: Array(text.utf8)[...]).map { variable in
      [variable.name, variable.sign, variable.value].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
    }
    #expect(found == parts)
  }
}
