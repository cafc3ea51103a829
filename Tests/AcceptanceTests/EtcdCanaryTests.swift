import Foundation
import TestSupport
import Testing

/// No piece of etcd's password, of the token that it gives for it, or of the key of a client certificate comes out of a
/// command that asks etcd: it is a stub that sends back what it was sent, in every place of an answer.
@Suite struct EtcdCanaryTests {
  enum Echo: String, CaseIterable, Sendable {
    case login, message, plain, cut, encoded, header, redirect, page, version, role, key, name, prefix, form, late
  }

  static let password = Canary("etcd's password", "k7Qz.W2vX9pLm-R4tY8nBc5dFg6hJs3aQeU1oI0rTzV")
  /// In the form of etcd's own.
  static let token = Canary("etcd's token", "ZLWbPFMAqDkHNwXu.7312094")
  static let key = Canary("a private key", "MC4CAQAwBQYDK2VwBCIEIPq0t8Zc5vX2LrJm9WkYd3Hs7Nb")
  static let all = [password, token, key]

  /// Each way to name the credential, `HOST` for 127.0.0.1:PORT.
  static let settings = [
    #"{host: ["http://HOST"], user: apisix, password: "SECRET", tls: {cert: /etc/etcd.crt, key: "KEY"}}"#,
    #"{host: ["http://HOST"], user: apisix, password: "${{ETCD_PASSWORD:=SECRET}}", tls: {cert: "KEY", key: "KEY"}}"#,
    #"{host: ["http://apisix:SECRET@HOST"]}"#,
    #"{host: ["http://apisix:SECRET@HOST"], user: apisix, password: SECRET}"#,
  ]

  static func filled(_ text: String, _ stub: StubServer) -> String {
    let pem = #"-----BEGIN PRIVATE KEY-----\n\#(key.text)\n-----END PRIVATE KEY-----\n"#
    return [("HOST", "127.0.0.1:\(stub.port)"), ("SECRET", password.text), ("KEY", pem)].reduce(text) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
  }

  private static func refusal(_ status: Int, _ text: String) -> StubServer.Answer {
    let text = text.replacingOccurrences(of: "\"", with: "\\\"")
    return StubServer.Answer(status: status, body: #"{"error": "\#(text)", "message": "\#(text)", "code": 16}"#)
  }

  /// One entry of a range.
  private static func range(_ key: String, _ value: String = "") -> StubServer.Answer {
    let entry = #"{"key": "\#(Canary.base64(key))", "value": "\#(Canary.base64(value))"}"#
    return StubServer.Answer(body: #"{"header": {"revision": "7"}, "kvs": [\#(entry)], "count": "1"}"#)
  }

  static func answer(_ asked: StubServer.Asked, _ echo: Echo) -> StubServer.Answer {
    // It knows no token that it did not give.
    let (secret, given, token) = (password.text, token.text, asked.authorization ?? "none")
    let sent = "\(asked.body) Authorization: \(token)"
    let name = #"{"service_name": "default/\#(echo == .name ? token : "web"):http", "discovery_type": "kubernetes"}"#
    if asked.path == "/version", ![.header, .redirect, .page].contains(echo) {
      let version = echo == .version ? secret : "3.5.16"
      return StubServer.Answer(body: #"{"etcdserver": "\#(version)", "etcdcluster": "3.5.0"}"#)
    }
    if asked.path.hasSuffix("authenticate"), echo != .login {
      return StubServer.Answer(body: #"{"header": {}, "token": "\#(given)"}"#)
    }
    switch echo {
    case .login: return refusal(400, "etcdserver: authentication failed, invalid user ID or password: \(sent)")
    case .message: return refusal(401, "etcdserver: invalid auth token \(token): \(sent)")
    case .plain: return StubServer.Answer(status: 500, type: "text/plain", body: "\(sent) \(token) \(secret)")
    case .cut:
      let text = String(repeating: "x", count: 185)
      return StubServer.Answer(
        status: 500, type: "text/plain", body: "\(text)\(asked.path.count % 2 == 0 ? token : secret)")
    case .encoded:
      let forms = [token, secret].map { "\(Canary.base64($0)) \($0.dropLast(5))" }
      return refusal(403, "etcdserver: permission denied: \(forms) \(Canary.base64("apisix:" + secret))")
    case .header:
      return StubServer.Answer(status: 503, type: "text/html; \(secret)", headers: ["Server: \(sent)"], body: token)
    case .redirect:
      return StubServer.Answer(status: 302, headers: ["Location: http://apisix:\(secret)@127.0.0.1:1/\(token)"])
    case .page: return StubServer.Answer(type: "text/html", body: "<html>\(sent) \(token) \(secret)</html>")
    case .role:
      if asked.path.hasSuffix("user/get") { return StubServer.Answer(body: #"{"roles": ["\#(token)", "\#(secret)"]}"#) }
      if asked.path.hasSuffix("role/get") { return StubServer.Answer(body: #"{"perm": [{"key": "YQ=="}]}"#) }
      return range("/apisix/routes/1", name)
    case .key: return range("/apisix/upstreams/\(secret)-\(token)", name)
    case .name, .version: return range("/apisix/upstreams/1", name)
    case .prefix:
      return asked.body.contains("AA==")
        ? range("/\(secret)/\(token)/routes/1") : StubServer.Answer(body: #"{"header": {}}"#)
    case .form:
      return StubServer.Answer(body: #"{"\#(secret)": ["\#(token)"], "header": "\#(token)", "kvs": "\#(secret)"}"#)
    case .late: return StubServer.Answer(body: #"{"header": {}, "kvs": [{"key": "\#(token)\#(secret)"#)
    }
  }

  @Test(arguments: Echo.allCases) func whateverEtcdAnswers(_ echo: Echo) throws {
    let stub = try StubServer { Self.answer($0, echo) }
    defer { stub.stop() }
    let offline = ["--from", "endpoints.json"]
    func look(_ calls: [[String]], _ settings: String) throws {
      let files = [
        "config.yaml": "deployment: {etcd: \(Self.filled(settings, stub))}\n",
        "endpoints.json": #"{"kind": "EndpointsList", "items": []}"#, "upstreams.json": "{}",
      ]
      for call in calls { try Canary.expectNone(of: Self.all, by: call, in: files, "\(echo), \(settings)") }
    }
    for settings in Self.settings {
      let inventory = ["--etcd", "--config", "config.yaml", "--referenced", "upstreams.json"] + offline
      try look([Canary.verify(["--config", "config.yaml"])] + Canary.resolve(inventory), settings)
    }
    try look(Canary.resolve([Self.filled("--etcd=http://apisix:SECRET@HOST", stub)] + offline), "{}")
    #expect(!stub.asked.isEmpty)
  }
}
