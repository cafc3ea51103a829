import Findings
import SourceText
import Testing
import YAML

@testable import Lint

@Suite struct IgnoresTests {
  private static let port: Rule = "kubernetes/port-not-string (error): a port"
  private static let token: Rule = "token/expired (error): a token"
  private let catalogue = Catalogue([port, token] + IgnoreRules.all)

  /// The file itself, and what stands in its first literal block scalar.
  private func files(_ text: String) -> [LintFile] {
    let (tree, error) = Tree.partial(Array(text.utf8))
    let outer = LintFile(path: "f.yaml", kind: .apisixConfig, tree: tree, error: error)
    let inner = tree.ids.lazy.compactMap {
      outer.embedded($0, named: "config.yaml") { _ in ToldKind(kind: .apisixConfig, isCertain: true) }
    }.first
    return [outer] + [inner].compactMap { $0 }
  }

  /// Makes a finding of the rule at every `PORT` and `TOKEN` of the text, and gives what the comments leave, as
  /// `LINE rule`.
  private func left(_ text: String, isActive: (String) -> Bool = { _ in true }) -> [String] {
    let files = files(text)
    let source = files[0].text
    let findings = (1...source.lineCount).flatMap { line -> [Finding] in
      let content = source.line(line) ?? ""
      return [(Self.port, "PORT"), (Self.token, "TOKEN")].filter { content.contains($0.1) }.map { rule, _ in
        files[0].finding(rule, "x", range: source.lineBytes(line))
      }
    }
    return Ignores(of: files, catalogue: catalogue).apply(to: findings, isActive: isActive)
      .map { "\($0.range?.start.line ?? 0) \($0.rule)" }
  }

  /// A byte that is no UTF-8 is one byte of the file, though it is shown as a sign of three.
  @Test func theMendStandsAtTheRuleBehindAnyBytes() throws {
    let front = Array("port: 1 # gatecheck: ignore[".utf8) + Array(repeating: 0xFF, count: 9)
    let bytes = front + Array(",netes/port-not-string] why\n".utf8)
    let (tree, error) = Tree.partial(bytes)
    let file = LintFile(path: "f.yaml", kind: .apisixConfig, tree: tree, error: error)
    let findings = Ignores(of: [file], catalogue: catalogue).apply(to: []) { _ in true }
    let edit = try #require(findings.last?.fix?.edits.first)
    #expect(edit.offset == front.count + 1 && edit.length == "netes/port-not-string".utf8.count)
  }

  @Test func aCommentHoldsForItsLineOrForTheNextOne() {
    #expect(left("a: PORT # gatecheck: ignore[kubernetes/port-not-string] wanted\nb: PORT\n") == ["2 \(Self.port.id)"])
    #expect(left("# gatecheck: ignore[kubernetes/port-not-string]\na: PORT\nb: PORT\n") == ["3 \(Self.port.id)"])
    #expect(left("#gatecheck:ignore[kubernetes/]\n\n# why\n# more\na: PORT\n") == [])
    #expect(left("# gatecheck: ignore[token/]\n# gatecheck: ignore[kubernetes/]\na: PORT TOKEN\n") == [])
    #expect(left("# gatecheck: ignore[token/expired , kubernetes/]\na: PORT TOKEN\n") == [])
  }

  /// Of a file that is no YAML not all is found.
  @Test func nothingIsCalledUnusedInABrokenFile() {
    let text = "a: [1\nb: 2 # gatecheck: ignore[kubernetes/]\n"
    let files = files(text)
    let findings = YAMLRules.errors(of: files[0])
    #expect(Ignores(of: files, catalogue: catalogue).apply(to: findings).map(\.rule) == [YAMLRules.syntax])
  }

