import Inputs
import Testing

@testable import HTTP

/// The variables, read as curl's manual says. Every case was tried with curl 7.88 itself, which agrees but for
/// IPv6 networks in NO_PROXY: it does not yet match them.
@Suite struct ProxyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let url: String
    let variables: [String: String]
    /// `ADDRESS VARIABLE`, or `direct`.
    let way: String
    var testDescription: String { "\(url) \(variables)" }

    init(_ url: String, _ variables: [String: String], _ way: String) {
      self.url = url
      self.variables = variables
      self.way = way
    }
  }

  static let p = "http://p:3128"

  static let cases = [
    Case("https://a.example/", [:], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": p], "http://p:3128 HTTPS_PROXY"),
    Case("https://a.example/", ["https_proxy": "http://q:1", "HTTPS_PROXY": p], "http://q:1 https_proxy"),
    Case("https://a.example/", ["ALL_PROXY": "socks5h://s:1080"], "socks5h://s:1080 ALL_PROXY"),
    Case("https://a.example/", ["all_proxy": p, "HTTPS_PROXY": "http://q:1"], "http://q:1 HTTPS_PROXY"),
    Case("https://a.example/", ["http_proxy": p], "direct"),
    Case("http://a.example/", ["http_proxy": p], "http://p:3128 http_proxy"),
    Case("http://a.example/", ["HTTP_PROXY": p], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": ""], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": "p:3128"], "http://p:3128 HTTPS_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": "http://p"], "http://p:1080 HTTPS_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": "http://user:word@p:3128"], "http://p:3128 HTTPS_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "a.example"], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "b", "no_proxy": "example"], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": ".example"], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "*"], "direct"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "*.example"], "http://p:3128 HTTPS_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "x, A.EXAMPLE."], "direct"),
    Case("https://ba.example/", ["HTTPS_PROXY": p, "NO_PROXY": "a.example"], "http://p:3128 HTTPS_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.1.2.3"], "direct"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.0.0.0/8"], "direct"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.2.0.0/15"], "http://p:3128 HTTPS_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.0.0.0/15"], "direct"),
    Case("https://[fd00::1]:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "fd00::/8"], "direct"),
    Case("https://[fd00::1]:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "fd00::2"], "http://p:3128 HTTPS_PROXY"),
  ]

  @Test("the way a request takes", arguments: cases)
  func route(_ example: Case) throws {
    let proxy = try Self.proxy(example.url, example.variables)
    #expect(proxy.map { "\($0.address) \($0.variable ?? "-")" } ?? "direct" == example.way)
  }

  private static func proxy(
    _ url: String, _ variables: [String: String], _ setting: ProxySetting = .environment
  ) throws -> Proxy? {
    HTTPClient.load()
    return try Proxy.of(setting, to: #require(Origin(url))) { variables[$0] }
  }

  @Test func settingGoesBeforeVariables() throws {
    let variables = ["HTTPS_PROXY": Self.p]
    #expect(try Self.proxy("https://a/", variables, .direct) == nil)
    let proxy = try #require(try Self.proxy("https://a/", variables, .url(Secret("http://user:word@q:1"))))
    #expect(proxy.address == "http://q:1")
    #expect(proxy.variable == nil)
    #expect(!"\(proxy)\(String(reflecting: proxy))".contains("word"))
  }

  @Test func rubbishIsAnError() {
    #expect(throws: HTTPError.self) { try Self.proxy("https://a/", ["HTTPS_PROXY": "ftp://p:1"]) }
    #expect(throws: HTTPError.self) { try HTTPClient().send(Request("not a url")) }
  }
}
