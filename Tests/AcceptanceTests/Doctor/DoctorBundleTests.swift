import Foundation
import TestSupport
import Testing

/// `doctor --bundle` and `--from-bundle`: what is passed on, that no secret is, and that elsewhere the same is said.
@Suite struct DoctorBundleTests {
  /// A Consul that is well, by a contract stub.
  private static func consul(_ answer: StubServer.Answer? = nil) throws -> StubServer {
    try StubServer { asked in
      if let answer { return answer }
      return switch asked.path {
      case "/v1/catalog/services": .init(headers: ["X-Consul-Index: 7"], body: #"{"consul": [], "web": []}"#)
      case "/v1/catalog/nodes": .init(body: #"[{"Node": "n1"}]"#)
      case "/v1/health/service/web", "/v1/health/state/any":
        .init(
          headers: ["X-Consul-Index: 7"],
          body: """
            [{"Node": {"Node": "n1", "Address": "127.0.0.1"},
              "Service": {"ID": "w", "Service": "web", "Address": "127.0.0.1", "Port": 1}, "Checks": []}]
            """)
      default: .init(headers: ["X-Consul-Index: 7"], body: "[]")
      }
    }
  }

  private static let routes = """
    routes:
      - {uri: /, upstream: {type: roundrobin, discovery_type: consul, service_name: web}}
    #END

    """

  /// What gunzip and tar make of it.
  private func contents(_ folder: Folder, _ name: String = "b.tar.gz") throws -> String {
    let ended = try execute("/bin/sh", ["-c", "gunzip -c \(name)"], in: folder.path)
    #expect(ended.status == 0, "\(ended.errors)")
    return ended.output
  }

  private func expectNothing(of canaries: [String], in text: String, sourceLocation: SourceLocation = #_sourceLocation)
  {
    for canary in canaries { #expect(!text.contains(canary), "\(canary)", sourceLocation: sourceLocation) }
  }

  // MARK: secrets

  private static let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6YTpiIn0.c2lnbmF0dXJlLTEyMzQ1Ng"
  /// Each in a place of its own.
  private static let canaries: [String: String] = [
    "ADMIN": "cnry0adminkey0aaaa", "CONSULTOKEN": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "NACOSPW": "cnry1Nacos",
    "ETCDPW": "cnry2etcd", "COMMENT": "cnry3comment", "SNIPPET": "cnry4snippet", "ATTR": "cnry5attr",
    "KEYAUTH": "cnry6keyauth", "JWTSECRET": "cnry7jwt secret", "BASIC": "cnry8 basic", "HEADER": "cnry9header",
    "DESC": "cnry10desc", "SSLKEY": "cnry11sslkey", "LOGTOKEN": "cnry12logtoken34", "LOGPW": "cnry13logpw",
    "QUERY": "cnry14query99", "ENVIRONMENT": "cnry15environment", "ADMINENV": "cnry16adminenv77", "JWT": jwt,
    "ROUTECOMMENT": "cnry17", "VARS": "cnry18vars", "COOKIE": "cnry19cookie", "BLOCK": "cnry20block", "PIN": "73918265",
    "DEFAULT": "cnry21default99",
  ]

  private static func filled(_ text: String) -> String {
    canaries.sorted { $0.key.count > $1.key.count }.reduce(text) {
      $0.replacingOccurrences(of: "<\($1.key)>", with: $1.value)
    }
  }

  @Test func noSecretIsInIt() throws {
    let stub = try Self.consul()
    defer { stub.stop() }
    let folder = try Folder([
      "config.yaml": Self.filled(
        """
        # the password is <COMMENT>
        deployment:
          role: traditional
          role_traditional: {config_provider: yaml}
          admin: {admin_key: [{name: admin, key: "<ADMIN>", role: admin}]}   # <COMMENT>
          etcd: {host: ["http://127.0.0.1:1"], user: root, password: <ETCDPW>}
        nginx_config:
          http_configuration_snippet: |
            set $pass <SNIPPET>;
            # more <SNIPPET>
          envs: ["NAME=<ENVIRONMENT>"]
        plugin_attr: {mine: {anything: "<ATTR>", pin: <PIN>}}
        apisix: {data_encryption: {keyring: ["<BLOCK>aaaa"]}, ssl: {key: "${{KEY:=<DEFAULT>}}"}}
        discovery:
          consul: {servers: ["\(stub.url)"], token: <CONSULTOKEN>}
          nacos: {host: ["http://nacos:<NACOSPW>@127.0.0.1:1"]}
          kubernetes: {service: {host: 127.0.0.1, port: "1"}, client: {token: "<JWT>"}}

        """),
      "apisix.yaml": Self.filled(
        """
        routes:
          - uri: /a
            desc: says <DESC>
            vars: [["http_x", "==", "<VARS>"]]
            plugins:
              proxy-rewrite: {headers: {set: {X-Any: "<HEADER>", Cookie: "SID=<COOKIE>"}}}
              openid-connect:
                client_secret: >-
                  <BLOCK>
                  <BLOCK>
            upstream: {type: roundrobin, discovery_type: consul, service_name: web} # <ROUTECOMMENT>
        consumers:
          - username: jane
            plugins: {key-auth: {key: <KEYAUTH>}, basic-auth: {username: j, password: "<BASIC>"}}
          - username: joe
            plugins: {jwt-auth: {key: joe, secret: '<JWTSECRET>'}}
        ssls:
          - id: 1
            sni: a.example.org
            cert: some
            key: <SSLKEY>
        #END

        """),
      "error.log": Self.filled(
        """
        2026/07/01 10:00:00 [error] 5#5: *1 [lua] init.lua:1: list failed, token: <LOGTOKEN>, path: /api/v1/endpoints?token=<QUERY>, reason: Unauthorized
        2026/07/01 10:00:01 [error] 5#5: *2 [lua] init.lua:438: nacos login fail:nacos <LOGPW> desc:Forbidden
        2026/07/01 10:00:02 [error] 5#5: *3 no valid upstream node, client: 10.0.0.1, server: _, request: "GET /a?password=<LOGPW> HTTP/1.1", host: "a"

        """),
    ])
    let arguments = [
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--log", "error.log", "--request-timeout",
      "2",
      "--bundle",
    ]
    let environment = ["GATECHECK_ADMIN_KEY": "<ADMINENV>", "OTHER": "<ENVIRONMENT>"].mapValues(Self.filled)
    let ended = try gatecheck(arguments + ["b.tar.gz"], in: folder.path, environment: environment)
    #expect(ended.output.contains("b.tar.gz holds no secret"), "\(ended.output)\(ended.errors)")
    let text = try contents(folder)
    expectNothing(of: Array(Self.canaries.values), in: text)
    expectNothing(of: Array(Self.canaries.values), in: ended.output + ended.errors)
    for (key, value) in Self.canaries where value.contains(" ") {
      for word in value.split(separator: " ") where word.hasPrefix("cnry") { #expect(!text.contains(word), "\(key)") }
    }
    // What is safe is there, by name.
    let list = try execute("/bin/tar", ["-tzf", "b.tar.gz"], in: folder.path)
    #expect(
      list.output.split(separator: "\n") == [
        "bundle.json", "doctor.json", "config-1.yaml", "routes-1.yaml", "log-1.log", "groups-1.json",
      ], "\(list.output)\(list.errors)")
    for word in ["discovery_type: consul", "uri: /a", "no valid upstream node", "servers: [\"\(stub.url)\"]"] {
      #expect(text.contains(word), "\(word)\n\(text)")
    }
    // Nobody else may read it, and the same gives the same bytes.
    let mode = try FileManager.default.attributesOfItem(atPath: folder["b.tar.gz"])[.posixPermissions] as? Int
    #expect(mode == 0o600)
    _ = try gatecheck(arguments + ["c.tar.gz"], in: folder.path, environment: environment)
    let bytes = try ["b", "c"].map { try Data(contentsOf: URL(fileURLWithPath: folder["\($0).tar.gz"])) }
    #expect(bytes[0] == bytes[1])
    // What is there stays.
    let again = try gatecheck(arguments + ["b.tar.gz"], in: folder.path)
    #expect(again.status == 2 && again.errors.contains("b.tar.gz is there already"), "\(again.errors)")
    // And it can be read elsewhere.
    let elsewhere = try gatecheck("doctor", "--from-bundle", "b.tar.gz", in: folder.path)
    #expect(elsewhere.status == ended.status, "\(elsewhere.output)\(elsewhere.errors)")
    expectNothing(of: Array(Self.canaries.values), in: elsewhere.output + elsewhere.errors)
  }

  /// A password that stands where nobody looks for one: then there is no bundle.
  @Test func aSecretThatIsLeftIsNotPassedOn() throws {
    let stub = try Self.consul()
    defer { stub.stop() }
    let password = "Zq7Wx9Lm2Rt5"
    let folder = try Folder([
      "config.yaml": "discovery: {consul: {servers: [\"\(stub.url)\"], token: \(password)}}\n",
      "apisix.yaml": Self.routes.replacingOccurrences(of: "uri: /", with: "uri: /\(password)"),
    ])
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--bundle", "b.tar.gz", in: folder.path)
    expect(
      ended, "bundle/secret", "routes-1.yaml of the bundle holds a secret on line 2, at uri: nothing is written")
    #expect(!FileManager.default.fileExists(atPath: folder["b.tar.gz"]))
    #expect(!ended.errors.contains(password))
  }

  // MARK: the way back

  private static let log = """
    2026/07/01 10:00:00 [error] 5#5: *3 [lua] init.lua:1: handle_upstream(): failed to set upstream: no valid upstream \
    node, client: 10.0.0.1, server: _, request: "GET /a HTTP/1.1", host: "a"

    """

  /// Healthy, and with one thing wrong: elsewhere the first rule and the status are the same, and nobody is asked.
  @Test(arguments: ["", "config", "yaml", "hidden", "routes", "registry", "silent", "log", "environment"])
  func elsewhereTheSameIsSaid(_ fault: String) throws {
    let stub = try Self.consul(fault == "registry" ? .init(status: 403, body: "Permission denied") : nil)
    let url = fault == "silent" ? "http://127.0.0.1:1" : stub.url
    let section =
      switch fault {
      case "config": "servers: [\"\(url)\"], fetch_interval: \"3\""
      case "yaml": "servers: [\"\(url)\""
      case "hidden": "servers: [\"\(url)\"], token: 1234567890"
      case "environment": "servers: [\"${{CONSUL_URL}}\"]"
      default: "servers: [\"\(url)\"]"
      }
    let folder = try Folder([
      "config.yaml": "# a comment\ndiscovery:\n  consul: {\(section)}\n",
      "apisix.yaml": fault == "routes" ? Self.routes.replacingOccurrences(of: "#END", with: "") : Self.routes,
      "error.log": fault == "log" ? Self.log : "",
    ])
    let ended = try gatecheck(
      [
        "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--log", "error.log", "-o", "json",
        "--bundle", "b.tar.gz", "--env", "A=b",
      ], in: folder.path)
    #expect(FileManager.default.fileExists(atPath: folder["b.tar.gz"]), "\(ended.output)\(ended.errors)")
    stub.stop()
    let other = try Folder([:])
    try FileManager.default.copyItem(atPath: folder["b.tar.gz"], toPath: other["b.tar.gz"])
    let again = try gatecheck("doctor", "--from-bundle", "b.tar.gz", "-o", "json", in: other.path)
    #expect(again.status == ended.status, "\(again.output)\(again.errors)")
    #expect(again.rules == ended.rules, "\(ended.output)\n\(again.output)")
    #expect(ended.rules.isEmpty == (fault == ""), "\(ended.rules)")
    let statuses = { (ended: Ended) in
      (try ended.json()["checks"] as? [[String: Any]] ?? []).filter { $0["category"] as? String != "bundle" }
        .map { "\($0["name"] ?? ""): \($0["status"] ?? "")" }
    }
    #expect(try statuses(again) == statuses(ended))
    // What is new is judged now, what was asked is said to be recorded.
    let checks = try again.json()["checks"] as? [[String: Any]] ?? []
    let recorded = Dictionary(
      checks.map { ($0["name"] as? String ?? "", $0["recorded"] as? Bool ?? false) }, uniquingKeysWith: { $1 })
    #expect(recorded["APISIX 3.18.0 takes config.yaml"] == (fault == "yaml"), "\(recorded)")
    #expect(recorded.first { $0.key.hasPrefix("consul at ") }?.value ?? true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["b.tar.gz"])
    let text = try gatecheck("doctor", "--from-bundle", "b.tar.gz", in: other.path)
    #expect(text.output.contains("from the bundle"), "\(text.output)")
  }

  // MARK: what is no bundle

  /// Made by Python's tarfile, as others would make them.
  private static let script = """
    import gzip, io, tarfile
    def make(name, members, cut=None):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            for path, text, kind in members:
                info = tarfile.TarInfo(path)
                info.type, info.size = kind, len(text) if kind == tarfile.REGTYPE else 0
                if kind == tarfile.SYMTYPE: info.linkname = "/etc/passwd"
                tar.addfile(info, io.BytesIO(text))
        packed = gzip.compress(data.getvalue()[:cut])
        open(name, "wb").write(packed)
    FILE = tarfile.REGTYPE
    make("climbs.tgz", [("../evil", b"x", FILE)])
    make("root.tgz", [("/etc/evil", b"x", FILE)])
    make("link.tgz", [("bundle.json", b"", tarfile.SYMTYPE)])
    make("folder.tgz", [("a", b"", tarfile.DIRTYPE)])
    make("twice.tgz", [("a", b"1", FILE), ("a", b"2", FILE)])
    make("other.tgz", [("readme", b"hello", FILE)])
    make("half.tgz", [("bundle.json", b"x" * 4000, FILE)], cut=2000)
    make("newer.tgz", [("bundle.json", b'{"bundle": 2, "gatecheck": "9.0"}', FILE)])
    make("bare.tgz", [("bundle.json", b'{"bundle": 1, "gatecheck": "0.1"}', FILE)])
    make("server.tgz", [("bundle.json", b'{"bundle": 1, "gatecheck": "0.1", "files": [{"member": "r", "kind": "routes", '
        b'"path": "http://127.0.0.1:1/", "apisix": "3.18.0"}]}', FILE), ("doctor.json", b'{"checks": []}', FILE),
        ("r", b"routes: []", FILE)])
    open("huge.tgz", "wb").write(gzip.compress(b"\\0" * (100 << 20)))
    open("text.tgz", "w").write("hello")
    open("plain.tgz", "wb").write(gzip.compress(b"hello" * 500))
    whole = gzip.compress(b"hello" * 50000)
    open("cut.tgz", "wb").write(whole[:len(whole) // 2])
    open("bad.tgz", "wb").write(whole[:20] + b"\\xff" * 20 + whole[40:])
    open("empty.tgz", "w").close()
    """

  @Test func whatIsNoBundle() throws {
    let folder = try Folder(["make.py": Self.script])
    let made = try execute("python3", ["make.py"], in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let told = [
      "climbs": #"it has a member "../evil", which no bundle has"#, "root": #"it has a member "/etc/evil""#,
      "link": #"it has a member "bundle.json", which"#, "folder": "it has a member", "twice": #"it has a member "a""#,
      "other": "it is no bundle of gatecheck: no bundle.json", "half": "it is cut short",
      "newer": "a newer gatecheck wrote it", "bare": "no doctor.json", "server": "a file is none",
      "huge": "unpacked it is over 64 MiB", "text": "it is no gzip", "plain": "it is no tar", "cut": "it is cut short",
      "bad": "it is damaged", "empty": "it is no gzip",
    ]
    for (name, words) in told {
      let ended = try gatecheck("doctor", "--from-bundle", "\(name).tgz", in: folder.path)
      #expect(ended.status == 3 && ended.output == "", "\(name): \(ended.output)")
      #expect(ended.errors.hasPrefix("gatecheck: \(name).tgz: ") && ended.errors.contains(words), "\(ended.errors)")
    }
    let missing = try gatecheck("doctor", "--from-bundle", "nowhere.tgz", "-o", "json", in: folder.path)
    #expect(missing.status == 3 && missing.rules == ["input/not-found"], "\(missing.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }
}
