import Foundation
import JSON
import TestSupport
import Testing

/// `registry verify` on the etcd of `deployment.etcd`: real ones, 3.4 and 3.5.
@Suite(.serialized, .enabled(if: EtcdServer.Package.areThere, "Debian's etcd packages are needed, 3.4 and 3.5"))
struct EtcdVerifyTests {
  private static let password = "q9VwZt3Xk7Lm2Rb8"

  private static func verify(_ hosts: [String], _ settings: String = "", _ more: [String] = []) throws -> Ended {
    let list = hosts.map { "\"\($0)\"" }.joined(separator: ", ")
    let folder = try Folder(["config.yaml": "deployment:\n  etcd:\n    host: [\(list)]\n\(settings)"])
    let ended = try gatecheck(["registry", "verify", "--config", "config.yaml"] + more, in: folder.path)
    #expect(!(ended.output + ended.errors).contains(password), "\(ended.output)")
    return ended
  }

  private static func login(_ password: String, _ more: String = "") -> String {
    "    user: apisix\n    password: \(password)\n\(more)"
  }

  @Test(arguments: EtcdServer.Package.allCases) func reachedVersionAndPrefix(_ package: EtcdServer.Package) throws {
    let etcd = try EtcdServer(package)
    defer { etcd.stop() }
    let none = try Self.verify([etcd.url])
    #expect(none.status == 1 && none.output.contains("[resolve/empty-prefix]"), "\(none.output)")
    try etcd.put("/apisix/routes/", "init_dir")
    let well = try Self.verify([etcd.url])
    let version = package == .etcd ? "3.4." : "3.5."
    #expect(well.status == 0 && well.output.hasPrefix("etcd at \(etcd.url): APISIX may read it (version \(version)"))
    let document = try JSONValue.parse(Self.verify([etcd.url], "", ["-o", "json"]).output)
    let registry = document["registries"]?.array?.first
    #expect(registry?["registry"] == "etcd" && registry?["id"] == .null)
    #expect(registry?["version"]?.string?.hasPrefix(version) == true)
    let server = registry?["servers"]?.array?.first
    #expect(server?["url"] == .string(etcd.url) && server?["status"] == "well" && server?["milliseconds"]?.int != nil)
    let wrong = try Self.verify([etcd.url], "    prefix: /apisix-prod\n")
    #expect(wrong.status == 1 && wrong.output.contains("help: there is /apisix; deployment.etcd.prefix"))
    // A user where there are none keeps APISIX from starting.
    let users = try Self.verify([etcd.url], Self.login(Self.password))
    #expect(users.status == 1 && users.output.contains("[registry/etcd-no-users]"), "\(users.output)")
    // One of two is too few; one of three is not.
    let half = try Self.verify([etcd.url, "http://127.0.0.1:1"])
    #expect(half.status == 3 && half.output.contains("[registry/etcd-majority]"), "\(half.output)")
    #expect(half.output.contains("[connect/refused]") && half.output.contains("etcd at \(etcd.url)"))
    let most = try Self.verify([etcd.url, etcd.url, "http://127.0.0.1:1"])
    #expect(!most.output.contains("etcd-majority"), "\(most.output)")
  }

