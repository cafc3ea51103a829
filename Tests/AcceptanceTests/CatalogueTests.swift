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

  /// Rules that no lint of files raises: those of other commands, each shown in the tests of its command.
  static let otherCommands = [
    "config/", "connect/", "kubeconfig/", "rbac/list-missing", "rbac/not-bound", "rbac/object-differs",
    "rbac/object-missing", "rbac/role-ref-differs", "rbac/secret-empty", "rbac/service-account-missing",
    "rbac/too-much", "rbac/watch-missing", "resolve/", "server/", "tls/", "token/anonymous", "token/create-refused",
    "token/node-identity", "token/not-a-jwt", "token/not-confirmed", "token/not-placed", "token/other-cluster",
    "token/other-issuer", "token/other-secret", "token/pod-deleted", "token/secret-deleted", "token/secret-missing",
    "token/service-account-deleted", "token/service-account-recreated", "token/shorter-than-asked",
    "token/signature-invalid", "token/unauthorized", "token/wrong-audience",
  ]

  /// Rules that a file in a checkout cannot show; InputTests and others make what they need.
  static let shownElsewhere: Set = ["input/not-written", "input/too-large", "input/unreadable", "usage/arguments"]

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

  @Test func everyRuleOfLintHasAFixture() {
    let shown = Set(FixtureTests.all.map(\.rule))
    let wanted = Self.rules.map(\.id).filter { id in
      !Self.otherCommands.contains { id.hasPrefix($0) } && !Self.shownElsewhere.contains(id)
    }
    let missing = wanted.filter { !shown.contains($0) }
    #expect(missing == [], "add Tests/Fixtures/err/RULE.yaml, then run with GATECHECK_UPDATE=1")
    #expect(shown.subtracting(Self.rules.map(\.id)) == [], "fixtures of rules that do not exist")
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
