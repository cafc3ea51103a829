import JSON
import TestSupport
import Testing

@testable import APISIX

@Suite("Namespace patterns")
struct NamespacePatternTests {
  @Test(
    "match when the leftmost, first alternative's match is the whole name",
    arguments: [
      ("dev", "dev", true), ("dev", "dev-1", false), ("dev", "xdev", false), ("dev|dev-1", "dev-1", false),
      ("dev-1|dev", "dev-1", true), ("(?:dev|dev-1)$", "dev-1", true), ("dev.*?", "dev-1", false),
      ("dev.*?$", "dev-1", true), ("^prod-.+$", "prod-eu", true), (".*", "", true), ("", "a", false), ("", "", true),
      ("[a-z]+-[0-9]", "dev-1", true), ("[^a-z]+", "123", true), ("[]a]+", "]a", true), ("[a\\]-]+", "a]-", true),
      ("DEV", "dev", false), ("(?i)DEV", "dev", true), ("(?i:D)ev", "dev", true), ("(?i:D)EV", "dEv", false),
      ("\\w+-\\d{2,3}", "team-123", true), ("\\w+-\\d{2,3}", "team-1234", false), ("a{2}", "aa", true),
      ("(a|b)*c", "ababc", true), ("(ab)\\1", "abab", true), ("(?<n>ab)\\k<n>", "abab", true),
      ("(?!kube-).*", "default", true), ("(?!kube-).*", "kube-system", false), ("(?=d)de.", "dev", true),
      (".*(?<!-old)", "x-new", true), (".*(?<!-old)", "x-old", false), ("a++b", "aaab", true), ("a++ab", "aaab", false),
      ("(?>a|ab)c", "abc", false), ("\\bdev\\b", "dev", true), ("\\Qa.b\\E", "a.b", true), ("\\Qa.b\\E", "axb", false),
      ("[[:lower:]]+", "abc", true), ("\\x64ev", "dev", true), ("(?x) d e v # name", "dev", true),
      ("a\\Kb", "ab", false),
      ("(a*)*", "aaa", true), ("(a|)+", "aa", true), ("x?", "x", true), ("x??", "x", false), ("[\\d-]+", "1-2", true),
      ("((?:a)??)?", "a", false), ("(x*?|b)+", "b", false), ("(?:(?:.??)*+a)?", "a", true),
      ("(?:y|(a*?)?)", "a", false),
      ("(?P<n>ab)-(?P=n)", "ab-ab", true), ("(?|qa|(x)y)\\d", "qa7", true), ("(qa)?(?(1)-1|uat)", "qa-1", true),
      ("(qa)?(?(1)-1|uat)", "uat", true), ("(?(?=q)qa|uat)", "uat", true), ("(?(DEFINE)(?<d>\\d))x(?&d)", "x4", true),
      ("([a-c])(?1)", "ab", true), ("\\((?R)?\\)|ab", "ab", true), ("q(?R)?a", "qqaa", true), ("q(?R)?a", "qqa", false),
      ("(?U)qa.*", "qa-1", false), ("(?U)qa.*?", "qa-1", true), ("\\p{Ll}+", "qa", true), ("\\p{^L}+", "42", true),
      ("\\161a", "qa", true), ("\\o{161}a", "qa", true), ("q(?C1)a", "qa", true), ("(*UTF)qa", "qa", true),
      ("[\\Qa-\\E]+", "a-a", true), ("q(?#so)?a", "a", true), ("q|(*FAIL)", "q", true),
      ("(?<=q|tu)a|b", "b", true), ("(q)(?:a|\\10)", "qa", true),
      ("[[:<:]]shop", "shop", true), ("(*COMMIT)shop", "shop", true), ("(?^)shop", "shop", true),
      ("team-(red|blue)(-[0-9]+)?", "team-blue-42", true), ("a$", "a", true), ("\\Aa\\z", "a", true),
    ] as [(String, String, Bool)])
  func wholeMatch(expression: String, name: String, isMatch: Bool) {
    var match = NamespaceFilter(["match": [.string(expression)]])
    var notMatch = NamespaceFilter(["not_match": [.string(expression)]])
    #expect(match.isKept(name) { Issue.record("\($0)") } == isMatch)
    #expect(notMatch.isKept(name) { Issue.record("\($0)") } != isMatch)
  }

