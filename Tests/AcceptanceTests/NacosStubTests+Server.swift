import Foundation
import TestSupport
import Testing

/// What the server itself is, or is not.
extension NacosStubTests {
  @Test func whatIsGone() throws {
    let stub = try NacosStub { $0.dialect = .third("3.2.1") }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/nacos-api-removed", "this is Nacos 3.2.1", "nacos-api-legacy-adapter")
    stub.with { state in
      state.dialect = .third("3.0.3")
      state.faults["/nacos/v1/ns/instance/list"] = .init(
        status: 410, body: #"{"message":"Current API will be deprecated"}"#)
    }
    expect(
      try resolve(stub), "registry/nacos-api-off", "Current API will be deprecated",
      "nacos.core.api.compatibility.client.enabled=true")
  }

  @Test func anotherPrefix() throws {
    let stub = try NacosStub { $0.instances = [.init()] }
    defer { stub.stop() }
    expect(
      try resolve(stub, more: ", prefix: /v1/"), "registry/nacos-prefix", "write discovery.nacos.prefix: /nacos/v1/")
    expect(
      try resolve(stub, more: ", prefix: /nacos/v1/nacos/v1/"), "registry/nacos-prefix",
      "write discovery.nacos.prefix: /nacos/v1/")
    expect(
      try resolve(stub, more: ", prefix: nacos/v1/"), "registry/prefix-slash", "nacos/v1/: discovery.nacos.prefix",
      "write prefix: /nacos/v1/")
    stub.with { $0.base = "/v1/" }
    expect(try resolve(stub), "registry/nacos-prefix", "write discovery.nacos.prefix: /v1/")
    stub.with { $0.base = "/other/" }
    expect(try resolve(stub), "registry/not-found", "8848")
  }

  @Test func anotherPort() throws {
    let console = try StubServer { asked in
      asked.path == "/v3/console/server/state"
        ? .init(body: #"{"version":"3.0.3"}"#)
        : .init(type: "text/html", body: "<!DOCTYPE html><html><title>Nacos</title></html>")
    }
    defer { console.stop() }
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(console.url)\"]}}\n"])
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    expect(ended, "registry/nacos-port", "the console of Nacos 3.0.3", "http://127.0.0.1:8848")
  }

  /// The settings and the farewell of HTTP/2, as a gRPC server answers whoever speaks HTTP/1.1.
  @Test func theGRPCPort() throws {
    let frames: [UInt8] = [
      0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0x10, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    ]
    let stub = try NacosStub { $0.instances = [.init()] }
    defer { stub.stop() }
    guard stub.server.port < 64000,
      let gRPC = try? StubServer(port: stub.server.port + 1000, { _ in .init(recorded: frames) })
    else { return }
    defer { gRPC.stop() }
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(gRPC.url)\"]}}\n"])
    let ended = try gatecheck("resolve", "web", "--config", "config.yaml", in: folder.path)
    #expect(ended.output.contains("[registry/nacos-port]"), "\(ended.output)")
    #expect(ended.output.contains("write the port of its HTTP API: http://127.0.0.1:\(stub.server.port)"))
  }

  @Test func whatStartsOrIsAnother() throws {
    let stub = try NacosStub { state in
      state.fault = .init(status: 503, type: "text/plain", body: "server is STARTINGnow, please try again later!")
    }
    defer { stub.stop() }
    expect(try resolve(stub), "registry/nacos-starting", "server is STARTINGnow", "wait until Nacos has started")
    stub.with { $0.fault = .init(type: "text/html", body: "<html><form>log in</form></html>") }
    expect(try resolve(stub), "registry/not-json", "something else than JSON")
    stub.with { $0.fault = .init(status: 302, headers: ["Location: https://sso.example.org/login?state=Zq7Wx9Lm2Rt5"]) }
    expect(
      try resolve(stub), "registry/redirect", "302: a redirect to https://sso.example.org/login, which APISIX does not")
    stub.with { $0.fault = .init(headers: ["Content-Encoding: deflate"], body: "x") }
    let packed = try resolve(stub)
    #expect(packed.status != 0, "\(packed.output)")
  }

  @Test func aBlankInTheName() throws {
    let stub = try NacosStub { $0.instances = [.init()] }
    defer { stub.stop() }
    expect(try resolve(stub, "web "), "registry/nacos-blank", "APISIX does not ask for \"web \"", "service_name: web")
    #expect(stub.server.asked.isEmpty)
  }

  @Test func nothingAtAll() throws {
    let stub = try NacosStub()
    defer { stub.stop() }
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(stub.server.url)\"]}}\n"])
    let verify = ["registry", "verify", "--config", "config.yaml"]
    expect(try gatecheck(verify, in: folder.path), "registry/empty", "has no service in any of 1 namespace")
    stub.with { $0.instances = [.init { $0.group = "PROD" }] }
    let ended = try gatecheck(verify, in: folder.path)
    #expect(ended.status == 0 && ended.output.contains("APISIX may read it"), "\(ended.output)")
  }
}
