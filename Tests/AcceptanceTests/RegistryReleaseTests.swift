import Foundation
import TestSupport
import Testing

/// What one release makes of a registry's answer and the next makes of it, against contract stubs.
@Suite struct RegistryReleaseTests {
  private static let portless = #"[{"Service": {"Service": "web", "Address": "10.0.0.1", "Port": 0}}]"#
  private static let nameless =
    #"[{"Node": {}}, {"Service": {"Service": "web", "Address": "10.0.0.2", "Port": 81}}]"#

  private func resolve(
    _ section: String, _ release: String, _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> Ended {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let text = "discovery: {\(section.replacingOccurrences(of: "URL", with: stub.url))}\n"
    let folder = try Folder(["config.yaml": text])
    return try gatecheck("resolve", "web", "--config", "config.yaml", "--apisix-version", release, in: folder.path)
  }

  @Test(arguments: [
    ("3.12.0", portless, "APISIX 3.13.0 has nodes of web from the same answer: 10.0.0.1:80"),
    ("3.13.0", portless, nil), ("3.17.0", nameless, "APISIX 3.18.0 has nodes of web from the same answer: 10.0.0.2:81"),
    ("3.18.0", nameless, nil),
  ]) func theReleaseThatMendsItIsNamed(_ release: String, _ instances: String, _ told: String?) throws {
    let ended = try resolve("consul: {servers: [\"URL\"]}", release) { asked in
      StubServer.Answer(
        headers: ["X-Consul-Index: 7"], body: asked.path == "/v1/catalog/services" ? #"{"web": []}"# : instances)
    }
    if let told {
      #expect(ended.output.contains("warning: \(told) [registry/mended-later]"), "\(ended.output)")
    } else {
      #expect(ended.status == 0 && !ended.output.contains("registry/"), "\(ended.output)")
    }
  }

  @Test(arguments: [("3.14.1", true), ("3.15.0", false)])
  func whatOneFailureTakesAway(_ release: String, _ isForgotten: Bool) throws {
    let ended = try resolve("nacos: {host: [\"URL\"]}", release) { _ in StubServer.Answer(status: 500, body: "busy") }
    #expect(ended.status == 1 && ended.output.contains("answers 500: busy"))
    #expect(ended.output.contains("[registry/forgets]") == isForgotten, "\(ended.output)")
    #expect(ended.output.contains("use APISIX 3.15.0 or newer") == isForgotten)
  }

  /// One of the servers is drawn for each fetch, so that each has a say.
  @Test(arguments: ["URL\", \"http://127.0.0.1:1", "http://127.0.0.1:1\", \"URL"], ["3.14.1", "3.15.0"])
  func oneOfSeveralServersFails(_ hosts: String, _ release: String) throws {
    let ended = try resolve("nacos: {host: [\"\(hosts)\"]}", release) { _ in
      StubServer.Answer(body: #"{"name": "web", "hosts": [{"ip": "10.0.0.1", "port": 80, "weight": 1}]}"#)
    }
    let draws = release == "3.14.1"
    #expect(ended.status == 0 && ended.output.contains("10.0.0.1"), "\(ended.output)")
    #expect(ended.output.contains("warning: nacos: 127.0.0.1:1 refused") == (draws || hosts.hasPrefix("http")))
    #expect(ended.output.contains("draws one of 2 servers for each fetch") == draws, "\(ended.output)")
  }

  /// The Lua error ends the reading before it writes anything, so that nothing is forgotten.
  @Test(arguments: [("3.4.1", true), ("3.5.0", false), ("3.14.1", false)])
  func whatCannotBeReadTakesNothingAway(_ release: String, _ fails: Bool) throws {
    let ended = try resolve("nacos: {host: [\"URL\"]}", release) { _ in StubServer.Answer(body: #"{"name": "web"}"#) }
    #expect(ended.status == 1 && ended.output.contains("cannot read what"), "\(ended.output)")
    #expect(!ended.output.contains("[registry/forgets]"), "\(ended.output)")
    #expect(ended.output.contains("gets 500: attempt to index upvalue 'applications' (a nil value)") == fails)
  }
}
