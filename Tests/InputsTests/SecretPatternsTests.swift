import TestSupport
import Testing

@testable import Inputs

@Suite struct SecretPatternsTests {
  static let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl-_c2ln"

  @Test(arguments: [
    ("a \(jwt) b", "a *** b"), ("${T:-\(jwt)}", "${T:-***}"), ("x?accessToken=\(jwt)&y=1", "x?accessToken=***&y=1"),
    ("!\(jwt)", "!***"), ("\"ZXlKaGJHY2lPaUpTVXpJMU5pSjkuZXk=\"", "\"***\""), ("eyJ and eyJshort", "eyJ and eyJshort"),
    ("'http://u:p@h/x' is", "'http://***@h/x' is"), ("http://u:Pa/ss#w?@h:1", "http://***@h:1"),
    ("http://a:b@c and http://d:e@f", "http://***@c and http://***@f"),
    ("http://h/?u=http://u:p@h", "http://h/?u=http://***@h"),
    ("at http://h/a@b", "at http://h/a@b"),
    ("{\"a\":\"http://h:80\",\"m\":\"a@b\"}", "{\"a\":\"http://h:80\",\"m\":\"a@b\"}"),
    ("http://***@h", "http://***@h"), ("http://u:***@h", "http://u:***@h"),
    ("http://${U}:${P}@h:1", "http://${U}:${P}@h:1"),
    ("write http://USER:PASSWORD@host:8848", "write http://USER:PASSWORD@host:8848"),
    ("addr=u:p@10.0.0.1:8848/x", "addr=***@10.0.0.1:8848/x"), ("u:p@q@h.example:80", "***@h.example:80"),
    ("oidc:jane@example.org", "oidc:jane@example.org"), ("system:admin@a:6443", "system:admin@a:6443"),
    ("image:1.2@sha256:12ab34", "image:1.2@sha256:12ab34"), ("git@host:22", "git@host:22"),
    ("?token=x&a=1", "?token=***&a=1"), ("&api_key=a#b", "&api_key=***#b"), ("?tokens=x", "?tokens=x"),
    ("Authorization: Bearer abcdefgh12345678 x", "Authorization: Bearer *** x"),
    ("a bearer token that", "a bearer token that"),
    ("Basic YWRtaW46eA==", "Basic ***"), ("Basic Information is", "Basic Information is"),
    (
      "-----BEGIN RSA PRIVATE KEY-----\nab\ncd\n-----END RSA PRIVATE KEY-----",
      "-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"
    ),
    ("-----BEGIN PRIVATE KEY-----\nab", "-----BEGIN PRIVATE KEY-----***"),
    ("-----BEGIN CERTIFICATE-----\nab", "-----BEGIN CERTIFICATE-----\nab"),
    ("token: abcdefgh1 password=x", "token: abcdefgh1 password=x"),
    ("port: 1 # admin password: q9VwZt3X", "port: 1 # admin password: ***"),
    ("a: 1 # password: hunter2", "a: 1 # password: ***"), ("a: 1 # token: see the wiki", "a: 1 # token: see the wiki"),
    ("a: 1 # was q9VwZt3Xk7Lm2Rb8Yc4N, once", "a: 1 # was ***, once"),
    ("# commit 9b1f3c2d4e5f60718293a4b5c6d7e8f901234567", "# commit 9b1f3c2d4e5f60718293a4b5c6d7e8f901234567"),
    ("# useEndpointSlicesOfVersion2InAll", "# useEndpointSlicesOfVersion2InAll"),
    ("host: n:Pa5s/w?d@n.example.com", "host: ***@n.example.com"), ("cc:john2@n.example.com", "cc:john2@n.example.com"),
    ("mailto:John1984@n.example.com", "mailto:John1984@n.example.com"),
    ("http://h/#id_token=x&a=1", "http://h/#id_token=***&a=1"),
    ("http://h/?a=1;token=x;b=2", "http://h/?a=1;token=***;b=2"),
    ("?token[]=x", "?token[]=***"), ("a;b=2", "a;b=2"), ("http://h/#tokens", "http://h/#tokens"),
    ("u:p@[::1]:8848", "***@[::1]:8848"), ("u:q9VwZt3Xk7Lm2Rb8@h", "***@h"), ("u:p1@h", "u:p1@h"), ("u:p@[x", "u:p@[x"),
    ("u:Pa55wordx@tcp(10.0.0.1:3306)/db", "***@tcp(10.0.0.1:3306)/db"),
    ("Authorization: Basic hunter2", "Authorization: Basic ***"),
    ("a: 1 # token: kfpuyzhkueonkbejsgndgk", "a: 1 # token: ***"),
    ("a: 1 # token: https://docs.example.com/how-to", "a: 1 # token: https://docs.example.com/how-to"),
    ("?customer_token=x", "?customer_token=***"), ("&sort-key=x", "&sort-key=x"), ("d/\(jwt).yaml", "d/***.yaml"),
  ])
  func secretsAreHiddenAndNothingElse(_ text: String, _ shown: String) {
    #expect(SecretPatterns.hidden(text) == shown)
  }

