import HTTP
import Inputs
import Testing

/// The variables, read as curl's manual says. Every case was tried with curl 7.88 itself, which agrees but for
/// IPv6 networks in NO_PROXY: it does not yet match them.
@Suite struct ProxyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let url: String
    let variables: [String: String]
    /// `ADDRESS VARIABLE`, `exempt VARIABLE` or `direct`.
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
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "a.example"], "exempt NO_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "b", "no_proxy": "example"], "exempt no_proxy"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": ".example"], "exempt NO_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "*"], "exempt NO_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "*.example"], "http://p:3128 HTTPS_PROXY"),
    Case("https://a.example/", ["HTTPS_PROXY": p, "NO_PROXY": "x, A.EXAMPLE."], "exempt NO_PROXY"),
    Case("https://ba.example/", ["HTTPS_PROXY": p, "NO_PROXY": "a.example"], "http://p:3128 HTTPS_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.1.2.3"], "exempt NO_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.0.0.0/8"], "exempt NO_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.2.0.0/15"], "http://p:3128 HTTPS_PROXY"),
    Case("https://10.1.2.3:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "10.0.0.0/15"], "exempt NO_PROXY"),
    Case("https://[fd00::1]:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "fd00::/8"], "exempt NO_PROXY"),
    Case("https://[fd00::1]:6443/", ["HTTPS_PROXY": p, "NO_PROXY": "fd00::2"], "http://p:3128 HTTPS_PROXY"),
  ]

  @Test("the way a request takes", arguments: cases)
  func route(_ example: Case) throws {
    let route = try Route.of(example.url, environment: example.variables)
    let way =
      switch route {
      case .direct: "direct"
      case .exempt(_, let variable): "exempt \(variable)"
      case .proxied(let proxy): "\(proxy.address) \(proxy.variable ?? "-")"
      }
    #expect(way == example.way)
  }

  @Test func settingGoesBeforeVariables() throws {
    let variables = ["HTTPS_PROXY": Self.p]
    #expect(try Route.of("https://a/", setting: .direct, environment: variables) == .direct)
    let route = try Route.of("https://a/", setting: .url(Secret("http://user:word@q:1")), environment: variables)
    #expect(route.proxy?.address == "http://q:1")
    #expect(route.proxy?.variable == nil)
    #expect(!"\(route)\(String(reflecting: route))".contains("word"))
  }

  @Test func rubbishIsAnError() {
    #expect(throws: HTTPError.self) { try Route.of("https://a/", environment: ["HTTPS_PROXY": "ftp://p:1"]) }
    #expect(throws: HTTPError.self) { try Route.of("not a url", environment: [:]) }
  }
}
