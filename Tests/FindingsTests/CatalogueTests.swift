import TestSupport
import Testing

@testable import Findings

@Suite struct CatalogueTests {
  let catalogue = Samples.catalogue

  @Test func `rules are found by id, and areas by prefix`() {
    #expect(catalogue["connect/refused"]?.summary == "Nothing listens there")
    #expect(catalogue["connect/"] == nil)
    #expect(
      catalogue.rules(matching: "kubernetes/").map(\.id) == [
        "kubernetes/host-upper-case", "kubernetes/port-not-string",
      ])
    #expect(catalogue.rules(matching: "connect/refused").map(\.id) == ["connect/refused"])
    #expect(catalogue.rules(matching: "kube").isEmpty)
    #expect(catalogue.areas.map(\.prefix) == ["connect/", "kubernetes/", "token/"])
  }

  @Test func `a list of rules fits the terminal`() {
    let rules = catalogue.rules(matching: "kubernetes/")
    let wide = Catalogue.lines(of: rules)
    #expect(wide.split(separator: "\n").count == 2 && Catalogue.lines(of: rules, columns: 200) == wide)
    let narrow = Catalogue.lines(of: rules, columns: 40).split(separator: "\n")
    #expect(narrow.first == "kubernetes/host-upper-case (\(rules[0].severity.rawValue))")
    #expect(narrow.count >= 4 && narrow.allSatisfy { $0.count <= 40 }, "\(narrow)")
  }

  @Test(arguments: [
    ("connect/refusd", "connect/refused"), ("kubernets/port-not-string", "kubernetes/port-not-string"),
    ("port-not-string", "kubernetes/port-not-string"), ("Kubernetes/", "kubernetes/"), ("kubernetes", "kubernetes/"),
    ("quite/else", nil),
  ])
  func `a wrong id has a nearest one`(_ typed: String, _ meant: String?) {
    #expect(catalogue.nearest(typed) == meant)
  }

  @Test(arguments: [
    ("match", "namespace_selector", nil), ("prot", "port", "port"), ("Port", "port", "port"),
    ("namespaceselector", "namespace_selector", "namespace_selector"), ("port", "port", nil), ("", "a", nil),
    ("x", "y", nil), ("hots", "host", "host"), ("tokn", "token", "token"), ("token_flie", "token_file", "token_file"),
  ])
  func `nearest takes a slip of the fingers, and no other word`(_ typed: String, _ candidate: String, _ meant: String?)
  {
    #expect(nearest(typed, among: [candidate]) == meant)
  }

  @Test func `the nearest of several is the closest, then the first`() {
    #expect(nearest("services", among: ["server", "service", "servicex"]) == "service")
    #expect(nearest("plat-dew", among: ["plat-dev", "plat-den"]) == "plat-dev")
    #expect(nearest(String(repeating: "a", count: 100_000), among: ["a"]) == nil)
  }

  @Test func `selection: the more exact selector wins`() throws {
    let one = Selection(select: ["kubernetes/port-not-string"], ignore: ["kubernetes/"])
    #expect(one.includes("kubernetes/port-not-string"))
    #expect(!one.includes("kubernetes/host-upper-case"))
    #expect(!one.includes("token/inline"))
    let other = Selection(select: ["kubernetes/"], ignore: ["kubernetes/port-not-string"])
    #expect(!other.includes("kubernetes/port-not-string"))
    #expect(other.includes("kubernetes/host-upper-case"))
    #expect(!Selection(select: ["token/"], ignore: ["token/"]).includes("token/inline"))
    #expect(Selection().includes("anything/at-all"))
    try other.check(against: catalogue)
    try Selection(ignore: ["kubernetes/old-name"]).check(against: catalogue)
  }

  @Test func `selection: an unknown rule names the nearest`() {
    let error = #expect(throws: Selection.UnknownRule.self) {
      try Selection(ignore: ["connect/refuse"]).check(against: catalogue)
    }
    #expect(error?.description == "no rule or area is named connect/refuse; did you mean connect/refused?")
  }

  @Test func `exit status: 3 where the question was not answered, else 1 from fail-on, else 0`() {
    func status(
      _ findings: [(String, Severity)], _ selection: Selection = Selection(), exitZero: Bool = false
    ) -> Findings.ExitStatus {
      let findings = findings.map { id, severity in
        Finding(rule: Rule(stringLiteral: "\(id) (\(severity.rawValue)): s"), message: "m")
      }
      return Findings.ExitStatus(for: selection.apply(to: findings), selection: selection, exitZero: exitZero)
    }
    #expect(status([]) == .passed)
    #expect(status([("a/b", .warning), ("a/c", .note)]) == .passed)
    #expect(status([("a/b", .warning)], Selection(failOn: .warning)) == .failed)
    #expect(status([("a/b", .note)], Selection(failOn: .note)) == .failed)
    #expect(status([("a/b", .error)]) == .failed)
    #expect(status([("a/b", .error), ("tls/wrong-host", .error)]) == .unfinished)
    #expect(status([("tls/expires-soon", .warning)]) == .passed)
    #expect(status([("server/not-kubernetes", .error)]) == .failed)
    #expect(status([("input/unreadable", .error)]) == .failed)
    let reading = Selection(unfinished: Selection.unanswered + ["input/unreadable"])
    #expect(status([("input/unreadable", .error)], reading) == .unfinished)
    #expect(status([("a/b", .error)], exitZero: true) == .passed)
    #expect(status([("connect/refused", .error)], exitZero: true) == .unfinished)
    // What was not selected does not count, but a check that could not be made must not pass.
    #expect(status([("a/b", .error)], Selection(select: ["rbac/"])) == .passed)
    #expect(status([("connect/refused", .error)], Selection(select: ["rbac/"])) == .unfinished)
    #expect(status([("connect/refused", .error)], Selection(ignore: ["connect/"])) == .passed)
  }

  @Test func `exit status: the numbers`() {
    let all: [Findings.ExitStatus] = [.passed, .failed, .usage, .unfinished, .interrupted, .terminated]
    #expect(all.map(\.rawValue) == [0, 1, 2, 3, 130, 143])
  }

  @Test func `a rule's page on the terminal and in Markdown`() throws {
    try expectGolden(Samples.portNotString.page(), "Tests/Golden/findings/rule.txt")
    try expectGolden(Samples.portNotString.markdown, "Tests/Golden/findings/rule.md")
    try expectGolden(Samples.catalogue.markdownIndex, "Tests/Golden/findings/rules-index.md")
    #expect(Samples.portNotString.pagePath == "kubernetes/port-not-string.md")
    #expect(Samples.inlineToken.markdown.contains("\n````\n```\nz\n```\n````\n"))
    #expect(!Samples.inlineToken.markdown.contains("Since"))
  }

  @Test func `a page is taken apart at its labels`() {
    let rule = Samples.portNotString
    #expect(rule.id == "kubernetes/port-not-string")
    #expect(rule.severity == .error && rule.since == "2.15.0")
    #expect(rule.summary == "The API server's port is not a string")
    #expect(rule.example == "discovery:\n  kubernetes:\n    service:\n      port: 6443")
    #expect(rule.fix == "Quote it: `port: \"6443\"`.")
    #expect(Samples.hostUpperCase.severity == .warning && Samples.hostUpperCase.since == nil)
  }

  @Test func `prose is broken at the width, lists and code are not`() {
    let rule: Rule = """
      a/b (note): s
      Checks: one two three four
      five six seven

      - a list item that is long
      ```
      code that is very long
      ```
      Why: w
      Example: e
      Fix: f
      """
    let page = rule.page(width: 14)
    #expect(
      page.contains(
        "one two three\nfour five six\nseven\n\n- a list item that is long\n```\ncode that is very long\n```\n"))
  }
}
