import Foundation
import TestSupport
import Testing

/// `doctor --bundle` and `--from-bundle`: what is passed on, that no secret is, and that elsewhere the same is said.
@Suite struct DoctorBundleTests {
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
    "DEFAULT": "cnry21default99", "CHECK": "cnry22check",
  ]

  private static func filled(_ text: String) -> String {
    canaries.sorted { $0.key.count > $1.key.count }.reduce(text) {
      $0.replacingOccurrences(of: "<\($1.key)>", with: $1.value)
    }
  }

  @Test func noSecretIsInIt() throws {
    let stub = try StubServer.consul()
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
            upstream: {type: roundrobin, discovery_type: consul, service_name: web, checks: {active: {req_headers: ["X-Mine: <CHECK>"]}}} # <ROUTECOMMENT>
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
    let stub = try StubServer.consul()
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
    let stub = try StubServer.consul { _ in
      fault == "registry" ? .init(status: 403, body: "Permission denied") : nil
    }
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
      try ended.checks().filter { $0["category"] as? String != "bundle" }
        .map { "\($0["name"] ?? ""): \($0["status"] ?? "")" }
    }
    #expect(try statuses(again) == statuses(ended))
    // What is new is judged now, what was asked is said to be recorded.
    let checks = try again.checks()
    let recorded = Dictionary(
      checks.map { ($0["name"] as? String ?? "", $0["recorded"] as? Bool ?? false) }, uniquingKeysWith: { $1 })
    #expect(recorded["APISIX 3.18.0 takes config.yaml"] == (fault == "yaml"), "\(recorded)")
    #expect(recorded.first { $0.key.hasPrefix("consul at ") }?.value ?? true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["b.tar.gz"])
    let text = try gatecheck("doctor", "--from-bundle", "b.tar.gz", in: other.path)
    #expect(text.output.contains("from the bundle"), "\(text.output)")
  }

  /// Several clusters: each keeps its own.
  @Test func eachInstallationKeepsItsOwn() throws {
    let stub = try StubServer.consul()
    let folder = try Folder([
      "config.yaml": "discovery: {consul: {servers: [\"\(stub.url)\"], fetch_interval: \"3\"}}\n",
      "kube": """
      apiVersion: v1
      kind: Config
      current-context: east
      contexts: [{name: east, context: {cluster: k, user: u}}, {name: west, context: {cluster: k, user: u}}]
      clusters: [{name: k, cluster: {server: "https://127.0.0.1:1"}}]
      users: [{name: u, user: {token: Zq7Wx9Lm2Rt5Zq7Wx9Lm2Rt5}}]

      """,
    ])
    let ended = try gatecheck(
      "doctor", "--config", "config.yaml", "--kubeconfig", "kube", "--context", "east", "--context", "west", "-o",
      "json",
      "--bundle", "b.tar.gz", in: folder.path)
    stub.stop()
    let again = try gatecheck("doctor", "--from-bundle", "b.tar.gz", "-o", "json", in: folder.path)
    #expect(again.rules == ended.rules && again.status == ended.status, "\(ended.output)\n\(again.output)")
    let checks = try again.checks()
    let judged = checks.filter { $0["recorded"] == nil }.compactMap { $0["installation"] as? String }
    #expect(judged == ["east", "west"], "\(again.output)")
  }
}
