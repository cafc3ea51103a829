import TestSupport
import Testing

@testable import APISIX

@Suite struct TypingTests {
  /// The value of `v: TEXT` as lyaml types it, written as Lua would, with the type where that says more.
  private func typed(_ text: String) -> String {
    let verdict = judge(Array("v: \(text)\n".utf8))
    guard let value = verdict.root?["v"] else { return "error: " + (verdict.message ?? "none") }
    return switch value.kind {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): LuaNumber.text(number)
    case .string(let text), .open(let text): "\"\(text)\""
    case .table(let table): "table of \(table.entries.count)"
    }
  }

  @Test(arguments: [
    ("", "null"), ("~", "null"), ("null", "null"), ("NULL", "null"), ("nULL", "\"nULL\""), ("''", "\"\""),
    ("true", "true"), ("Yes", "true"), ("on", "true"), ("OFF", "false"), ("y", "\"y\""), ("tRue", "\"tRue\""),
    ("'yes'", "\"yes\""), ("6443", "6443"), ("\"6443\"", "\"6443\""), ("010", "8"), ("08", "8"), ("-017", "-15"),
    ("0o10", "\"0o10\""), ("0x10", "16"), ("0X10", "\"0X10\""), ("0b11", "3"), ("0b1", "\"0b1\""),
    ("1_000", "1000"), ("_1", "1"), ("1e2", "100"), ("1.0", "1"), ("1.", "1"), (".5", "0.5"), ("+5", "5"),
    ("1:0", "60"), ("12:30", "750"), ("1:2:3", "3723"), ("-1:30", "-90"), ("1:30.5", "90.5"), ("1:", "error"),
    ("99999999999999999999", "1e+20"), ("50%", "\"50%\""), (".inf", "inf"), ("-.INF", "-inf"), (".nan", "nan"),
    ("inf", "\"inf\""), ("nan", "\"nan\""), ("2024-01-01", "\"2024-01-01\""), ("127.0.0.1", "\"127.0.0.1\""),
    ("10.0.0.1:80", "\"10.0.0.1:80\""), ("0xE5", "229"), ("0x1.8", "1.5"), ("1e", "\"1e\""), ("v1.30", "\"v1.30\""),
    ("!!str 6443", "\"6443\""), ("!!int \"6443\"", "6443"), ("!!float 5", "5"), ("!!bool y", "true"),
    ("!!null x", "null"), ("!custom 5", "5"), ("!!binary aGk=", "\"aGk=\""), ("[12:30]", "table of 1"),
    ("{a: 1, a: 2}", "table of 1"),
  ])
  func scalarsAreTypedAsByLyaml(_ text: String, _ expected: String) {
    if expected == "error" {
      #expect(typed(text).hasPrefix("error"))
    } else {
      #expect(typed(text) == expected)
    }
  }

  @Test func aTagThatDoesNotFitIsAnError() {
    #expect(typed("!!int x") == "error: 1:4: invalid 'tag:yaml.org,2002:int' value: 'x'")
    #expect(judge(Array("token: !!int eyJhbGciOi\n".utf8)).message?.contains("eyJ") == false)
  }

  /// tinyyaml renames keys that are there already; quotes keep none from being a number. What it costs grows with how
  /// many they are, not with the square, which would be 16 times.
  @Test func keysThatRepeat() {
    func judged(_ count: Int) -> Verdict {
      let text = "a_2: x\n" + String(repeating: "a: x\n", count: count) + "b: x\nb: x\n1: x\n1: x\n'1': x\n"
      return judge(Array(text.utf8), Conditions(release: Release(3, 5)))
    }
    let names = judged(20_000).root?.table?.entries.map { $0.key.string ?? "-" } ?? []
    #expect(names.prefix(4) == ["a_2", "a", "a_1", "a_3"])
    #expect(names.suffix(6) == ["a_20000", "b", "b_1", "-", "1_1", "1_2"])
    let costs = [5_000, 20_000].map { count in
      (0..<3).map { _ in threadTime { _ = judged(count) } }.min() ?? 0
    }
    #expect(costs[1] < 8 * costs[0])
  }

  @Test func mergeKeysGiveWayToTheMapsOwnKeys() {
    let text = """
      base: &base {a: 1, b: 1}
      more: &more {b: 2, c: 2}
      one: {<<: *base, b: 3}
      several: {b: 3, <<: [*base, *more]}
      """
    let root = judge(Array(text.utf8)).root
    #expect(root?["one"]?["a"]?.number == 1)
    #expect(root?["one"]?["b"]?.number == 3)
    #expect(root?["several"]?["b"]?.number == 3)
    #expect(root?["several"]?["c"]?.number == 2)
  }

  @Test(arguments: [
    ("<<: 5", "1:5: invalid '<<' merge event: 5"), ("<<: text", "1:5: invalid '<<' merge event: text"),
    ("<<: [{a: 1}, 5]", "1:15: invalid '<<' sequence element 2: 5"),
    ("!!merge x: 5", "1:12: invalid 'tag:yaml.org,2002:merge' merge event: 5"),
  ])
  func whatCannotBeMergedIsAnError(_ text: String, _ message: String) {
    let verdict = judge(Array(text.utf8))
    #expect(verdict.message == message)
    #expect(verdict.stage == .yaml)
  }

  @Test(arguments: [
    ("<<: port: 80\n", "1:5: invalid '<<' merge event: port"), ("- <<: 1 x: 2\n", "1:7: invalid '<<' merge event: 1 x"),
    ("a: {!!merge k: off}}\n", "1:16: invalid 'tag:yaml.org,2002:merge' merge event: false"),
    ("a: !!bool maybe\nb: ]\n", "1:4: invalid 'tag:yaml.org,2002:bool' value: 'maybe'"),
    ("a: [017_, }\n", "attempt to perform arithmetic on a nil value"),
    // What the list holds comes up only when it is at its end.
    ("<<: [5, }\n", "1:6: did not find expected node content"),
    ("a: 1\n---\nb: !!int x\nc: [\n", "3:4: invalid 'tag:yaml.org,2002:int' value: 'x'"),
  ])
  func whatLyamlRefusesComesBeforeASyntaxErrorFurtherDown(_ text: String, _ message: String) {
    let verdict = judge(Array(text.utf8))
    #expect(verdict.message == message)
    #expect(verdict.stage == .yaml)
  }

  @Test func theLastOfEqualKeysCountsAndStandsWhereItIsWritten() throws {
    let verdict = judge(Array("a: 1\nb: 2\na: 3\n".utf8))
    let entry = try #require(verdict.root?.table?.entry(.string("a")))
    #expect(entry.value.number == 3)
    #expect(verdict.root?.table?.entries.count == 2)
  }

  @Test func anAliasStandsWhereItIsUsed() throws {
    let verdict = judge(Array("a: &x 5\nb: *x\n".utf8))
    let first = try #require(verdict.root?["a"]?.node)
    let second = try #require(verdict.root?["b"]?.node)
    #expect(first != second)
    #expect(verdict.root?["b"]?.number == 5)
  }

  @Test func anErrorInALaterDocumentCounts() {
    #expect(judge(Array("a: 1\n---\nb: [\n".utf8)).stage == .yaml)
    #expect(judge(Array("a: 1\n---\nb: 2\n".utf8)).root?["b"] == nil)
  }

  @Test(arguments: [
    ("6443", 6443), (" 12 ", 12), ("0x1f", 31), ("0X1F", 31), ("0b11", 3), ("1e5", 1e5), (".5", 0.5), ("5.", 5),
    ("+5", 5), ("-5", -5), ("000123", 123), ("inf", .infinity), ("Infinity", .infinity), ("-inf", -.infinity),
    ("0x1p4", 16), ("0x.8", 0.5), ("1e+2", 100),
  ])
  func tonumberTakes(_ text: String, _ number: Double) { #expect(LuaNumber.parse(text) == number) }

  @Test(arguments: [
    "", " ", "1_000", "12LL", "5i", "yes", "0x", "0b", "0b2", "0b1.1", ".", "1e", "1 2", "- 5", "--5", "1,5", "0o7",
    "tcp://10.96.0.1:443", "infin", "1.2.3",
  ])
  func tonumberRefuses(_ text: String) { #expect(LuaNumber.parse(text) == nil) }

  @Test func tonumberKnowsNan() { #expect(LuaNumber.parse("NaN")?.isNaN == true) }

  @Test(arguments: [
    (1, "1"), (-0.5, "-0.5"), (1e15, "1e+15"), (99_999_999_999_999, "99999999999999"), (1e14, "1e+14"),
    (-9.223372036854775808e18, "-9.2233720368548e+18"), (0.1, "0.1"), (1.0 / 3, "0.33333333333333"), (.infinity, "inf"),
  ])
  func numbersAreWrittenWithFourteenDigits(_ number: Double, _ text: String) {
    #expect(LuaNumber.text(number) == text)
  }

  @Test func quotingFollowsLuaJIT() {
    #expect(LuaQuote.escaped("a\"b\\c\n") == "a\\\"b\\\\c\\\n")
    #expect(LuaQuote.escaped("\r1\t\u{1}") == "\\0131\\9\\1")
  }
}
