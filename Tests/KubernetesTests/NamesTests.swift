import Kubernetes
import Testing

@Suite struct NamesTests {
  @Test(arguments: ["default", "a", "0", "kube-system", "1e3", String(repeating: "x", count: 63)])
  func aNamespaceIsALabel(name: String) {
    #expect(NameRule.label.objection(to: name) == nil)
  }

  @Test(arguments: [
    ("", "is empty"), ("Default", "has upper-case letters; only a-z, 0-9 and '-' are allowed"),
    ("a.b", "must not contain a dot"), ("a_b", "must not contain '_'; '-' is allowed"),
    ("-a", "must start and end with a letter or digit"), ("a-", "must start and end with a letter or digit"),
    ("a b", "must not contain white space"), ("ä", "may hold only a-z, 0-9 and '-'"),
    (String(repeating: "x", count: 64), "is 64 bytes long; at most 63 are allowed"),
  ])
  func aNamespaceIsRefused(name: String, reason: String) {
    #expect(NameRule.label.objection(to: name) == reason)
  }

  @Test(arguments: ["apisix", "a.b", "1e3", "null", "0x10", String(repeating: "x", count: 253)])
  func aServiceAccountIsASubdomain(name: String) {
    #expect(NameRule.subdomain.objection(to: name) == nil)
  }

  @Test(arguments: [
    ("a..b", "must not have a dot at an end or two in a row"), (".a", "must not have a dot at an end or two in a row"),
    ("a.-b", "must have a letter or digit on both sides of each dot"), ("a/b", "may hold only a-z, 0-9, '-' and '.'"),
    (String(repeating: "x", count: 254), "is 254 bytes long; at most 253 are allowed"),
  ])
  func aServiceAccountIsRefused(name: String, reason: String) {
    #expect(NameRule.subdomain.objection(to: name) == reason)
  }

  /// Each of these was accepted by a 1.20.2 API server.
  @Test(arguments: ["apisix", "system:apisix", "A", "a..b", " x", "on", String(repeating: "x", count: 300)])
  func aRoleIsOneSegmentOfAPath(name: String) {
    #expect(NameRule.pathSegment.objection(to: name) == nil)
  }

  @Test(arguments: [
    ("", "is empty"), (".", "must not be '.'"), ("..", "must not be '..'"), ("a/b", "must not contain '/'"),
    ("a%b", "must not contain '%'"),
  ])
  func aRoleIsRefused(name: String, reason: String) {
    #expect(NameRule.pathSegment.objection(to: name) == reason)
  }

  @Test(arguments: ["app", "app.kubernetes.io/name", "A_b-c.d", "example.com/X"])
  func aLabelKeyIsAccepted(key: String) {
    #expect(LabelSyntax.objection(toKey: key) == nil)
  }

  @Test(arguments: [
    ("", "is empty"), ("/a", "has nothing before its '/'"), ("a.b/", "has nothing behind its '/'"),
    ("a/b/c", "has more than one '/'"), ("-a", "must start and end with a letter or digit"),
    ("a b", "may hold only letters, digits, '-', '_' and '.'"),
    ("A.com/x", "has a prefix that has upper-case letters; only a-z, 0-9 and '-' are allowed"),
  ])
  func aLabelKeyIsRefused(key: String, reason: String) {
    #expect(LabelSyntax.objection(toKey: key) == reason)
  }

  @Test func aLabelValueMayBeEmptyButHasLetterOrDigitAtItsEnds() {
    #expect(LabelSyntax.objection(toLabelValue: "") == nil)
    #expect(LabelSyntax.objection(toLabelValue: "v1.2_x-Y") == nil)
    #expect(LabelSyntax.objection(toLabelValue: "a/b") != nil)
    #expect(LabelSyntax.objection(toLabelValue: "a.") == "must start and end with a letter or digit")
  }
}
