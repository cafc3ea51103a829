import Foundation
import TestSupport
import Testing

/// A Python that has them; nil where they cannot be had.
private enum Writers {
  static let python: String? = {
    let ended = try? execute(Checkout.path("Tests/servers/writers.sh"), [])
    guard let ended, ended.status == 0 else { return nil }
    return ended.output.trimmingCharacters(in: .whitespacesAndNewlines) + "/python3"
  }()
}

/// Clients that others wrote register at the contract stubs, and gatecheck finds what they registered.
@Suite(
  .enabled(
    if: Writers.python != nil,
    "nacos-sdk-python and py-eureka-client cannot be had: Tests/servers/writers.sh"
  )
)
struct RegistryWriterTests {
  private func run(_ script: String, _ url: String) throws {
    let ended = try execute(Writers.python ?? "", ["-c", script, url])
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
  }

  @Test func nacosSDKPython() throws {
    let stub = try NacosStub()
    defer { stub.stop() }
    // It proves who it is with the list and the heartbeat, and not when it registers.
    try run(
      """
      import sys, nacos
      client = nacos.NacosClient(sys.argv[1], namespace="public")
      client.add_naming_instance("plat-dev", "10.5.10.109", 3306, weight=2, metadata={"zone": "a"})
      client.add_naming_instance("plat-dev", "10.5.10.110", 3306, group_name="PROD")
      client.send_heartbeat("plat-dev", "10.5.10.109", 3306)
      """, stub.server.url)
    stub.with { $0.users = [(name: "nacos", password: "Zq7Wx9Lm2Rt5")] }
    let host = "http://nacos:Zq7Wx9Lm2Rt5@127.0.0.1:\(stub.server.port)"
    let folder = try Folder(["config.yaml": "discovery: {nacos: {host: [\"\(host)\"]}}\n"])
    let ended = try gatecheck("resolve", "plat-dev", "-o", "json", "--config", "config.yaml", in: folder.path)
    let nodes = try ended.json()["nodes"] as? [[String: Any]]
    #expect(nodes?.map { "\($0["host"] ?? ""):\($0["port"] ?? "") \($0["weight"] ?? "")" } == ["10.5.10.109:3306 2"])
    let other = try gatecheck(
      "resolve", "plat-dev", "--config", "config.yaml", "--discovery-arg", "group_name=PROD", in: folder.path)
    #expect(other.status == 0 && other.output.contains("10.5.10.110"), "\(other.output)")
  }

  @Test func pyEurekaClient() throws {
    let stub = try EurekaStub()
    defer { stub.stop() }
    try run(
      """
      import asyncio, sys
      import py_eureka_client.eureka_client as eureka
      asyncio.run(eureka.init_async(
          eureka_server=sys.argv[1] + "/eureka/", app_name="plat-dev", instance_ip="10.5.10.109",
          instance_host="10.5.10.109", instance_port=3306, should_discover=False))
      """, stub.server.url)
    let config = "discovery: {eureka: {host: [\"\(stub.server.url)\"], prefix: /eureka/}}\n"
    let folder = try Folder(["config.yaml": config])
    let ended = try gatecheck("resolve", "PLAT-DEV", "-o", "json", "--config", "config.yaml", in: folder.path)
    let nodes = try ended.json()["nodes"] as? [[String: Any]]
    #expect(nodes?.map { "\($0["host"] ?? ""):\($0["port"] ?? "")" } == ["10.5.10.109:3306"], "\(ended.output)")
  }
}