  @Test func otherRulesAndOtherLinesStay() {
    #expect(
      left("a: PORT # gatecheck: ignore[token/expired]\n") == ["1 \(Self.port.id)", "1 ignore/unused"])
    #expect(left("a: 1 # gatecheck: ignore[kubernetes/]\nb: PORT\n") == ["2 \(Self.port.id)", "1 ignore/unused"])
  }

  @Test func aWholeFileIsIgnoredFromItsTopOnly() {
    #expect(left("# text\n# gatecheck: ignore-file[kubernetes/]\n---\na: PORT\nb: PORT TOKEN\n") == ["5 token/expired"])
    #expect(
      left("a: PORT\n# gatecheck: ignore-file[kubernetes/]\nb: PORT\n")
        == ["1 \(Self.port.id)", "3 \(Self.port.id)", "2 ignore/malformed"])
    let files = files("# gatecheck: ignore-file[token/]\na: 1\n")
    let placeless = Finding(rule: Self.token, message: "x", file: "f.yaml")
    #expect(Ignores(of: files, catalogue: catalogue).apply(to: [placeless]).isEmpty)
  }

  @Test func aFileInABlockScalarHasCommentsOfItsOwn() {
    let manifest = """
      kind: ConfigMap
      data:
        config.yaml: |
          # gatecheck: ignore[kubernetes/]
          a: PORT
          b: PORT
          c: TOKEN # gatecheck: ignore[token/]
        other: PORT
      """
    #expect(left(manifest) == ["6 \(Self.port.id)", "8 \(Self.port.id)"])
    let whole = manifest.replacing("ignore[kubernetes/]", with: "ignore-file[kubernetes/]")
    #expect(left(whole) == ["8 \(Self.port.id)"], "not beyond the block scalar")
  }

  @Test(arguments: [
    ("# gatecheck: ignore kubernetes/port-not-string", "this ignore names no rule in brackets"),
    ("# gatecheck: ignore", "this ignore names no rule in brackets"),
    ("# gatecheck: ignore[]", "the brackets of this ignore are empty"),
    ("# gatecheck: ignore[ , ]", "the brackets of this ignore are empty"),
    ("# gatecheck: ignore[token/expired", "the bracket of this ignore is not closed"),
    ("# gatecheck: ignores[token/]", "only ignore and ignore-file can stand behind gatecheck:"),
    ("# gatecheck: disable=token/", "only ignore and ignore-file can stand behind gatecheck:"),
    ("# gatecheck-ignore[token/]", "this comment has no colon behind gatecheck"),
  ])
  func whatCannotBeReadIsSaid(comment: String, message: String) {
    let ignores = Ignores(of: files("\(comment)\na: 1\n"), catalogue: catalogue)
    let findings = ignores.apply(to: [])
    #expect(findings.map(\.message) == [message])
    #expect(findings.map(\.rule.id) == ["ignore/malformed"])
  }

  @Test(arguments: ["# gatecheck ignores this", "# see gatecheck", "# Gate: check", "a: '# gatecheck: ignore'"])
  func otherCommentsAreNone(text: String) {
    #expect(Ignores(of: files(text + "\n"), catalogue: catalogue).apply(to: []).isEmpty)
  }

  @Test func aRuleThatDoesNotExistIsSaidWithTheNearest() {
    let findings = Ignores(of: files("a: 1 # gatecheck: ignore[token/expird]\n"), catalogue: catalogue).apply(to: [])
    #expect(findings.map(\.rule.id) == ["ignore/unknown-rule"])
    #expect(findings.map(\.help) == ["did you mean token/expired?"])
    #expect(findings.first?.range?.start.column == 26)
    let area = Ignores(of: files("a: 1 # gatecheck: ignore[token]\n"), catalogue: catalogue).apply(to: [])
    #expect(area.map(\.help) == ["did you mean token/?"])
  }

  @Test func whatWasNotLookedForIsNotUnused() {
    let text = "a: 1 # gatecheck: ignore[token/expired, kubernetes/]\n"
    #expect(left(text) == ["1 ignore/unused", "1 ignore/unused"])
    #expect(left(text, isActive: { $0 == "kubernetes/" }) == ["1 ignore/unused"])
  }

  @Test(arguments: [
    ("a: 1 # gatecheck: ignore[token/expired] why\nb: 2\n", "a: 1\nb: 2\n"),
    ("# x\n# gatecheck: ignore[token/expired]\nb: 2\n", "# x\nb: 2\n"),
    ("# gatecheck: ignore[token/, ignore/]\r\nb: 2\r\n", "b: 2\r\n"),
    ("a: 1\n# gatecheck: ignore[token/]", "a: 1\n"),
    ("a: PORT # gatecheck: ignore[token/, kubernetes/] y\n", "a: PORT # gatecheck: ignore[kubernetes/] y\n"),
    ("a: PORT # gatecheck: ignore[kubernetes/, token/ ] y\n", "a: PORT # gatecheck: ignore[kubernetes/ ] y\n"),
    (
      "d:\n  c: |\n    # gatecheck: ignore[token/]\n    a: 1\n    b: 2 # gatecheck: ignore[token/]\n",
      "d:\n  c: |\n    a: 1\n    b: 2\n"
    ),
  ])
  func removingWhatIsUnusedLeavesTheRestAsItWas(before: String, after: String) {
    let fixed = FixedFiles([("f.yaml", before)]) { inputs in
      let text = inputs[0].text
      let files = files(text)
      let findings =
        text.contains("PORT") ? [files[0].finding(Self.port, "x", range: files[0].text.lineBytes(1))] : []
      return Ignores(of: files, catalogue: catalogue).apply(to: findings)
    }
    #expect(fixed.texts == [after])
    #expect(fixed.unsettled.isEmpty)
  }
}
