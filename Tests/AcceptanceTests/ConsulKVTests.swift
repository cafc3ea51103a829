import Foundation
import TestSupport
import Testing

/// consul_kv on a real Consul, 1.8.
@Suite(.enabled(if: ConsulServer.isThere, "Tests/servers/fetch.sh consul gives no Consul")) struct ConsulKVTests {
  private static let shared = Result {
    let consul = try ConsulServer()
    for (key, value) in [
      ("web/10.5.10.109:3306", "{\"weight\": 3}"), ("web/10.5.10.110:3306", "{}"), ("web/", ""),
      ("mixed/10.5.10.111:80", "{}"), ("mixed/my-host:80", "{}"), ("mixed/10.5.10.112:80", "text"),
      ("mixed/10.5.10.113:80", "{\"check_status\": \"false\"}"), ("hyphen/my-host:80", "{}"), ("six/[::1]:80", "{}"),
      ("portless/10.5.10.114", "{}"), ("empty/10.5.10.115:80", ""), ("text/10.5.10.116:80", "hello"),
      ("off/10.5.10.117:80", "{\"check_status\": false}"), ("heavy/10.5.10.118:80", "{\"weight\": \"3\"}"),
    ] {
      try consul.put("/v1/kv/upstreams/" + key, value)
    }
    for number in ["5", "true", "null"] {
      try consul.put("/v1/kv/deadly-\(number)/bad/10.5.10.119:80", number)
      try consul.put("/v1/kv/deadly-\(number)/good/10.5.10.120:80", "{}")
    }
    return consul
  }

  private static func run(
    _ command: [String], _ extra: String = "", of consul: ConsulServer, _ arguments: [String] = []
  ) throws -> Ended {
    let folder = try Folder(["config.yaml": "discovery: {consul_kv: {servers: [\"\(consul.url)\"]\(extra)}}\n"])
    return try gatecheck(command + ["--config", "config.yaml"] + arguments, in: folder.path)
  }

  /// - Parameter name: below `v1/kv`.
  private func resolve(_ name: String, _ extra: String = "") throws -> Ended {
    let consul = try Self.shared.get()
    return try Self.run(["resolve", consul.url + "/v1/kv/" + name], extra, of: consul)
  }

  @Test func theNodesAreFound() throws {
    let found = try resolve("upstreams/web/")
    #expect(found.status == 0 && found.rules([]), "\(found.output)")
    #expect(found.output.contains("10.5.10.109  3306  3") && found.output.contains("10.5.10.110  3306  1"))
    let consul = try Self.shared.get()
    let verified = try Self.run(["registry", "verify"], of: consul)
    #expect(verified.status == 0 && verified.output.contains("consul_kv at \(consul.url): APISIX may read it"))
  }

  @Test(
    arguments: [
      ("hyphen", "registry/consul-kv-key", "cannot read the key upstreams/hyphen/my-host:80"),
      ("six", "registry/consul-kv-key", "cannot read the key upstreams/six/[::1]:80"),
      ("portless", "registry/consul-kv-key", "cannot read the key upstreams/portless/10.5.10.114:"),
      ("empty", "registry/consul-kv-value", "the value of upstreams/empty/10.5.10.115:80, which is empty"),
      ("text", "registry/consul-kv-value", "the value of upstreams/text/10.5.10.116:80, which is no JSON"),
      ("off", "registry/consul-kv-check-status", "check_status is false in upstreams/off/10.5.10.117:80"),
    ])
  func aKeyThatIsLeftOut(_ service: String, _ rule: String, _ told: String) throws {
    let ended = try resolve("upstreams/\(service)/")
    #expect(ended.status == 1 && ended.rules([rule]), "\(ended.output)")
    #expect(ended.output.contains(told) && !ended.output.contains("registry/nothing-usable"), "\(ended.output)")
  }

  /// The printed commands mend it.
  @Test func whatIsPrintedMendsIt() throws {
    let consul = try ConsulServer()
    defer { withExtendedLifetime(consul) {} }
    for value in ["", "hello", "{\"check_status\": false}", "7"] {
      try consul.put("/v1/kv/upstreams/web/10.5.10.109:80", value)
      let name = consul.url + "/v1/kv/upstreams/web/"
      let ended = try Self.run(["resolve", name], of: consul)
      #expect(ended.status == 1, "\(ended.output)")
      try ended.paste()
      let mended = try Self.run(["resolve", name], of: consul)
      #expect(mended.status == 0 && mended.rules([]), "\(mended.output)")
    }
    let empty = try ConsulServer()
    defer { withExtendedLifetime(empty) {} }
    let none = try Self.run(["registry", "verify"], ", prefix: \"it's\"", of: empty)
    #expect(none.status == 1 && none.rules(["registry/consul-kv-no-prefix"]), "\(none.output)")
    try none.paste()
  }

  @Test func whatIsLeftOutBesideOthersIsAWarning() throws {
    let ended = try resolve("upstreams/mixed/")
    #expect(ended.status == 0 && ended.output.contains("10.5.10.111"), "\(ended.output)")
    #expect(
      ended.rules(
        ["registry/consul-kv-key", "registry/consul-kv-value", "registry/consul-kv-check-status"]))
    #expect(ended.output.contains("3 warnings"), "\(ended.output)")
    let heavy = try resolve("upstreams/heavy/")
    #expect(heavy.status == 1 && heavy.rules(["resolve/refused-nodes"]), "\(heavy.output)")
  }

  /// JSON that is no object ends the loop, and hides every service.
  @Test(arguments: ["5", "true", "null"]) func aValueThatEndsTheLoop(_ value: String) throws {
    let ended = try resolve("deadly-\(value)/good/", ", prefix: deadly-\(value)")
    #expect(ended.status == 1 && ended.rules(["registry/consul-kv-value"]), "\(ended.output)")
    #expect(ended.output.contains("deadly-\(value)/bad/10.5.10.119:80 is no object: it ends APISIX's loop"))
    let verified = try Self.run(["registry", "verify"], ", prefix: deadly-\(value)", of: Self.shared.get())
    #expect(verified.rules(["registry/consul-kv-value"]), "\(verified.output)")
  }

  @Test func aServiceNameThatIsNoFoldersURL() throws {
    let consul = try Self.shared.get()
    for (name, fault) in [
      ("web", "is no URL"), ("/upstreams/web/", "is no URL"), (consul.url + "/v1/kv/upstreams/web", "has no slash"),
      (consul.url + "/v1/kv/web/", "is not below the prefix upstreams"),
      ("http://localhost:\(consul.port)/v1/kv/upstreams/web/", "does not begin with a server"),
      ("\(consul.url)/upstreams/web/", "does not begin with a server"),
    ] {
      let ended = try Self.run(["resolve", name], of: consul)
      #expect(ended.status == 1 && ended.rules(["registry/consul-kv-service-name"]), "\(ended.output)")
      #expect(ended.output.contains(fault), "\(ended.output)")
      #expect(ended.output.contains("write service_name: \(consul.url)/v1/kv/upstreams/web/\n"), "\(ended.output)")
    }
    let near = try resolve("upstreams/wep/")
    #expect(near.rules(["registry/unknown-service"]), "\(near.output)")
    #expect(near.output.contains("did you mean service_name: \(consul.url)/v1/kv/upstreams/web/?"), "\(near.output)")
    let skipped = try resolve("upstreams/web/", ", skip_keys: [upstreams/web/]")
    #expect(skipped.status == 1 && skipped.rules(["registry/consul-skipped"]), "\(skipped.output)")
  }

  @Test func aPrefixWithoutKeys() throws {
    let consul = try Self.shared.get()
    let ended = try resolve("upstream/web/", ", prefix: upstream-s")
    #expect(ended.rules(["registry/consul-kv-no-prefix", "registry/consul-kv-service-name"]), "\(ended.output)")
    let verified = try Self.run(["registry", "verify"], ", prefix: upstraems", of: consul)
    #expect(verified.status == 1 && verified.rules(["registry/consul-kv-no-prefix"]), "\(verified.output)")
    #expect(verified.output.contains("write discovery.consul_kv.prefix: upstreams"), "\(verified.output)")
  }
}
