import Testing

@testable import Inputs

/// Passwords that people think up have blanks; what a sentence says of a password is none.
@Suite struct PasswordPhraseTests {
  private func expect(_ line: String, _ shown: String, _ place: SourceLocation = #_sourceLocation) {
    var names = SecretNames()
    #expect(names.hidden(line) == shown, sourceLocation: place)
  }

  @Test(arguments: [
    ("login failed, password=correct horse battery", "login failed, password=***1"),
    ("login failed, password=correct horse battery\nstack traceback:", "login failed, password=***1\nstack traceback:"),
    ("password: my pass word, client: 10.0.0.1, server: _", "password: ***1, client: 10.0.0.1, server: _"),
    ("err:password=correct horse battery, context: ngx.timer", "err:password=***1, context: ngx.timer"),
    ("{user=nacos, password=correct horse battery, age=3}", "{user=nacos, password=***1, age=3}"),
    ("(user: nacos, password: my pass word)", "(user: nacos, password: ***1)"),
    ("[password: my pass word] refused", "[password: ***1] refused"),
    ("sent username=nacos&password=correct horse battery&x=1", "sent username=nacos&password=***1&x=***2"),
    ("password=correct horse battery user=nacos", "password=***1 user=nacos"),
    ("redis_password = correct horse battery; db=2", "redis_password = ***1; db=2"),
    ("Uid=sa;Pwd=correct horse battery;Timeout=5", "Uid=sa;Pwd=***1;Timeout=5"),
    ("key_passphrase: correct horse battery", "key_passphrase: ***1"),
    ("password=tr0ub4dor &3 7, client: 10.0.0.1", "password=***1 &3 7, client: 10.0.0.1"),
    ("password: hunter2 and so on", "password: ***1 and so on"),
    (#"{"body":"password=correct horse battery\nHost: a"}"#, #"{"body":"password=***1\nHost: a"}"#),
  ])
  func allOfItIsHidden(_ line: String, _ shown: String) { expect(line, shown) }

  /// Of what a sentence says of it, the password alone; of a sentence without one, nothing.
  @Test(arguments: [
    ("password=hunter2 is wrong", "password=***1 is wrong"),
    ("password=hunter2 for user nacos", "password=***1 for user nacos"),
    ("password=hunter2 rejected: try again", "password=***1 rejected: try again"),
    ("password=hunter2 from 10.0.0.1:8848", "password=***1 from 10.0.0.1:8848"),
    ("password=hunter2 10.0.0.1:8848", "password=***1 10.0.0.1:8848"),
    ("password=hunter2 (code 3)", "password=***1 (code 3)"),
    ("password=hunter2 - gave up", "password=***1 - gave up"),
    ("password=hunter2 [error] 41#41", "password=***1 [error] 41#41"),
    ("password=hunter2 /var/run/x", "password=***1 /var/run/x"),
    (
      "\"GET /login?user=n&password=hunter2 HTTP/1.1\", host: \"h\"",
      "\"GET /login?user=***1&password=***2 HTTP/1.1\", host: \"h\""
    ),
    (
      "GET http://h/login?user=n&password=hunter2 answered twice",
      "GET http://h/login?user=***1&password=***2 answered twice"
    ),
    ("token=abc expired long ago", "token=***1 expired long ago"),
    ("secret=abc battery horse", "secret=***1 battery horse"),
    ("password=${P} battery horse", "password=${P} battery horse"),
    ("password=*** battery horse", "password=*** battery horse"),
  ])
  func theSentenceBehindItStays(_ line: String, _ shown: String) { expect(line, shown) }

  @Test(arguments: [
    "password is wrong", "invalid password for user nacos", "token expired", "password: is wrong",
    "password: is wrong, client: 10.0.0.1, server: _", "password: must not be blank, name: is required",
    "{password: should match the pattern, age: too small}", "password: wrong type: expected string, got number",
    "password: expected string, got nil", "password: string too short, expected at least 8, got 3",
    "Enter password: connection closed by 10.0.0.1 port 22", "admin_password: not set, using the one of config.yaml",
    "wrong password: user nacos is locked", "password: authentication failed for user \"nacos\"",
    "invalid username or password, context: ngx.timer", "property \"password\" validation failed: wrong type",
    "failed to decode password: Invalid UTF-8 in string", "passphrase: required but missing",
    "WRONGPASS invalid username-password pair or user is disabled.", "password: field has an unknown format",
  ])
  func aSentenceHasNone(_ line: String) { expect(line, line) }
}