  /// What was given where a file, a command or a rule is named.
  @Test(arguments: [
    (jwt, "***"), ("q9VwZt3Xk7Lm2Rb8Yc4N", "***"), ("k7Qz.W2vX9pLm-R4tY8nBc5dFg6h", "***"), ("d/\(jwt)", "d/***"),
    ("kubeconfig-u-abcde:h8vj2lq7m4t9w3x6z5c1b8n2k7f4d9s6g3p1r5", "***"), ("config.yaml", "config.yaml"),
    ("apisix-7d9f8b6c5d-x2x4z", "apisix-7d9f8b6c5d-x2x4z"),
    ("MyConfigOfProduction2024Final", "MyConfigOfProduction2024Final"),
    ("q9VwZt3Xk7Lm2Rb8Yc4N.yaml", "q9VwZt3Xk7Lm2Rb8Yc4N.yaml"), ("/var/run/secrets/x1", "/var/run/secrets/x1"),
  ])
  func aTokenIsNoName(_ name: String, _ shown: String) { #expect(SecretPatterns.shownName(name) == shown) }

  @Test(arguments: [
    ("redis_password", true), ("sasl_password", true), ("customer_token", true), ("app_secret", true),
    ("secret_access_key", true), ("client_key", true), ("keyring", true), ("id_token", true), ("Authorization", true),
    ("passphrase", true), ("pwd", true), ("publicKey", false), ("existingSecret", false), ("tlsSecret", false),
    ("existingSecretPasswordKey", false), ("user_pw", true), ("pw", true), ("up", false), ("proxy_pass", false),
    ("secretName", false), ("token_file", false),
  ])
  func credentialsAreKnownByTheirLastWords(_ key: String, _ isOne: Bool) {
    #expect(CredentialName.isOne(key.utf8) == isOne)
  }

  @Test(arguments: [
    ("password=x, user=y", "password=***1, user=y"), (#"{"token":"a b","n":1}"#, #"{"token":"***1","n":1}"#),
    (#"{\"secret_key\": \"ab\"}"#, #"{\"secret_key\": \"***1\"}"#), ("X-API-KEY: edd1c9f034335f13", "X-API-KEY: ***1"),
    ("token: not found, password: is wrong", "token: not found, password: is wrong"),
    ("a http://u:p@h b http://v:q@h c http://u:p@h", "a http://***1@h b http://***2@h c http://***1@h"),
    ("password=${P}", "password=${P}"),
    ("failed to read token from file: /var/run/x1234567", "failed to read token from file: /var/run/x1234567"),
    // In a sentence, and where only its letters tell.
    ("bad token Zq8kLw2Rb9Yc4NtV given", "bad token ***1 given"), ("the password is hunter2", "the password is ***1"),
    ("unknown api key (c0ffee12-aaaa-bbbb-cccc-1234567890ab).", "unknown api key (***1)."),
    ("<token>Zq8kLw2Rb9Yc</token>", "<token>***1</token>"), ("as nacos/Zq8kLw2Rb9Yc4NtV3Xm7 at", "as nacos/***1 at"),
    ("token expired 2026/11/30 19:00:00", "token expired 2026/11/30 19:00:00"),
    ("token for node1 in /var/run/x1/token1234567", "token for node1 in /var/run/x1/token1234567"),
    ("secret default/apisix-token-x7k2p9q not found", "secret default/apisix-token-x7k2p9q not found"),
    ("cookie 10.0.0.1:8500 password 401 wrong", "cookie 10.0.0.1:8500 password 401 wrong"),
    ("id 8f14e45f-ceea-467f-9575-7d3b1f2f0c11 key", "id 8f14e45f-ceea-467f-9575-7d3b1f2f0c11 key"),
    ("KubernetesDiscoveryV1EndpointSliceList", "KubernetesDiscoveryV1EndpointSliceList"),
    // Headers whole, weak passwords, forms, tables of Lua, and what escapes its quotes.
    ("Authorization: Bearer short, context: x", "Authorization: ***1, context: x"),
    ("Cookie: a=b; session=me", "Cookie: ***1"), ("X-Consul-Token: weak", "X-Consul-Token: ***1"),
    ("password: hunter2", "password: ***1"), ("password: weak, context: x", "password: ***1, context: x"),
    (#"<input name="password" value="weak">"#, #"<input name="password" value="***1">"#),
    ("{ password = \"a b\", token = 'c d' }", "{ password = \"***1\", token = '***2' }"),
    (#"{"password":"a\"b\\","n":1}"#, #"{"password":"***1","n":1}"#),
    (#""{\"password\":\"a\\\"b\"}""#, #""{\"password\":\"***1\"}""#),
    // What clients send in a query, not what APISIX asks for.
    ("GET /a?code=x&id=7#y HTTP/1.1", "GET /a?code=***1&id=***2#y HTTP/1.1"),
    ("instance/list?serviceName=web&accessToken=x", "instance/list?serviceName=web&accessToken=***1"),
    ("GET /a;jsessionid=x HTTP/1.1", "GET /a;jsessionid=***1 HTTP/1.1"),
    // The login to Nacos, and URLs that the log cut off.
    (
      "nacos login fail:nacos a b:c desc:status = 403, password=a b",
      "nacos login fail:nacos ***1 desc:status = 403, password=***2"
    ),
    ("nacos login fail:nacos desc:status = 403", "nacos login fail:nacos desc:status = 403"),
    ("from http://nacos:hunt", "from http://nacos:***1"), ("from http://10.0.0.1:8848", "from http://10.0.0.1:8848"),
    ("from http://[::1]:8848", "from http://[::1]:8848"),
    // Objects in a line: the settings of plugins, and what a pattern refuses.
    (
      #"{"plugins":{"key-auth":{"key":"weak"},"ldap-auth":{"user_dn":"cn=x"}}}"#,
      #"{"plugins":{"key-auth":{"key":"***1"},"ldap-auth":{"user_dn":"cn=x"}}}"#
    ),
    (#"{\"key-auth\":{\"a\":{},\"key\":\"weak\"}}"#, #"{\"key-auth\":{\"a\":{},\"key\":\"***1\"}}"#),
    (
      #"{"csrf":{"key":"a b"},"limit-count":{"key":"remote_addr"}}"#,
      #"{"csrf":{"key":"***1"},"limit-count":{"key":"remote_addr"}}"#
    ),
    (#"{["Authorization"]="weak"}"#, #"{["Authorization"]="***1"}"#), (#"token: [["weak"]]"#, #"token: [["***1"]]"#),
    (#"{"auth_header":"Basic weak"}"#, #"{"auth_header":"***1"}"#),
    (#"{"token":{"value":"weak","n":1},"id":2}"#, #"{"token":{***1},"id":2}"#),
    (
      #"property "key" validation failed: failed to match pattern "^[a-z]+$" with "weak1", context: x"#,
      #"property "key" validation failed: failed to match pattern "^[a-z]+$" with "***1", context: x"#
    ),
    (
      #"property "uri" validation failed: failed to match pattern "^/" with "a""#,
      #"property "uri" validation failed: failed to match pattern "^/" with "a""#
    ),
  ])
  func equalSecretsOfALogHaveEqualNames(_ line: String, _ shown: String) {
    var names = SecretNames()
    #expect(names.hidden(line) == shown)
    // What is hidden is not hidden again.
    #expect(SecretPatterns.hidden(shown) == shown)
  }

  /// A template is no credential; a text that is written into one may be.
  @Test(arguments: [
    ("{{token}}", true), ("{{ .Values.discovery.token }}", true), ("[token]", true), ("[your-token here]", true),
    ("[\"eyJhbGciOi.e30.c2ln\"]", false), ("[a1 b2]", false), ("<token>", true),
    ("<%= ENV[\"X\"] || \"mK7pQ2vT9xW4zB6d\" %>", false),
    ("{{ \"mK7pQ2vT9xW4zB6d\" }}", false), ("{{ 'mK7pQ2vT9xW4zB6d' | b64enc }}", false), ("{token}", false),
    ("[token", false), ("{{token", false),
  ])
  func whatNobodyFilledIn(_ text: String, _ isUnfilled: Bool) {
    #expect(SecretPatterns.isUnfilled(text) == isUnfilled)
  }

  /// What was made to be slow: four times as long takes about four times as long, not sixteen times.
  @Test(arguments: [
    "@", "://", "a:@", "://a/", "?", "token=", "eyJ", "-----BEGIN PRIVATE KEY-----", "x:y@z:80", "Basic a",
    "token='", "password = \\", "nacos login fail:a ", "?a=", "http://a:",
    "password=a b ", "&password=a b", "password: a b c d e f g ", "\"key\":\"", "{\"key\":", "\"token\":{\"",
    "\" validation failed: failed to match pattern \"", ";token=", "#token=x", "?token[]=", "u:p@[::", "token: [",
    "[\"token\"]=", "Authorization: Basic a", "k", "-w", "token ", "token (", "token-", "api key ", "aB3$",
  ])
  func noTextTakesLong(_ piece: String) {
    func time(_ size: Int) -> Double {
      let long = String(repeating: piece, count: size / piece.utf8.count) + "***@h:80"
      let began = processorTime
      _ = SecretPatterns.hidden(long)
      var names = SecretNames()
      _ = names.hidden(long)
      return processorTime - began
    }
    /// The least of three, as a machine that is busy makes one long.
    func least(_ size: Int) -> Double { (0..<3).map { _ in time(size) }.min() ?? 0 }
    #expect(least(40_000) / least(10_000) < 9)
  }

  /// Whatever stands in whatever: what is hidden stands in order and without overlap, or nothing could be shown.
  @Test func placesNeverOverlap() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0"
    let pieces = [
      jwt, "http://", "://", "u:", "@", "@h.example", "?token=a", "&", "&token=", "Bearer ", " ", "#", ":", "=", "'",
      "password=", "a9Z", "-", "/", ",", "\"",
    ]
    var state: UInt64 = 7
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<14 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      for keys in [false, true] {
        let ranges = text.withUTF8 { SecretPatterns.ranges(in: $0, keys: keys) }
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "\(text): \(ranges)")
      }
    }
  }
}
