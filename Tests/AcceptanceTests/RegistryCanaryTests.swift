import Findings
import Foundation
import TestSupport
import Testing

/// No piece of a credential comes out of a command that asks a registry, whatever it answers: it is a stub that sends
/// back what it was sent, in each form in which it was, in every place of an answer. Nor does one that an instance has
/// in its metadata.
@Suite struct RegistryCanaryTests {
  enum Echo: String, CaseIterable, Sendable {
    case message, plain, encoded, header, redirect, page, name, address, metadata, check, form, late
  }

  private static let canary = CanaryTests.opaque

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
      return StubServer.Answer(body: #"{"accessToken": "\#(secret)", "tokenTtl": 18000}"#)
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
    case .late: return StubServer.Answer(body: #"{"hosts": [{"ip": "\#(secret)"#)
    case .name, .address, .metadata, .check: return StubServer.Answer(body: body(asked, echo))
    }
  }

  private static func body(_ asked: StubServer.Asked, _ echo: Echo) -> String {
    let secret = canary.text
    let service = echo == .name ? secret : "orders"
    let host = echo == .address ? secret : "10.0.0.5"
    let metadata = #"{"password": "\#(echo == .metadata ? secret : "")", "apiToken": "\#(secret)"}"#
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
      let value = Canary.base64(#"{"weight": 1, "password": "\#(secret)"}"#)
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
    let port = "\(stub.port)"
    let formats = OutputFormat.allCases.map(\.rawValue).filter { $0 != "text" }
    for registry in Self.registries {
      let section = registry.section.replacingOccurrences(of: "PORT", with: port)
      let service = registry.service.replacingOccurrences(of: "PORT", with: port)
      let resolve = ["resolve", service, "--config", "config.yaml", "-v", "--timeout", "20"]
      let files = formats.flatMap { ["-o", "\($0)=written.\($0)"] }
      let calls =
        [["registry", "verify", "--config", "config.yaml", "-v", "-o", "text"] + files]
        + ["table", "json", "yaml", "apisix", "hosts"].map { resolve + ["-o", $0] }
        + formats.filter { $0 != "json" }.map { resolve + ["-o", $0] }
      for arguments in calls {
        let folder = try Folder(["config.yaml": "discovery: {\(registry.name): \(section)}\n"])
        let ended = try gatecheck(arguments, in: folder.path)
        let what = "\(echo), \(registry.name): gatecheck \(arguments.joined(separator: " "))"
        #expect((0...3).contains(ended.status), "\(what) ends with \(ended.status): \(ended.errors)")
        Self.canary.expectAbsent(ended.output, what)
        Self.canary.expectAbsent(ended.errors, what + " (standard error)")
        for name in folder.names() where name != "config.yaml" {
          Self.canary.expectAbsent(try folder.read(name), "\(what) in \(name)")
        }
      }
    }
    #expect(!stub.asked.isEmpty)
  }
}
