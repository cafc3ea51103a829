import Testing

@testable import Inputs

@Suite struct URLTextTests {
  @Test(arguments: [
    ("http://u:p@h:80/x", "u:p", "h", "80", "/x"), ("http://u:Pa/ss@h:80/x", "u:Pa/ss", "h", "80", "/x"),
    ("http://u:a?b#c@h/x", "u:a?b#c", "h", nil, "/x"), ("https://u:p@q@[::1]:6443", "u:p@q", "[::1]", "6443", ""),
    ("u:p@h:80", "u:p", "h", "80", ""), ("http://t@h", "t", "h", nil, ""), ("http://:x@h", ":x", "h", nil, ""),
    ("http://u:1234/5@h", "u:1234/5", "h", nil, ""), ("http://@h", "", "h", nil, ""),
    // Certainly no password: no colon before the slash, or an address with a port.
    ("http://h/a@b", nil, "h", nil, "/a@b"), ("http://10.0.0.1:8500/a@b", nil, "10.0.0.1", "8500", "/a@b"),
    ("http://[::1]:8500/a@b", nil, "[::1]", "8500", "/a@b"), ("http://localhost:1/a@b", nil, "localhost", "1", "/a@b"),
    ("http://10.0.0.1:x/a@b", "10.0.0.1:x/a", "b", nil, ""), ("h:1", nil, "h", "1", ""), ("h", nil, "h", nil, ""),
    ("http://h?x#y", nil, "h", nil, "?x#y"), ("", nil, "", nil, ""), ("a/b:c@d", nil, "a", nil, "/b:c@d"),
  ])
  func theLastAtEndsTheUser(_ text: String, _ user: String?, _ host: String, _ port: String?, _ path: String) {
    let url = URLText(text)
    #expect(url.userInfo == user)
    #expect((url.host, url.port, url.path) == (host, port, path))
    #expect(url.text() == text)
    #expect(url.shown.contains("***@") == (user != nil))
    #expect(url.withoutUser == (user.map { text.replacing($0 + "@", with: "") } ?? text))
  }

  @Test func credentialsAreDecoded() {
    let url = URLText("http://root:Pa%2Fss%zz@h")
    #expect(url.credentials?.user == "root")
    #expect(url.credentials?.password == "Pa/ss%zz")
    #expect(URLText("http://t@h").credentials?.password == nil)
    #expect(URLText("http://h").credentials == nil)
    #expect(URLText("http://root:Pa/ss@h").isReadDifferently)
    #expect(!URLText("http://root:Pass@h/x").isReadDifferently)
  }
}
