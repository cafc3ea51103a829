import Foundation
import TestSupport
import Testing

/// The rules as `gatecheck rules` lists them: each has a page, and lint's have a fixture each.
@Suite struct CatalogueTests {
  struct Rule: Sendable {
    let id: String
    let page: [String: String]
  }

  static let rules: [Rule] = {
    let listed = try? gatecheck("rules", "-o", "json").json()["rules"] as? [[String: Any]]
    return (listed ?? []).map { Rule(id: $0["id"] as? String ?? "", page: $0.compactMapValues { $0 as? String }) }
  }()

  @Test func idsAreUniqueAndWellFormed() {
    #expect(Self.rules.count > 100)
    #expect(Set(Self.rules.map(\.id)).count == Self.rules.count)
    for rule in Self.rules {
      #expect(rule.id.wholeMatch(of: #/[a-z0-9-]+\/[a-z0-9-]+/#) != nil, "\(rule.id)")
    }
  }

  @Test func everyRuleHasAWholePage() {
    for rule in Self.rules {
      for part in ["summary", "checks", "why", "example", "fix"] {
        let text = rule.page[part] ?? ""
        #expect(text.contains { !$0.isWhitespace }, "\(rule.id) lacks \(part)")
      }
      let summary = rule.page["summary"] ?? ""
      #expect(!summary.hasSuffix(".") && !summary.contains("\n") && summary.count <= 90, "\(rule.id): \(summary)")
    }
  }

  /// A rule has a fixture, or a test that names it.
  @Test func everyRuleIsShown() throws {
    let fixtures = Set(FixtureTests.all.map(\.rule))
    let ids = Set(Self.rules.map(\.id))
    #expect(fixtures.subtracting(ids) == [], "fixtures of rules that do not exist")
    let tests = Checkout.files(below: Checkout.path("Tests"), suffix: ".swift").filter {
      // These say nothing of what raises a rule.
      !$0.hasPrefix("FindingsTests/") && !$0.hasSuffix("/CatalogueTests.swift")
    }
    let named = try tests.reduce(into: Set<String>()) { named, test in
      named.formUnion(Self.named(in: try Checkout.text("Tests/" + test)))
    }
    let missing = ids.subtracting(fixtures).subtracting(named).sorted()
    #expect(missing == [], "add Tests/Fixtures/err/RULE.yaml, then run with GATECHECK_UPDATE=1; or a test")
  }

  /// `area/name` wherever it stands alone.
  static func named(in text: String) -> [String] {
    text.matches(of: #/(?:^|[^\w.\/~$-])([a-z][a-z-]*\/[a-z][a-z0-9-]*)(?![\w\/*-]|\.\w)/#).map { String($0.1) }
  }

  /// The page of a rule is found by its name, or by its area: the file is called so, or a folder on the way.
  @Test func aRuleStandsWhereItsIDSays() throws {
    func folded(_ text: Substring) -> String { text.lowercased().filter(\.isLetter) }
    for file in Checkout.files(below: Checkout.path("Sources"), suffix: ".swift") {
      let places = file.dropLast(".swift".count).split(separator: "/").map(folded)
      for match in try Checkout.text("Sources/" + file).matches(
        of: #/: Rule = """\n +([a-z-]+)\/([a-z0-9-]+) \(/#)
      {
        let (area, name) = (folded(match.1), folded(match.2))
        let several = area.hasSuffix("y") ? area.dropLast() + "ies" : area
        #expect(
          places.contains { $0.contains(area) || $0 == several } || places.last == name, "\(match.0) in \(file)")
      }
    }
  }

  /// What pages, templates, settings and documentation call a rule is one.
  @Test func everyRuleThatIsNamedExists() throws {
    let ids = Set(Self.rules.map(\.id))
    let areas = Set(ids.map { $0.prefix { $0 != "/" } })
    // The slips that two pages show, what the system says, an issuer, and ids that are retired.
    let others: Set = [
      "token/expird", "token/inlin", "input/output", "kubernetes/serviceaccount", "resolve/malformed-service-name",
      "resolve/unknown-cluster",
    ]
    let texts = ["Sources", "docs", "templates", "scripts"].flatMap { folder in
      Checkout.files(below: Checkout.path(folder)).map { folder + "/" + $0 }
    }
    for name in texts + ["README.md", "README.zh-CN.md", "CHANGELOG.md", "action.yml", ".pre-commit-hooks.yaml"] {
      guard let text = try? Checkout.text(name) else { continue }
      let wrong = Self.named(in: text).filter { id in
        areas.contains(id.prefix { $0 != "/" }) && !ids.contains(id) && !others.contains(id)
      }
      #expect(wrong == [], "\(name)")
    }
  }

  @Test func everyFixtureHasItsOutput() {
    let outputs = Checkout.files(below: Checkout.fixtures + "/err", suffix: ".out").map { String($0.dropLast(4)) }
    #expect(Set(outputs) == Set(FixtureTests.all.map(\.name)))
  }

  @Test func explainKnowsTheRules() throws {
    for rule in Self.rules.enumerated().filter({ $0.offset % 20 == 0 }).map(\.element) {
      let page = try gatecheck("explain", rule.id)
      #expect(page.status == 0 && page.output.hasPrefix(rule.id + " ("), "\(rule.id)")
    }
  }

  @Test func thePagesInTheDocumentationAreThoseOfTheRules() throws {
    let folder = try Folder()
    #expect(try gatecheck("rules", "--markdown-to", folder["rules"]).status == 0)
    let now = try folder.names().map { ($0, try folder.read($0)) }
    let docs = Checkout.files(below: Checkout.path("docs/rules")).map { "rules/" + $0 }
    #expect(Set(now.map(\.0)) == Set(docs), "stale: make docs")
    for (name, text) in now { #expect(try text == Checkout.text("docs/" + name), "stale: make docs") }
  }
}
