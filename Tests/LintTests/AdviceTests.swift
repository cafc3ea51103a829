import APISIX
import Findings
import Inputs
import SourceText
import Testing

@testable import Lint

/// What lint advises: it can be written as it stands, and it is not there already.
@Suite struct AdviceTests {
  private static func lint(
    _ text: String, path: String = "file.yaml", environment: Environment = .unknown,
    files: [String: String]? = nil, release: Release = .newest
  ) -> [Finding] {
    let lookup: @Sendable (String) -> FileAnswer = { path in
      files.map { $0[path].map { .content(Array($0.utf8)) } ?? .missing } ?? .unknown
    }
    return Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in
      Conditions(release: release, environment: environment, files: lookup)
    }.check([LintInput(path: path, bytes: Array(text.utf8), named: true)]).findings
  }

  private static func said(_ findings: [Finding]) -> [String] {
    findings.map { "\($0.severity) \($0.rule.id): \($0.help ?? "-")" }
  }

  @Test(arguments: [
    (" default/cart:http", "write default/cart:http"), ("default/cart/http", "write default/cart:http"),
    ("default:cart:http", "write default/cart:http"), ("/default/cart:http", "write default/cart:http"),
    ("http://default/cart:http", "write default/cart:http"), ("default/cart\u{FF1A}http", "write default/cart:http"),
    ("default/CART:http", "write default/cart:http"), ("default/cart:HTTP", "write default/cart:http"),
    ("default/cart:http/", "write default/cart:http"), ("cart:tcp8080", "write NAMESPACE/cart:tcp8080"),
    ("default/cart:grpc_port", "write NAMESPACE/NAME:PORT"),
    ("cart", "write NAMESPACE/cart:PORT, the name of the port in the Service"),
    (
      "cart:tcp8080;default/web:http",
      "make an upstream of each, and share the traffic out with the plugin traffic-split"
    ),
    (
      "default/a:b,default/c:d", "make an upstream of each, and share the traffic out with the plugin traffic-split"
    ),
  ])
  func aServiceNameIsToldAsItIsToBeWritten(name: String, help: String) {
    func text(_ name: String) -> String {
      "upstreams:\n  - id: a\n    discovery_type: kubernetes\n    service_name: \"\(name)\"\n#END\n"
    }
    let findings = Self.lint(text(name))
    #expect(findings.map(\.help) == [help])
    // What is told is right.
    if help == "write default/cart:http" { #expect(Self.lint(text("default/cart:http")).isEmpty) }
  }

  @Test(arguments: [
    (
      "discovery:\n  nacos: {host: [\"http://a:8848\"], prefix: /nacos/v1/}\n  nacoss: {}\n",
      "error discovery/unknown-registry: nacos is there already: take nacoss out"
    ),
    (
      "discovery:\n  kubernetes:\n    shared_size: 64m\n    shared_sizes: 64m\n",
      "warning discovery/unknown-key: shared_size is there already: take shared_sizes out"
    ),
    (
      "upstreams:\n  - id: a\n    discovery_type: nacos\n    discovery: nacos\n    service_name: A\n#END\n",
      "error upstream/unknown-key: discovery_type is there already: take discovery out"
    ),
    (
      "upstreams:\n  - id: a\n    discovery_type: nacos\n    service_name: A\n    discovery_args: {group_name: g, group: g}\n#END\n",
      "warning discovery-args/unknown: group_name is there already: take group out"
    ),
    (
      "kind: ServiceAccount\napiVersion: v1\nmetadata: {name: a}\nsecrets: []\nsecretss: []\n",
      "warning manifest/unknown-field: secrets is there already: take secretss out"
    ),
  ])
  func whatIsThereIsNotAdvised(text: String, says: String) {
    let said = Self.said(Self.lint(text))
    #expect(said.contains(says), "\(said)")
    #expect(!said.contains { $0.hasSuffix("did you mean nacos?") })
  }

  @Test(arguments: [
    "...", "xxx", "TOKEN", "eyJ...", "eyJhbGciOi...", "eyJhbGciOi\u{2026}", "@TOKEN@", "%KUBE_TOKEN%",
    "your-token", "\u{586B}\u{5199}",
  ])
  func aPlaceholderIsNoToken(token: String) {
    let findings = Self.lint("discovery:\n  kubernetes:\n    client: {token: \"\(token)\"}\n")
    #expect(findings.map(\.rule.id) == ["token/placeholder"])
  }

  /// The severity, the rule and what to write, whether or not something is there already.
  @Test(arguments: [
    (
      "discovery:\n  nacos:\n",
      "error discovery/registry-empty: below it write host: [\"http://127.0.0.1:8848\"]; nacos requires it"
    ),
    (
      "discovery:\n  consul_kv:\n  kubernetes: {}\n",
      "warning discovery/registry-empty: below it write servers: [\"http://127.0.0.1:8500\"]; consul_kv requires it"
    ),
    (
      "discovery:\n  dns:\n",
      "error discovery/registry-empty: below it write servers: [\"127.0.0.1:53\"]; dns requires it"
    ),
    ("discovery:\n  kubernetes:\n", "error discovery/registry-empty: for all defaults write kubernetes: {}"),
    (
      "discovery:\n  eureka:\n    host: http://e1:8761,http://e2:8761\n",
      "error discovery/invalid-value: write it as a list: host: [\"http://e1:8761\", \"http://e2:8761\"]"
    ),
    (
      "discovery:\n  consul:\n    servers: \"http://a:8500, http://b:8500\"\n",
      "error discovery/invalid-value: write it as a list: servers: [\"http://a:8500\", \"http://b:8500\"]"
    ),
    (
      "discovery:\n  nacos:\n    host: http://u:p,w@n:8848\n",
      "error discovery/invalid-value: write it as a list: host: [\"…\"]"
    ),
    (
      "discovery:\n  kubernetes:\n    namespace_selector: {match: \"default,prod\"}\n",
      "error kubernetes/selector-not-list: write match: [default, prod]"
    ),
    (
      "discovery:\n  kubernetes:\n    namespace_selector: {match: \"a{1,3}\"}\n",
      "error kubernetes/selector-not-list: write match: [a{1,3}]"
    ),
    (
      "discovery:\n  eureka:\n    prefix: /eureka/\n    host: [\"http://e1:8761,http://e2:8761\"]\n",
      "error eureka/address: make each an item of its own"
    ),
    (
      "discovery:\n  eureka:\n    prefix: /eureka/\n    host: [\"http://e:8761\"]\n    weight: ${{W:-5}}\n",
      "note placeholder/unknown: APISIX writes it ${{W:=5}}"
    ),
    (
      "discovery:\n  kubernetes:\n    service: {host: \"https://${K8S_HOST}\"}\n",
      "error kubernetes/host-invalid: use two braces, which APISIX fills in itself: host: ${{K8S_HOST}} without the "
        + "scheme"
    ),
    (
      "discovery:\n  nacos:\n    host: [\"http://$NACOS:8848\"]\n",
      "error nacos/address: use two braces, which APISIX fills in itself: ${{NACOS}}"
    ),
  ])
  func whatIsToBeWrittenIsTold(text: String, says: String) {
    let said = Self.said(Self.lint(text))
    #expect(said.contains(says), "\(said)")
  }

  /// Between 3.9 and 3.14 it is there, and does nothing or what is wrong.
  @Test(arguments: [Release(3, 2), Release(3, 8)]) func aReleaseInWhichItWorksIsAdvised(_ release: Release) {
    let said = Self.said(Self.lint("discovery:\n  kubernetes: {watch_endpoint_slices: true}\n", release: release))
    #expect(said.contains { $0.hasSuffix("use 3.15.0 or newer, or remove it") }, "\(said)")
  }

  @Test func anItemForEachPartIsNoSafeFix() {
    for (text, list) in [
      ("discovery:\n  eureka:\n    host: http://a:1,http://b:2\n", "[\"http://a:1\", \"http://b:2\"]"),
      (
        "discovery:\n  kubernetes:\n    namespace_selector:\n      match: default,prod\n",
        "[\"default\", \"prod\"]"
      ),
    ] {
      let fixes = Self.lint(text).compactMap(\.fix)
      #expect(fixes.map(\.safe) == [false] && fixes.first?.edits.map(\.text) == [list], "\(fixes)")
    }
  }

  private static let jwt =
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6YTpiIn0.c2ln"
  private static let file = "discovery:\n  kubernetes:\n    client: {token_file: /t}\n"
  private static let variable =
    "discovery:\n  kubernetes:\n    service: {host: 10.0.0.5, port: \"6443\"}\n    client:\n      token: ${T}\n"

  /// A file below --root and a variable of --env are judged as the text in the configuration would be.
  @Test func theTokenOfAFileAndOfAVariableIsJudged() {
    for (token, rules) in [
      (Self.jwt, []), (Self.jwt + "\n", []), ("Bearer " + Self.jwt, ["token/prefixed"]),
      ("Bearer " + Self.jwt + "\n", ["token/prefixed"]), ("'\(Self.jwt)'", ["token/quoted"]),
      ("<token>", ["token/placeholder"]),
      (Self.jwt.replacing(".", with: ".\n"), ["token/whitespace"]),
    ] as [(String, [String])] {
      #expect(Self.lint(Self.file, files: ["/t": token]).map(\.rule.id) == rules)
      #expect(Self.lint(Self.variable, environment: .known(["T": token])).map(\.rule.id) == rules)
    }
    #expect(Self.lint(Self.file).isEmpty)
    #expect(Self.lint(Self.variable).isEmpty)
    // 3.0 to 3.12 take the line break out.
    let broken = Self.lint(
      Self.variable, environment: .known(["T": Self.jwt.replacing(".", with: ".\n")]), release: Release(3, 8))
    #expect(broken.isEmpty)
  }

  @Test func theFilesOfTheHostAreLookedAt() {
    let dns = "discovery:\n  dns: {resolv_conf: /r}\n"
    #expect(Self.lint(dns).isEmpty)
    #expect(Self.lint(dns, files: [:]).map(\.rule.id) == ["dns/no-nameserver"])
    #expect(Self.lint(dns, files: ["/r": "search a\n"]).map(\.rule.id) == ["dns/no-nameserver"])
    #expect(Self.lint(dns, files: ["/r": "nameserver 10.96.0.10\n"]).isEmpty)
    let ssl =
      "apisix:\n  ssl: {ssl_trusted_certificate: \"system, /ca.crt\"}\ndiscovery: {dns: {servers: [\"10.0.0.1\"]}}\n"
    #expect(Self.lint(ssl).isEmpty)
    #expect(Self.lint(ssl, files: [:]).map(\.rule.id) == ["config/trusted-certificate"])
    #expect(Self.lint(ssl, files: ["/ca.crt": ""]).isEmpty)
    let one = ssl.replacing("system, ", with: "")
    #expect(Self.lint(one, files: ["/ca.crt": ""]).map(\.rule.id) == ["config/trusted-certificate"])
    #expect(Self.lint(one, files: ["/ca.crt": "-----BEGIN CERTIFICATE-----\n"]).isEmpty)
  }

  @Test func aStandaloneFileIsAllThatThereIs() {
    func rules(_ text: String, _ path: String = "apisix.yaml") -> [String] {
      Self.lint(text, path: path).map { "\($0.severity) \($0.rule.id)" }
    }
    for text in ["", "#END\n", "# later\n\n#END\n", "---\n#END\n"] {
      #expect(rules(text) == ["error standalone/empty"])
    }
    #expect(rules("hello\n#END\n") == ["warning standalone/empty"])
    #expect(rules("routes: []\n#END\n") == [])
    #expect(rules("# notes\n", "other.yaml") == ["note input/other-program"])
    let route = "routes:\n  - uri: /a\n    upstream_id: 1\n"
    #expect(rules(route + "#END\n") == ["error standalone/reference-not-found"])
    let upstream = "upstreams:\n  - nodes: {\"10.0.0.1:80\": 1}\n"
    #expect(rules(route + upstream + "    id: 1\n#END\n") == [])
    #expect(rules(route.replacing("id: 1", with: "id: arr_1") + upstream + "#END\n") == [])
    #expect(rules(route.replacing("upstream_id: 1", with: "plugin_config_id: p") + "#END\n").count == 1)
    #expect(
      rules("routes:\n  - id: a\n    upstream: {nodes: {\"10.0.0.1:80\": 1}}\n#END\n")
        == ["error standalone/route-without-uri"])
  }

  @Test func anEtcdSectionOfAPISIX2MayStopAPISIX3() {
    let text =
      "apisix: {node_listen: 9080}\netcd: {host: [\"http://127.0.0.1:2379\"]}\ndiscovery: {dns: {servers: [\"10.0.0.1\"]}}\n"
    func severities(_ text: String, _ release: Release = .newest) -> [Severity] {
      Self.lint(text, release: release).filter { $0.rule.id == "config/etcd-section" }.map(\.severity)
    }
    #expect(severities(text, Release(2, 15)) == [] && severities(text, Release(3, 8)) == [])
    #expect(severities(text) == [.note])
    #expect(severities("deployment: {role: traditional}\n" + text) == [.error])
    #expect(severities(text.replacing("etcd: {", with: "etcd: {prefix: /apisix, ")) == [])
  }

  /// A file of a registry is found as a module; only a name without any keeps nginx from starting.
  @Test(arguments: [
    ("k8s", "nginx does not start; did you mean kubernetes?"),
    ("kubernetes.core", "every worker fails while it starts, and each request gets 500; did you mean kubernetes?"),
    ("kubernetes/init", "APISIX finds the file, but no settings for it; did you mean kubernetes?"),
  ])
  func whatAWrongRegistryDoes(_ name: String, _ words: String) {
    let found = Self.lint("discovery:\n  \(name): {service: {host: 10.0.0.1}}\n").filter {
      $0.rule.id == "discovery/unknown-registry"
    }
    #expect(found.map(\.message) == ["APISIX has no registry \"\(name)\"; \(words)"])
  }

  @Test func aZoneLargerThanMemoryIsTold() {
    func severities(_ size: String) -> [Severity] {
      Self.lint("discovery:\n  consul: {servers: [\"http://a:8500\"], shared_size: \(size)}\n").map(\.severity)
    }
    #expect(severities("64m") == [] && severities("4096m") == [])
    #expect(severities("8192m") == [.note] && severities("1048576m") == [.warning])
  }
}
