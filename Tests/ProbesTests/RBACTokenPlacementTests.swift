import Findings
import Inputs
import Kubernetes
import Probes
import Testing

/// `token create --into`: whole files before and after; every other byte stays.
@Suite struct RBACTokenPlacementTests {
  private func placed(_ text: String, cluster: String? = nil, file: String? = nil) throws -> String {
    let value: TokenPlacement.Value = file.map { .file($0) } ?? .token(Secret("new"))
    return String(decoding: try TokenPlacement(value, into: Array(text.utf8), cluster: cluster).bytes, as: UTF8.self)
  }

  private func refusal(_ text: String, cluster: String? = nil) -> String {
    do throws(Finding) {
      _ = try TokenPlacement(.token(Secret("new")), into: Array(text.utf8), cluster: cluster)
      return "placed"
    } catch { return error.message }
  }

  static let cases: [(String, String)] = [
    (
      "discovery:\n  kubernetes:\n    client:\n      token: old   # mine\n",
      "discovery:\n  kubernetes:\n    client:\n      token: \"new\"   # mine\n"
    ),
    (
      "discovery:\r\n  kubernetes:\r\n    client: {token_file: /run/token}\r\n",
      "discovery:\r\n  kubernetes:\r\n    client: {token: \"new\"}\r\n"
    ),
    (
      "discovery:\n  kubernetes:\n    client:\n      token: |\n        old\n        line\n    service: {}\n",
      "discovery:\n  kubernetes:\n    client:\n      token: \"new\"\n    service: {}\n"
    ),
    (
      "discovery:\n  kubernetes:\n    service:\n      host: a\n",
      "discovery:\n  kubernetes:\n    client: {token: \"new\"}\n    service:\n      host: a\n"
    ),
    ("discovery:\n  kubernetes: {}\n", "discovery:\n  kubernetes: {client: {token: \"new\"}}\n"),
    (
      "discovery:\n  kubernetes: {service: {}}\n", "discovery:\n  kubernetes: {client: {token: \"new\"}, service: {}}\n"
    ),
    ("discovery:\n  kubernetes:\n    client:\n", "discovery:\n  kubernetes:\n    client: {token: \"new\"}\n"),
  ]

  @Test(arguments: cases)
  func everyLayout(_ before: String, _ after: String) throws {
    #expect(try placed(before) == after)
  }

  static let several = """
    discovery:
      kubernetes:
        - id: a
          client: {token: "one"}
        - id: b
          client:
            token: "two"
    """

  @Test func oneClusterOfSeveral() throws {
    #expect(try placed(Self.several, cluster: "b") == Self.several.replacing("\"two\"", with: "\"new\""))
    #expect(refusal(Self.several) == "the file has several clusters: add --cluster ID")
    #expect(refusal(Self.several, cluster: "c") == "there is no cluster \"c\" in this file")
  }

  @Test func fileInPlaceOfAToken() throws {
    #expect(
      try placed("discovery: {kubernetes: {client: {token: a}}}\n", file: "/run/a b")
        == "discovery: {kubernetes: {client: {token_file: \"/run/a b\"}}}\n")
  }

  @Test func whatHasNoPlace() {
    #expect(refusal("routes: []\n") == "there is no discovery.kubernetes in this file")
    #expect(refusal("discovery: {kubernetes: {client: {token: a, token_file: b}}}").hasPrefix("the file has both"))
    #expect(refusal("discovery: {kubernetes: {client: {token: '${T}'}}}").contains("variable T;"))
    #expect(refusal("discovery: {kubernetes: 3}") == "the file has a discovery.kubernetes that is not a mapping")
    #expect(
      refusal("discovery: {kubernetes: [}") == "APISIX 3.18.0 would not start: 1:25: did not find expected node content"
    )
    #expect(refusal("discovery: {kubernetes: {client: &a {token: &t x}}, other: *t}").contains("is"))
  }
}
