import JSON
import SourceText
import Testing

@testable import APISIX

/// consul and consul_kv.
extension RegistryNodesTests {
  // MARK: consul

  var consul: String { #"{"servers": ["http://consul:8500"], "token": "t-1"}"# }
  func instance(_ address: String, _ port: String, _ status: String = "passing") -> String {
    """
    {"Node": {"ID": "", "Node": "n-1", "Address": "192.0.2.9", "Datacenter": "dc1", "Meta": null, "CreateIndex": 14},
     "Service": {"ID": "web-1", "Service": "web", "Tags": [], "Address": "\(address)", "Meta": null, "Port": \(port),
       "Weights": {"Passing": 10, "Warning": 1}, "EnableTagOverride": false},
     "Checks": [{"Node": "n-1", "CheckID": "service:web-1", "Name": "tcp", "Status": "\(status)", "Output": ""}]}
    """
  }

  @Test func consulIsAskedForWhatPasses() throws {
    let answer = "[\(instance("192.0.2.2", "8080")), \(instance("192.0.2.1", "9090"))]"
    let found = try find(.consul, "web", consul, ["/v1/health/service/web?passing": answer])
    #expect(found.nodes == ["192.0.2.2:8080 1", "192.0.2.1:9090 1"])
    #expect(
      found.asked == [
        .get(
          "http://consul:8500/v1/health/service/web?passing", [.header(name: "X-Consul-Token", value: "t-1")])
      ])
    let old = try find(.consul, "web", consul, in: "3.6.0", ["/v1/health/service/web?passing": answer])
    #expect(old.asked == [.get("http://consul:8500/v1/health/service/web?passing")], "no token before 3.7")
  }

  @Test(arguments: ["3.2.0", "3.3.0"])
  func consulWasAskedForAll(release: String) throws {
    let entry = """
      [{"Node": "n-1", "Address": "192.0.2.9", "ServiceID": "web-1", "ServiceName": "web", "ServiceAddress": "192.0.2.1",
        "ServicePort": 80, "ServiceWeights": {"Passing": 1}},
       {"Node": "n-1", "Address": "192.0.2.9", "ServiceID": "web-2", "ServiceName": "web", "ServicePort": 81}]
      """
    let found = try find(.consul, "web", consul, in: release, ["/v1/catalog/service/web": entry])
    #expect(found.nodes == ["192.0.2.1:80 1", "192.0.2.9:81 1"])
    #expect(try find(.consul, "web", consul, in: "3.1.0").none == .notKnown)
  }

  @Test(arguments: [
    ("3.8.1", ["192.0.2.1:0 1", "192.0.2.1:0 1"], true), ("3.9.0", ["192.0.2.1:0 1"], true),
    ("3.12.0", ["192.0.2.1:0 1"], true), ("3.13.0", ["192.0.2.1:80 1"], false),
  ])
  func portZeroAndTheSameInstanceTwice(release: String, nodes: [String], isRefused: Bool) throws {
    let answer = "[\(instance("192.0.2.1", "0")), \(instance("192.0.2.1", "0"))]"
    let found = try find(.consul, "web", consul, in: release, ["/web?passing": answer])
    #expect(found.nodes == nodes)
    #expect((found.check != nil) == isRefused)
  }

  @Test func anEntryWithoutServiceHidesThoseBehindItUntil318() throws {
    let answer = #"[{"Node": {}}, \#(instance("192.0.2.1", "80"))]"#
    #expect(try find(.consul, "web", consul, in: "3.17.0", ["/web?passing": answer]).nodes == nil)
    #expect(try find(.consul, "web", consul, ["/web?passing": answer]).nodes == ["192.0.2.1:80 1"])
  }

  @Test func whyConsulGivesNothing() throws {
    func none(_ answer: String) throws -> NoNodes? { try find(.consul, "web", consul, ["/web?passing": answer]).none }
    #expect(try none("[]") == .unknown)
    #expect(try none("403 ACL not found") == .status(403))
    #expect(try none("<html>") == .notJSON)
    #expect(try none("true") == .form(Words(.badArgument, "1", "ipairs", "table", "boolean")))
    #expect(try find(.consul, "web", consul).none == .unanswered)
    #expect(try find(.consul, "consul", consul).asked.isEmpty, "it never asks for Consul itself")
    let skipped = #"{"servers": ["http://consul:8500"], "skip_services": ["web"]}"#
    #expect(try find(.consul, "web", skipped).asked.isEmpty)
  }

  @Test func theDefaultServiceStandsInForAll() throws {
    let config = #"{"servers": ["http://c:1"], "weight": 3, "default_service": {"host": "192.0.2.99", "port": 80}}"#
    let found = try find(.consul, "web", config, ["/web?passing": "[]"])
    #expect(found.nodes?.count == 1 && found.nodes?[0].hasPrefix("192.0.2.99:80 3 metadata=") == true)
    #expect(found.none == .unknown)
  }

  // MARK: consul_kv

  func key(_ key: String, _ value: String?) -> String {
    let encoded = value.map { "\"\(Base64.encode(Array($0.utf8)))\"" } ?? "null"
    return
      #"{"LockIndex": 0, "Key": "\#(key)", "Flags": 0, "Value": \#(encoded), "CreateIndex": 20, "ModifyIndex": 20}"#
  }

  @Test func keysOfConsulAreNodes() throws {
    let config = #"{"servers": ["http://consul:8500"], "keepalive": false}"#
    let name = "http://consul:8500/v1/kv/upstreams/web/"
    let keys = [
      key("upstreams/", nil), key("upstreams/web/192.0.2.1:80", #"{"weight": 5, "max_fails": 2}"#),
      key("upstreams/web/my-host:80", "{}"), key("upstreams/web/192.0.2.2:80", #"{"check_status": "false"}"#),
      key("upstreams/web/app.example.org:81", "{}"), key("upstreams/webshop/192.0.2.3:80", "{}"),
    ]
    let answers = ["/v1/kv/upstreams?recurse": "[\(keys.joined(separator: ","))]"]
    let found = try find(.consulKV, name, config, answers)
    #expect(found.nodes == ["192.0.2.1:80 5", "app.example.org:81 1"])
    #expect(found.urls == ["http://consul:8500/v1/kv/upstreams?recurse"])
    let sick = ["?recurse": "[\(keys[3])]"]
    #expect(try find(.consulKV, name, config, sick).none == .noneUsable)
    #expect(try find(.consulKV, name, config, ["?recurse": "404"]).none == .status(404))
    #expect(try find(.consulKV, "web", config, answers).asked.isEmpty, "no server of the configuration has that name")
    let waiting = #"{"servers": ["http://consul:8500"], "timeout": {"wait": 5}, "prefix": "svc"}"#
    let asked = try find(.consulKV, "http://consul:8500/v1/kv/svc/web/", waiting).urls
    #expect(asked == ["http://consul:8500/v1/kv/svc?index=0&recurse&wait=5s"])
  }
}
