import JSON
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
      ("a{,2}", "a{,2}", true), ("(a|b)*c", "ababc", true), ("(ab)\\1", "abab", true), ("(?<n>ab)\\k<n>", "abab", true),
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
      ("\\161a", "qa", true), ("\\o{161}a", "qa", true), ("q(?C1)a", "qa", true), ("(*UTF8)qa", "qa", true),
      ("[\\Qa-\\E]+", "a-a", true), ("[\\d-q]+", "5-q", true), ("q(?#so)?a", "a", true), ("q|(*FAIL)", "q", true),
      ("(?<=q|tu)a|b", "b", true), ("(q)(?:a|\\10)", "qa", true),
      ("team-(red|blue)(-[0-9]+)?", "team-blue-42", true), ("a$", "a", true), ("\\Aa\\z", "a", true),
    ] as [(String, String, Bool)])
  func wholeMatch(pattern: String, name: String, isMatch: Bool) throws {
    #expect(try PCRE(pattern).matchesWhole(name) == isMatch)
  }

  @Test(
    "are refused in PCRE's words",
    arguments: [
      ("(dev", #"missing ) in "(dev""#), ("kube-[", #"missing terminating ] for character class in "kube-[""#),
      ("*", #"nothing to repeat in "*" at "*""#), ("a**", #"nothing to repeat in "a**" at "*""#),
      ("dev)", #"unmatched parentheses in "dev)" at ")""#), ("a\\", #"\ at end of pattern in "a\""#),
      ("[b-a]", #"range out of order in character class in "[b-a]" at "a]""#),
      ("a{3,1}", #"numbers out of order in {} quantifier in "a{3,1}" at "}""#),
      ("(?z)", #"unrecognized character after (? or (?- in "(?z)" at "z)""#),
      ("(?", #"unrecognized character after (? or (?- in "(?""#),
      ("(?<", #"unrecognized character after (?< in "(?<""#),
      ("q{2}{3}", #"nothing to repeat in "q{2}{3}" at "}""#), ("(?#so)*", #"nothing to repeat in "(?#so)*" at "*""#),
      ("q{1,70000}", #"number too big in {} quantifier in "q{1,70000}" at "}""#),
      ("[q-\\d]", #"invalid range in character class in "[q-\d]" at "d]""#),
      ("[q-[:digit:]]", #"invalid range in character class in "[q-[:digit:]]" at "[:digit:]]""#),
      ("[:digit:]", #"POSIX named classes are supported only within a class in "[:digit:]" at "[:digit:]""#),
      ("[[.q.]]", #"POSIX collating elements are not supported in "[[.q.]]" at "[.q.]]""#),
      ("[[:letter:]]", #"unknown POSIX class name in "[[:letter:]]" at "letter:]]""#),
      ("(?<=qa*)b", #"lookbehind assertion is not fixed length in "(?<=qa*)b" at ")b""#),
      ("(?<=(q|ua))b", #"lookbehind assertion is not fixed length in "(?<=(q|ua))b" at ")b""#),
      ("(?<=q?|a)b", #"lookbehind assertion is not fixed length in "(?<=q?|a)b" at "|a)b""#),
      ("(?<=(?:q|ua))b", #"lookbehind assertion is not fixed length in "(?<=(?:q|ua))b" at ")b""#),
      ("(?<!q+)b)", #"lookbehind assertion is not fixed length in "(?<!q+)b)" at ")b)""#),
      ("(?<=\\2)(q", #"missing ) in "(?<=\2)(q""#), ("\\1", #"reference to non-existent subpattern in "\1""#),
      ("\\k<q>b", #"reference to non-existent subpattern in "\k<q>b" at ">b""#),
      ("(?<q>a)(?<q>b)", #"two named subpatterns have the same name in "(?<q>a)(?<q>b)" at ">b)""#),
      ("(?<1q>a)", #"group name must start with a non-digit in "(?<1q>a)" at "1q>a)""#),
      ("(?R)q", #"recursive call could loop indefinitely in "(?R)q" at ")q""#),
      ("(a)(?(1)b|c|d)", #"conditional group contains more than two branches in "(a)(?(1)b|c|d)" at ")""#),
      ("\\u0071", #"PCRE does not support \L, \l, \N{name}, \U, or \u in "\u0071" at "u0071""#),
      ("\\p{Lq}", #"unknown property name after \P or \p in "\p{Lq}" at "}""#),
      ("\\x{q}", #"non-hex character in \x{} (closing brace missing?) in "\x{q}" at "q}""#),
      ("(*q)", #"(*VERB) not recognized or malformed in "(*q)" at ")""#),
    ])
  func broken(pattern: String, message: String) {
    #expect(throws: PCRE.Fault.broken("pcre_compile() failed: " + message)) { try PCRE(pattern) }
  }

  @Test("end in bounded time, whatever the pattern and the name")
  func bounded() {
    let long = String(repeating: "a", count: 5_000)
    for pattern in ["(a+)+b", "(a|a)*b", "(.*)*x", "(?:a|b)*", String(repeating: "(", count: 5_000)] {
      _ = try? PCRE(pattern).matchesWhole(long)
      _ = try? PCRE(pattern).matchesWhole(String(long.prefix(63)))
    }
  }

  @Test("a broken one hides everything in not_match, and is logged and passed over in match")
  func brokenFilters() {
    var lines: [Words] = []
    var match = NamespaceFilter(["match": ["(x", "dev"]])
    #expect(match.isKept("dev") { lines.append($0) })
    #expect(lines.map { $0.logged(in: .newest) } == [#"error: ngx.re.match failed: pcre_compile() failed: missing ) in "(x""#])
    var notMatch = NamespaceFilter(["not_match": ["kube-.*", "*"]])
    #expect(!notMatch.isKept("dev") { lines.append($0) })
    #expect(lines.count == 1)
    #expect(notMatch.brokenPatterns.map(\.pattern) == ["*"])
    #expect(NamespaceFilter(["match": ["(*COMMIT)q"]]).unsupportedPatterns == ["(*COMMIT)q"])
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
