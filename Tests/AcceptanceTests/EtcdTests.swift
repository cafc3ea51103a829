import Foundation
import JSON
import TestSupport
import Testing

/// `resolve --etcd` on a real etcd: its JSON gateway, users, TLS and pages.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real etcd"))
struct EtcdTests {
  private static let endpoints = """
    {"kind": "Endpoints", "metadata": {"name": "cms", "namespace": "default"}, "subsets": [
      {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "http", "port": 8080}]}]}
    """

  private static func upstream(_ name: String) -> String {
    #"{"type":"roundrobin","service_name":"\#(name)","discovery_type":"kubernetes"}"#
  }

  private static func fill(_ etcd: EtcdServer) throws {
    try etcd.put("/apisix/routes/", "init_dir")
    try etcd.put("/apisix/upstreams/good", upstream("default/cms:http"))
    try etcd.put("/apisix/upstreams/old", upstream("default/gone:http"))
    try etcd.put("/apisix/services/s", #"{"upstream":\#(upstream("default/cms:80"))}"#)
    try etcd.put("/apisix/routes/1", #"{"uri":"/a","upstream_id":"good"}"#)
    try etcd.put("/apisix/routes/2", #"{"uri":"/b","service_id":"s"}"#)
    try etcd.put("/other/upstreams/x", upstream("default/other:http"))
  }

  private static func config(_ etcd: EtcdServer, _ more: String) throws -> Folder {
    try Folder([
      "endpoints.json": endpoints,
      "config.yaml": """
      discovery: {kubernetes: {}}
      deployment:
        etcd:
          host: ["http://127.0.0.1:1", "\(etcd.url)"]
      \(more.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))

      """,
    ])
  }

  private static func run(_ folder: Folder, _ arguments: String..., environment: [String: String] = [:]) throws -> Ended
  {
    try gatecheck(
      ["resolve", "--from", "endpoints.json", "-o", "json"] + arguments, in: folder.path, environment: environment)
  }

  private static func services(_ ended: Ended) throws -> [String] {
    try JSONValue.parse(ended.output)["services"]?.array?.map {
      "\($0["serviceName"]?.string ?? "") \($0["nodes"]?.int.map(String.init) ?? "none")"
    } ?? []
  }

  private static let found = ["default/cms:80 none", "default/cms:http 1", "default/gone:http none"]

  @Test func whatAPISIXHasInEtcdIsResolved() throws {
    let etcd = try EtcdServer()
    defer { etcd.stop() }
    try Self.fill(etcd)
    let folder = try Self.config(etcd, "prefix: /apisix/")
    // By config.yaml, whose first host is dead; and by its address alone.
    for arguments in [["--etcd", "--config", "config.yaml"], ["--etcd", etcd.url], ["--etcd=\(etcd.url)"]] {
      let ended = try gatecheck(
        ["resolve", "--from", "endpoints.json", "-o", "json"] + arguments, in: folder.path)
      #expect(try Self.services(ended) == Self.found, "\(arguments) \(ended.errors)")
      #expect(ended.status == 1)
      #expect(
        ended.rules == ["resolve/unknown-port-name", "resolve/unknown-service", "resolve/unused-upstream"])
    }
    // More than a page.
    for number in 0..<501 { try etcd.put("/apisix/routes/p\(1000 + number)", #"{"uri":"/p","service_id":"s"}"#) }
    try etcd.put("/apisix/routes/z", #"{"uri":"/z","upstream":\#(Self.upstream("default/cms:z"))}"#)
    #expect(try Self.services(Self.run(folder, "--etcd", etcd.url)).contains("default/cms:z none"))
  }

  @Test func usersAndPasswords() throws {
    let etcd = try EtcdServer()
    defer { etcd.stop() }
    let password = "s3cr3t-of-etcd"
    try Self.fill(etcd)
    try etcd.addUsers(password)
    let right = try Self.run(
      Self.config(etcd, "user: apisix\npassword: ${{ETCD_PASSWORD}}"), "--etcd", "--config", "config.yaml", "--env",
      "ETCD_PASSWORD=\(password)", "--env", "KUBERNETES_SERVICE_HOST=10.0.0.1", "--env", "KUBERNETES_SERVICE_PORT=443")
    #expect(try Self.services(right) == Self.found, "\(right.output)")
    let host = etcd.url.replacingOccurrences(of: "://", with: "://apisix:s3cr3t%2Dof-etcd@")
    let named = try Self.run(Self.config(etcd, ""), "--etcd=\(host)")
    #expect(try Self.services(named) == Self.found, "\(named.output)")
    #expect(!(named.output + named.errors).contains(password))
    let cases = [
      ("", "user name is empty", "deployment.etcd.user"),
      ("user: apisix\npassword: wrong-\(password)", "invalid user ID or password", "correct deployment.etcd.user"),
      ("user: apisix\npassword: \(password)\nprefix: /other", "permission denied", "etcdctl role grant-permission"),
    ]
    for (settings, message, help) in cases {
      let ended = try Self.run(Self.config(etcd, settings), "--etcd", "--config", "config.yaml")
      let finding = try JSONValue.parse(ended.output)["findings"]?.array?.first
      #expect(finding?["rule"] == "resolve/apisix-refused", "\(settings)")
      #expect(finding?["message"]?.string?.contains(message) == true, "\(ended.output)")
      #expect(finding?["help"]?.string?.contains(help) == true, "\(ended.output)")
      #expect(!(ended.output + ended.errors).contains(password))
    }
  }

  @Test func tlsWithAClientCertificate() throws {
    let etcd = try EtcdServer(tls: true)
    defer { etcd.stop() }
    try Self.fill(etcd)
    let tls = "tls: {cert: \(etcd.folder["admin.crt"]), key: \(etcd.folder["admin.key"])}"
    let folder = try Self.config(etcd, tls)
    let untrusted = try Self.run(folder, "--etcd", "--config", "config.yaml")
    #expect(untrusted.rules.first == "tls/untrusted-certificate")
    #expect(untrusted.status == 3)
    #expect(untrusted.output.contains("unknown issuer") || untrusted.output.contains("not trusted"))
    try folder.write(
      "trusting.yaml",
      folder.read("config.yaml") + "apisix: {ssl: {ssl_trusted_certificate: \(etcd.folder["ca.crt"])}}\n")
    #expect(try Self.services(Self.run(folder, "--etcd", "--config", "trusting.yaml")) == Self.found)
    let anonymous = try Self.config(etcd, "tls: {verify: false}")
    #expect(try Self.run(anonymous, "--etcd", "--config", "config.yaml").rules.first == "tls/client-certificate-wanted")
  }

  /// Another prefix holds nothing, and there are others.
  @Test func aPrefixWithNothingBelowIt() throws {
    let etcd = try EtcdServer()
    defer { etcd.stop() }
    try etcd.put("/registry/services/endpoints/default/cms", "x")
    // Kubernetes keeps other things below the same words.
    let alone = try Self.run(Self.config(etcd, "prefix: /nothing"), "--etcd", "--config", "config.yaml")
    #expect(alone.rules == ["resolve/empty-prefix"] && alone.status == 1, "\(alone.output)")
    #expect(alone.output.contains("is this APISIX's etcd?"))
    try Self.fill(etcd)
    try etcd.put("/a/b/routes/1", #"{"uri":"/a"}"#)
    let wrong = try Self.run(Self.config(etcd, "prefix: /nothing"), "--etcd", "--config", "config.yaml")
    let finding = try JSONValue.parse(wrong.output)["findings"]?.array?.first
    #expect(finding?["message"] == .string("etcd at \(etcd.url) holds nothing below /nothing/"))
    #expect(
      finding?["help"]
        == "there is /a/b, /apisix, /other; deployment.etcd.prefix of config.yaml says which is APISIX's")
    #expect(wrong.status == 1)
    // An APISIX that has just been started has its folders, and nothing in them.
    try etcd.put("/new/routes/", "init_dir")
    let new = try Self.run(Self.config(etcd, "prefix: /new"), "--etcd", "--config", "config.yaml")
    #expect(new.rules.isEmpty && new.status == 0)
    #expect(new.errors.contains("no upstream there uses discovery"))
  }

  /// What keeps etcd from being asked has the rules of every other connection.
  @Test func anEtcdThatIsNotThere() throws {
    let folder = try Folder(["endpoints.json": Self.endpoints])
    for (url, rule) in [
      ("http://127.0.0.1:1", "connect/refused"), ("http://etcd.invalid:2379", "connect/name-not-resolved"),
    ] {
      let ended = try Self.run(folder, "--etcd=" + url)
      #expect(ended.rules == [rule] && ended.status == 3, "\(ended.output)")
    }
  }
}