  /// The role that is printed is what APISIX needs.
  @Test(arguments: EtcdServer.Package.allCases) func loginAndRole(_ package: EtcdServer.Package) throws {
    let etcd = try EtcdServer(package)
    defer { etcd.stop() }
    let made = try etcdctl(
      etcd,
      """
      etcdctl put /apisix/routes/ init_dir
      etcdctl user add root:\(Self.password)
      etcdctl user grant-role root root
      etcdctl user add apisix:\(Self.password)
      etcdctl auth enable
      """)
    #expect(made.status == 0, "\(made.errors)")
    let nobody = try Self.verify([etcd.url])
    #expect(nobody.status == 1 && nobody.output.contains("user name is empty"), "\(nobody.output)")
    #expect(nobody.output.contains("[registry/etcd-login]"))
    let wrong = try Self.verify([etcd.url], Self.login("wrong-\(Self.password)"))
    #expect(wrong.status == 1 && wrong.output.contains("[registry/etcd-login]"), "\(wrong.output)")
    let roleless = try Self.verify([etcd.url], Self.login(Self.password), ["-o", "json"])
    #expect(roleless.status == 1 && roleless.rules == ["registry/etcd-role"], "\(roleless.output)")
    let help = try JSONValue.parse(roleless.output)["findings"]?.array?.first?["help"]?.string ?? ""
    #expect(help.contains("etcdctl role grant-permission apisix --prefix=true readwrite /apisix/"))
    let granted = try etcdctl(etcd, help, as: "root:\(Self.password)")
    #expect(granted.status == 0, "\(granted.errors)\(granted.output)")
    let well = try Self.verify([etcd.url], Self.login(Self.password))
    #expect(well.status == 0 && well.output.contains("APISIX may read it"), "\(well.output)")
    // What APISIX writes at its start, by the user.
    let written = try etcdctl(etcd, "etcdctl put /apisix/upstreams/ init_dir", as: "apisix:\(Self.password)")
    #expect(written.status == 0, "\(written.errors)")
    let weaker = try etcdctl(
      etcd,
      """
      etcdctl role revoke-permission apisix --prefix=true /apisix/
      etcdctl role grant-permission apisix --prefix=true read /apisix/
      etcdctl role grant-permission apisix --prefix=true readwrite /apisix/routes/
      etcdctl role grant-permission apisix --prefix=true readwrite /apisix/upstreams/
      """, as: "root:\(Self.password)")
    #expect(weaker.status == 0, "\(weaker.errors)")
    let reads = try Self.verify([etcd.url], Self.login(Self.password))
    #expect(reads.status == 0 && reads.output.contains("[registry/etcd-read-only]"), "\(reads.output)")
    #expect(
      reads.output.contains("help: etcdctl role grant-permission apisix --prefix=true readwrite /apisix/\n"))
    // Two ranges that meet, and the role of root.
    let joined = try etcdctl(
      etcd,
      """
      etcdctl role grant-permission apisix readwrite /apisix/ /apisix/m
      etcdctl role grant-permission apisix readwrite /apisix/m /apisix0
      """, as: "root:\(Self.password)")
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(!(try Self.verify([etcd.url], Self.login(Self.password)).output.contains("read-only")))
    let root = try Self.verify([etcd.url], "    user: root\n    password: \(Self.password)\n")
    #expect(root.status == 0 && !root.output.contains("read-only"), "\(root.output)")
  }

  private func etcdctl(_ etcd: EtcdServer, _ lines: String, as user: String? = nil) throws -> Ended {
    try etcd.etcdctl(lines, as: user)
  }

  @Test(arguments: EtcdServer.Package.allCases) func tls(_ package: EtcdServer.Package) throws {
    let etcd = try EtcdServer(package, tls: true)
    defer { etcd.stop() }
    try etcd.put("/apisix/routes/", "init_dir")
    let own = "    tls: {cert: \(etcd.folder["admin.crt"]), key: \(etcd.folder["admin.key"])}\n"
    let trusting = own + "apisix: {ssl: {ssl_trusted_certificate: \(etcd.folder["ca.crt"])}}\n"
    #expect(try Self.verify([etcd.url], trusting).status == 0)
    let cases = [
      (own, etcd.url, "tls/untrusted-certificate"),
      ("    tls: {verify: false}\n", etcd.url, "tls/client-certificate-wanted"),
      (trusting, etcd.url.replacingOccurrences(of: "https", with: "http"), "tls/plain-http-to-tls-port"),
    ]
    for (settings, url, rule) in cases {
      let ended = try Self.verify([url], settings)
      #expect(ended.status == 3 && ended.output.contains("[\(rule)"), "\(ended.output)")
    }
    // Users, and a certificate with a name: nothing gets through its gateway.
    let made = try etcd.etcdctl(
      """
      export ETCDCTL_CERT=admin.crt ETCDCTL_KEY=admin.key
      etcdctl user add root:\(Self.password)
      etcdctl user grant-role root root
      etcdctl auth enable
      """)
    #expect(made.status == 0, "\(made.errors)")
    let named = try Self.verify([etcd.url], Self.login(Self.password) + trusting)
    #expect(named.status == 1 && named.output.contains("[registry/etcd-certificate-users]"), "\(named.output)")
  }

  @Test func whatElseListensThere() throws {
    let etcd = try EtcdServer(.newer, flags: ["--enable-grpc-gateway=false"])
    defer { etcd.stop() }
    let closed = try Self.verify([etcd.url])
    #expect(closed.status == 1 && closed.output.contains("[registry/etcd-no-gateway]"), "\(closed.output)")
    #expect(try Self.verify(["http://127.0.0.1:1"]).status == 3)
    func answering(_ body: String, status: Int = 200) throws -> Ended {
      let stub = try StubServer { _ in StubServer.Answer(status: status, body: body) }
      defer { stub.stop() }
      return try Self.verify(["http://127.0.0.1:\(stub.port)"])
    }
    #expect(try answering(#"{"etcdserver":"3.3.9","etcdcluster":"3.3.0"}"#).output.contains("[registry/etcd-too-old]"))
    for body in ["<html></html>", "{}"] {
      let ended = try answering(body)
      #expect(ended.status == 1 && ended.output.contains("[registry/odd-answer]"), "\(ended.output)")
    }
    #expect(try answering("", status: 500).output.contains("[registry/trouble]"))
  }

  /// Two of three members are gone: the one that is left has no leader.
  @Test func withoutALeader() throws {
    let stub = try StubServer { asked in
      if asked.path == "/version" { return StubServer.Answer(body: #"{"etcdserver":"3.5.16","etcdcluster":"3.5.0"}"#) }
      return StubServer.Answer(status: 503, body: #"{"code":14, "message":"etcdserver: request timed out"}"#)
    }
    defer { stub.stop() }
    let ended = try Self.verify(["http://127.0.0.1:\(stub.port)"])
    #expect(ended.status == 1 && ended.output.contains("[registry/etcd-no-leader]"), "\(ended.output)")
  }

  @Test func etcdThatAPISIXDoesNotAskIsNotAsked() throws {
    for deployment in [
      "role: data_plane, role_data_plane: {config_provider: yaml}",
      "role: traditional, role_traditional: {config_provider: yaml}",
    ] {
      let folder = try Folder([
        "config.yaml": "deployment: {\(deployment), etcd: {host: [\"http://127.0.0.1:1\"]}}\n"
      ])
      let ended = try gatecheck("registry", "verify", "--config", "config.yaml", in: folder.path)
      #expect(ended.output.contains("[registry/none-enabled]"), "\(ended.output)")
    }
    let stub = try StubServer { _ in StubServer.Answer(body: #"{"hosts": []}"#) }
    defer { stub.stop() }
    let folder = try Folder([
      "config.yaml": """
      discovery: {nacos: {host: ["http://127.0.0.1:\(stub.port)"]}}
      deployment: {etcd: {host: ["http://127.0.0.1:1"]}}

      """
    ])
    let one = try gatecheck(
      "registry", "verify", "--config", "config.yaml", "--registry", "nacos", in: folder.path)
    #expect(one.status == 0, "\(one.output)")
  }

  /// APISIX asks etcd directly, whatever proxy the machine has.
  @Test func noProxyIsAsked() throws {
    let etcd = try EtcdServer(.newer)
    defer { etcd.stop() }
    try etcd.put("/apisix/routes/", "init_dir")
    let folder = try Folder(["config.yaml": "deployment: {etcd: {host: [\"\(etcd.url)\"]}}\n"])
    let proxy = "http://127.0.0.1:1"
    let ended = try gatecheck(
      "registry", "verify", "--config", "config.yaml", in: folder.path,
      environment: ["http_proxy": proxy, "HTTP_PROXY": proxy, "all_proxy": proxy])
    #expect(ended.status == 0, "\(ended.output)")
  }
}