  @Test(
    "are refused in the words of the library that the release runs on",
    arguments: [
      ("(dev", #"missing ) in "(dev""#, #"missing closing parenthesis in "(dev""#),
      ("*", #"nothing to repeat in "*" at "*""#, #"quantifier does not follow a repeatable item in "*" at "*""#),
      (
        "a**", #"nothing to repeat in "a**" at "*""#, #"quantifier does not follow a repeatable item in "a**" at "*""#
      ),
      (
        "dev)", #"unmatched parentheses in "dev)" at ")""#,
        #"unmatched closing parenthesis in "dev)" at ")""#
      ),
      (
        "\\1", #"reference to non-existent subpattern in "\1""#, #"reference to non-existent subpattern in "\1" at "1""#
      ),
      (
        "\\u0071", #"PCRE does not support \L, \l, \N{name}, \U, or \u in "\u0071" at "u0071""#,
        #"PCRE2 does not support \F, \L, \l, \N{name}, \U, or \u in "\u0071" at "0071""#
      ),
      (
        "[q-\\d]", #"invalid range in character class in "[q-\d]" at "d]""#,
        #"invalid range in character class in "[q-\d]" at "]""#
      ),
    ])
  func broken(expression: String, pcre: String, pcre2: String) {
    #expect(lines(expression, of: Release(3, 11)) == ["error: ngx.re.match failed: pcre_compile() failed: " + pcre])
    #expect(lines(expression, of: .newest) == ["error: ngx.re.match failed: pcre2_compile() failed: " + pcre2])
  }

  @Test(
    "are refused in the same words by both",
    arguments: [
      ("kube-[", #"missing terminating ] for character class in "kube-[""#), ("a\\", #"\ at end of pattern in "a\""#),
      ("[b-a]", #"range out of order in character class in "[b-a]" at "a]""#),
      ("a{3,1}", #"numbers out of order in {} quantifier in "a{3,1}" at "}""#),
      ("(?z)", #"unrecognized character after (? or (?- in "(?z)" at "z)""#),
      ("q{1,70000}", #"number too big in {} quantifier in "q{1,70000}" at "}""#),
      ("[:digit:]", #"POSIX named classes are supported only within a class in "[:digit:]" at "[:digit:]""#),
      ("[[.q.]]", #"POSIX collating elements are not supported in "[[.q.]]" at "[.q.]]""#),
      ("[[:letter:]]", #"unknown POSIX class name in "[[:letter:]]" at "letter:]]""#),
      ("\\x{q}", #"non-hex character in \x{} (closing brace missing?) in "\x{q}" at "q}""#),
    ])
  func brokenAlike(expression: String, message: String) {
    #expect(
      lines(expression, of: Release(2, 15, 3)) == ["error: ngx.re.match failed: pcre_compile() failed: " + message])
    #expect(lines(expression, of: .newest) == ["error: ngx.re.match failed: pcre2_compile() failed: " + message])
    #expect(NamespacePattern(expression, library: .pcre2) != .fine)
  }

  /// `("[q-\\d]", ...)` above is refused by both.
  @Test(
    "with a hyphen behind a class, or an escaped letter without meaning, are PCRE's alone",
    arguments: [
      ("^team[\\w-.]+$", "team-eu.1"), ("[\\d-z]+", "1-z"), ("[[:alpha:]-z]+", "a-z"), ("\\qa[\\w-.][\\d-z]", "qa.-"),
    ])
  func literalHyphen(expression: String, name: String) {
    var old = NamespaceFilter(["match": [.string(expression)]], release: Release(3, 11))
    #expect(old.isKept(name) { Issue.record("\($0)") })
    #expect(NamespacePattern(expression, library: .pcre) == .fine)
    #expect(lines(expression, of: .newest).allSatisfy { $0.contains("pcre2_compile() failed: ") })
    guard case .broken = NamespacePattern(expression, library: .pcre2) else {
      Issue.record("\(expression)")
      return
    }
  }

  private func lines(_ expression: String, of release: Release) -> [String] {
    var lines: [String] = []
    var filter = NamespaceFilter(["match": [.string(expression)]], release: release)
    #expect(!filter.isKept("dev") { lines.append($0.logged(in: .newest)) })
    return lines
  }

  @Test("end in bounded time, whatever the pattern and the name")
  func bounded() {
    let long = String(repeating: "a", count: 5_000)
    let hard = [
      "(a+)+b", "(a+)+[0-9]", "(a|a)*b", "(.*)*x", "(?:a|b)*", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)_",
      "((a{0,9}){0,9}){0,9}b",
      "(?R)a|b", String(repeating: "(", count: 5_000), String(repeating: "[a-z]{1,30}", count: 18),
    ]
    for expression in hard {
      let began = processorTime
      var filter = NamespaceFilter(["match": [.string(expression)]])
      _ = filter.isKept(long) { _ in }
      _ = filter.isKept(String(long.prefix(63))) { _ in }
      _ = NamespacePattern(expression, library: .pcre2)
      #expect(processorTime - began < 2, "\(expression.prefix(50))")
    }
    var lines: [String] = []
    var filter = NamespaceFilter(["match": ["(a+)+[0-9]"]])
    #expect(!filter.isKept(long) { lines.append($0.logged(in: .newest)) })
    #expect(lines == ["error: ngx.re.match failed: pcre_exec() failed: -47"])
  }

  @Test("a broken one hides everything in not_match, and is logged and passed over in match")
  func brokenFilters() {
    var lines: [String] = []
    var match = NamespaceFilter(["match": ["(x", "dev"]], release: Release(3, 11))
    #expect(match.isKept("dev") { lines.append($0.logged(in: .newest)) })
    #expect(lines == [#"error: ngx.re.match failed: pcre_compile() failed: missing ) in "(x""#])
    var notMatch = NamespaceFilter(["not_match": ["kube-.*", "*"]], release: Release(3, 11))
    #expect(!notMatch.isKept("dev") { lines.append($0.logged(in: .newest)) })
    #expect(lines.count == 1)
  }

  @Test(
    "that stop short of a name they describe",
    arguments: [
      ("dev|dev-1", "dev-1"), ("dev.*?", "deva"), ("[a-z]+|[a-z]+-[0-9]+", "a-0"), ("x??", "x"),
      ("(?:prod|prod-eu|prod-us)", "prod-eu"), ("[a-z]{2}|[a-z]{2}-[0-9]", "aa-0"), ("a|[a-z]+", "aa"),
      ("team-(red|red-\\d)", "team-red-0"),
    ])
  func missed(expression: String, name: String) {
    #expect(NamespacePattern(expression, library: .pcre2) == .missed(name))
    var filter = NamespaceFilter(["match": [.string(expression)]])
    #expect(!filter.isKept(name) { _ in })
  }

  @Test(
    "that no namespace's name can match",
    arguments: [
      "Prod", "my_ns", "", "$", "[A-Z]+-dev", ".*_test", "[a-z]+-[A-Z]", "-.*", "a b", "prod\\.eu", "_|dev_[a-z]+",
      "[[:upper:]]+", ".*-", "(?i:my)_.*",
    ])
  func impossible(expression: String) {
    #expect(NamespacePattern(expression, library: .pcre2) == .impossible)
  }

  @Test(
    "of which there is nothing to say",
    arguments: [
      "dev", "dev|prod", ".*-(dev|test)", "(?:dev|dev-1)$", "_|[a-z]{20}", "(?i)PROD", "(ab|cd)\\1", "(?!kube-).*",
      "\\x64ev", ".*",
      "aaa$",
      "(*UTF)dev", "[ad]_|d{3}", "^my-[a-z]+$", "ns-[ab]", "prod.eu", "a\\Rb|c", "\\bdev\\b", "(?x) dev # the name",
      "(a)(?:b|\\1c)", "[^-].*[^-]", "kube-*", "a*b?c+", "[a-c]+[b-d]*x?", "[ab]*a[bc]*c?", "[a-z0-9-]+", "[a-z-9]",
    ])
  func fine(expression: String) {
    #expect(NamespacePattern(expression, library: .pcre2) == .fine)
  }
}

@Suite("Label selectors, as the API server reads them")
struct LabelSelectorTests {
  let labels = ["app": "web", "env": "dev", "tier": "", "size": "10", "example.org/team": "a"]

  @Test(
    arguments: [
      ("", true), ("app=web", true), ("app==web", true), (" app = web , env!=prod ", true), ("app=api", false),
      ("app!=web", false), ("none!=web", true), ("app", true), ("none", false), ("!app", false), ("!none", true),
      ("env in (dev, prod)", true), ("env notin (dev)", false), ("none notin (dev)", true), ("none in (dev)", false),
      ("tier=", true), ("tier in (,x)", true), ("tier in (x,)", true), ("size>9", true), ("size<9", false),
      ("size > 10", false), ("app>1", false), ("example.org/team=a", true), ("in in (a)", false), ("notin", false),
    ])
  func selects(selector: String, isSelected: Bool) throws {
    #expect(try LabelSelector(selector).selects { labels[$0] } == isSelected)
  }

  @Test(
    arguments: [
      "app=(red", "first=\"a\"", "app=web,", ",app", "app in ()", "app in dev", "app in (dev", "app=a b", "a b",
      "app=a=b", "!app=web", "!", "=web", "-app=x", "app=x-", "app=\(String(repeating: "x", count: 64))", "a/b/c=d",
      "UPPER.org/x=y", "size>x", "app=!", "app in (a b)", "app web", "app=web env=dev", "ä=b", "app>", "(app)",
    ])
  func refuses(selector: String) {
    #expect(throws: LabelSelector.Fault.self) { try LabelSelector(selector) }
  }
}

@Suite("What APISIX asks of the API server")
struct TargetTests {
  @Test func queries() {
    let settings = ClusterSettings([
      "label_selector": "app in (a,b),x!=ä", "namespace_selector": ["not_equal": "kube-system"],
    ])
    #expect(
      settings.listTarget(continuing: "a/b+c=")
        == "/api/v1/endpoints?continue=a%2Fb%2Bc%3D&fieldSelector=metadata.namespace!%3Dkube-system"
        + "&labelSelector=app%20in%20(a%2Cb)%2Cx!%3D%C3%A4&limit=120")
    #expect(
      ClusterSettings(["watch_endpoint_slices": true]).watchTarget(resourceVersion: "7", timeoutSeconds: "1809")
        == "/apis/discovery.k8s.io/v1/endpointslices?allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=1809"
        + "&watch=true")
  }
}
