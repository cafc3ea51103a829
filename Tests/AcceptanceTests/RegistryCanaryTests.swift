import Findings
import Foundation
import TestSupport
import Testing

/// No piece of a credential comes out of a command that asks a registry, whatever it answers: it is a stub that sends
/// back what it was sent, in each form in which it was, in every place of an answer. Nor does one that an instance has
/// in its metadata.
@Suite struct RegistryCanaryTests {
  enum Echo: String, CaseIterable, Sendable {
    case message, plain, encoded, header, redirect, page, name, address, metadata, check, form, late, session
  }

  private static let canary = CanaryTests.opaque
  /// What an instance has, of which nobody told gatecheck.
  private static let foreign = Canary("an instance's own token", "Zt5rQ8wLx2Nc7VbHk4Gd9PsJm3Fy")
  /// What Nacos gives who logs in.
  private static let session = Canary("the token of a login", "Hn3.vKq8TzLb5XwRc2YdMf7Gp9SjA4Ue")

  /// The section of each registry with a credential, and the name that is asked for.
  private static let registries: [(name: String, section: String, service: String)] = {
    let secret = canary.text
    return [
      ("nacos", #"{host: ["http://apisix:\#(secret)@127.0.0.1:PORT"]}"#, "orders"),
      ("nacos", #"{host: ["http://127.0.0.1:PORT"], access_key: apisix, secret_key: "\#(secret)"}"#, "orders"),
      ("consul", #"{servers: ["http://127.0.0.1:PORT"], token: "\#(secret)"}"#, "orders"),
      (
        "consul_kv", #"{servers: ["http://127.0.0.1:PORT"], token: "\#(secret)"}"#,
        "http://127.0.0.1:PORT/v1/kv/upstreams/orders/"
      ),
      ("eureka", #"{host: ["http://apisix:\#(secret)@127.0.0.1:PORT"]}"#, "ORDERS"),
    ]
  }()

  /// What the stub answers in the place of what a registry would.
  private static func answer(_ asked: StubServer.Asked, _ echo: Echo) -> StubServer.Answer {
    let secret = canary.text
    let pair = "apisix:\(secret)"
    let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret
    if asked.target.contains("auth/login"), ![.message, .plain].contains(echo) {
      return StubServer.Answer(body: #"{"accessToken": "\#(session.text)", "tokenTtl": 18000}"#)
    }
    switch echo {
    case .message:
      return StubServer.Answer(status: 403, body: #"{"message": "\#(asked.target) \#(pair) is not allowed"}"#)
    case .plain:
      return StubServer.Answer(status: 500, type: "text/plain", body: "near \(secret.dropFirst(5)) \(secret)")
    case .encoded:
      return StubServer.Answer(status: 401, body: "\(encoded) \(Canary.base64(secret)) \(Canary.base64(pair))")
    case .header:
      return StubServer.Answer(status: 503, type: "text/html; \(secret)", headers: ["Server: \(secret)"], body: "")
    case .redirect:
      return StubServer.Answer(status: 302, headers: ["Location: http://\(pair)@127.0.0.1:1/\(secret)?token=\(secret)"])
    case .page: return StubServer.Answer(type: "text/html", body: "<html><body>\(secret)</body></html>")
    case .form: return StubServer.Answer(body: #"{"\#(secret)": ["\#(secret)"]}"#)
    case .session:
      guard asked.target.contains(session.text) else { return StubServer.Answer(status: 403) }
      let text = "\(asked.target): \(session.text), \(session.text.dropLast(6)), \(Canary.base64(session.text))"
      return StubServer.Answer(status: 403, body: #"{"message": "\#(text)"}"#)
    case .late: return StubServer.Answer(body: #"{"hosts": [{"ip": "\#(secret)"#)
    case .name, .address, .metadata, .check: return StubServer.Answer(body: body(asked, echo))
    }
  }

  private static func body(_ asked: StubServer.Asked, _ echo: Echo) -> String {
    let secret = canary.text
    let service = echo == .name ? secret : "orders"
    let host = echo == .address ? secret : "10.0.0.5"
    let metadata = #"{"password": "\#(echo == .metadata ? secret : "")", "apiToken": "\#(foreign.text)"}"#
    let output = echo == .check ? "GET http://apisix:\(secret)@10.0.0.5/health: 401, token=\(secret)" : ""
    switch asked.path {
    case "/v1/catalog/services": return #"{"\#(service)": [], "orders-2": []}"#
    case let path where path.hasPrefix("/v1/health"):
      if asked.target.contains("passing"), echo == .check { return "[]" }
      return #"""
        [{"Node": {"Node": "n1", "Address": "\#(host)", "Meta": \#(metadata)}, "Checks": [
          {"Node": "n1", "Name": "http", "Status": "critical", "Output": "\#(output)"}],
          "Service": {"Service": "\#(service)", "Address": "\#(host)", "Port": 80, "Meta": \#(metadata)}}]
        """#
    case let path where path.hasPrefix("/v1/kv"):
      let value = Canary.base64(#"{"weight": 1, "password": "\#(foreign.text)"}"#)
      return #"[{"Key": "upstreams/orders/\#(host):80", "Value": "\#(value)"}]"#
    case let path where path.hasSuffix("apps") || path.contains("/apps"):
      return #"""
        {"applications": {"application": [{"name": "\#(service.uppercased())", "instance": [
          {"ipAddr": "\#(host)", "hostName": "\#(host)", "status": "UP", "port": {"$": 80, "@enabled": "true"},
           "metadata": \#(metadata)}]}]}}
        """#
    default:
      return #"""
        {"name": "DEFAULT_GROUP@@\#(service)", "doms": ["\#(service)"], "count": 1, "hosts": [
          {"ip": "\#(host)", "port": 80, "weight": 1.0, "healthy": true, "enabled": true, "metadata": \#(metadata)}]}
        """#
    }
  }

  @Test(arguments: Echo.allCases) func whateverTheRegistryAnswers(_ echo: Echo) throws {
    let stub = try StubServer { Self.answer($0, echo) }
    defer { stub.stop() }
    func filled(_ text: String) -> String { text.replacingOccurrences(of: "PORT", with: "\(stub.port)") }
    for registry in Self.registries {
      let service = filled(registry.service)
      let upstream = #"{"service_name": "\#(service)", "discovery_type": "\#(registry.name)"}"#
      let files = [
        "config.yaml": "discovery: {\(registry.name): \(filled(registry.section))}\n",
        "upstreams.json": #"{"upstreams": [\#(upstream)]}"#,
      ]
      let calls =
        [Canary.verify(["--config", "config.yaml"])]
        + Canary.resolve([service, "--config", "config.yaml"], ofOne: true)
        + Canary.resolve(["--all", "--config", "config.yaml"])
        + Canary.resolve(["--referenced", "upstreams.json", "--config", "config.yaml"])
      for call in calls {
        try Canary.expectNone(
          of: [Self.canary, Self.foreign, Self.session], by: call, in: files, "\(echo), \(registry.name)")
      }
    }
    #expect(!stub.asked.isEmpty)
  }
}
