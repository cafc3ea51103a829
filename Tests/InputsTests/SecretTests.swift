import Inputs
import Testing

@Suite struct SecretTests {
  /// As a page, as Go's JSON, with small digits; and what was taken out of a URL as it stands for.
  @Test(arguments: [
    "a<b&c'd", "a&lt;b&amp;c&#39;d", "a\\u003cb\\u0026c\\u0027d", "a%3cb%26c%27d", "a%3Cb%26c%27d",
    "a&lt;b&amp;c&#x27;d",
  ])
  func inEachForm(_ form: String) {
    for secret in ["a<b&c'd", "a%3Cb&c%27d"] {
      #expect(Secret.redacted([Secret(secret)], in: "x \(secret) y") == "x *** y")
    }
    #expect(Secret.redacted([Secret("a<b&c'd")], in: "bad \(form) given") == "bad *** given")
  }

  @Test func asItStandsForInAURL() {
    #expect(Secret.redacted([Secret("p%40ss%21word")], in: "bad p@ss!word, p%40ss%21word") == "bad ***, ***")
  }

  @Test(arguments: [
    (#"x p@ss"word y"#, "x *** y"), ("x=p%40ss%22word&y", "x=***&y"), ("Basic cEBzcyJ3b3Jk.", "Basic ***."),
    (#"{"password":"p@ss\"word"}"#, #"{"password":"***"}"#), ("apisix:p@ss\"word", "***"), ("abc", "abc"),
  ])
  func whatAServerSaysAgainIsHidden(_ said: String, _ shown: String) {
    let secrets = [#"p@ss"word"#, #"apisix:p@ss"word"#, "abc"].map { Secret($0) }
    #expect(Secret.redacted(secrets, in: said) == shown)
  }
}
