import Inputs
import Testing

@Suite struct SecretTests {
  @Test(arguments: [
    (#"x p@ss"word y"#, "x *** y"), ("x=p%40ss%22word&y", "x=***&y"), ("Basic cEBzcyJ3b3Jk.", "Basic ***."),
    (#"{"password":"p@ss\"word"}"#, #"{"password":"***"}"#), ("apisix:p@ss\"word", "***"), ("abc", "abc"),
  ])
  func whatAServerSaysAgainIsHidden(_ said: String, _ shown: String) {
    let secrets = [#"p@ss"word"#, #"apisix:p@ss"word"#, "abc"].map { Secret($0) }
    #expect(Secret.redacted(secrets, in: said) == shown)
  }
}
