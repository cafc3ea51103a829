import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// What `--upgrade-to` says: each change of a release in a file that shows it, and a twin that says the same to both.
@Suite struct UpgradeTests {
  struct Change: CustomTestStringConvertible, Sendable {
    let feature: Feature
    /// The first release that lacks the feature again, in place of the first that has it.
    var until = false
    var name = "config.yaml"
    let text: String
    /// `LINE RULE` of each finding, of the area `upgrade` both.
    let shown: [String]
    /// For the twin: what to write in place of what.
    let mend: (from: String, to: String)
    /// Those that the newest release does not do any more, or does with another word.
    let passes: Set<Feature> = [.keepsLastInstances, .slicesKey, .watchesSlices, .trimsTokens]
    var testDescription: String { "\(feature)\(until ? ", its end" : "")" }

    /// The release that brings the change, and the one before it.
    var releases: (old: Release, new: Release)? {
      let new = until ? feature.until : feature.since
      return new.flatMap { new in Release.known.last { $0 < new }.map { ($0, new) } }
    }
  }

  private static func registry(_ kind: String, _ lines: String...) -> String {
    "discovery:\n  \(kind):\n" + lines.map { "    \($0)\n" }.joined()
  }

  private static let server = "servers: [\"http://127.0.0.1:8500\"]"
  private static let service = "service: {host: kube.example.com, port: \"6443\"}"
  /// The registry is another one, to which nothing happens.
  private static func instead(of text: String) -> (from: String, to: String) {
    (text, registry("dns", "servers: [\"127.0.0.1:53\"]"))
  }

  static let changes: [Change] = {
    let consul = registry("consul", server)
    let nacos = registry("nacos", "host: [\"http://127.0.0.1:8848\"]")
    let own = "discovery:\n  kubernetes: {}\n"
    let tars = registry(
      "tars", "db_conf:", "  host: db.example.com", "  database: a", "  user: b", "  password: \"${{P}}\"")
    let list = "discovery:\n  kubernetes:\n    - id: first\n      \(service)\n      client: {token: \"${{T}}\"}\n"
    let slices = registry("kubernetes", service, "client: {token: \"${{T}}\"}", "watch_endpoint_slices: true")
    let listOfLong = list.replacing("first", with: "firstclusterid")
    func sized(_ size: String) -> String {
      registry("kubernetes", service, "client: {token: \"${{T}}\"}", "shared_size: \(size)")
    }
    return [
      Change(
        feature: .exportsVariables, text: own, shown: ["2 behaviour", "2 behaviour"],
        mend: ("discovery", "nginx_config:\n  envs: [KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT]\ndiscovery")),
      Change(feature: .tars, text: tars, shown: ["2 behaviour"], mend: instead(of: tars)),
      Change(feature: .severalClusters, text: list, shown: ["3 behaviour"], mend: instead(of: list)),
      Change(
        feature: .optionalCredential,
        text: registry("kubernetes", service, "client:", "  token: \"${{T}}\"", "  token_file: /etc/apisix/token"),
        shown: ["5 behaviour", "6 behaviour"], mend: ("      token_file: /etc/apisix/token\n", "")),
      Change(feature: .sharedSize, text: sized("5m"), shown: ["5 now-read"], mend: ("    shared_size: 5m\n", "")),
      Change(
        feature: .trimsTokens, text: registry("kubernetes", service, "client:", "  token: \"abc.def\\n\""),
        shown: ["5 behaviour"], mend: ("\\n", "")),
      Change(
        feature: .dnsOrder, text: registry("dns", "servers: [\"127.0.0.1:53\"]", "order: [A, CNAME]"),
        shown: ["4 now-read"], mend: ("    order: [A, CNAME]\n", "")),
      Change(feature: .consul, text: consul, shown: ["2 behaviour"], mend: instead(of: consul)),
      Change(feature: .consulCatalogue, text: consul, shown: ["2 behaviour"], mend: instead(of: consul)),
      Change(feature: .consulHealth, text: consul, shown: ["2 behaviour"], mend: instead(of: consul)),
      Change(
        feature: .fillsKeys, text: "discovery:\n  \"${{R:=consul_kv}}\":\n    \(server)\n", shown: ["3 read-otherwise"],
        mend: ("\"${{R:=consul_kv}}\"", "consul_kv")),
      Change(
        feature: .resolvConf, text: registry("dns", "resolv_conf: /etc/resolv.conf"),
        shown: ["3 behaviour", "3 now-read"], mend: ("resolv_conf: /etc/resolv.conf", "servers: [\"127.0.0.1:53\"]")),
      Change(
        feature: .refusesUnknownUpstreamKeys, name: "apisix.yaml",
        text: """
          upstreams:
            - id: 1
              type: roundrobin
              service_name: cart
              discovery_type: nacos
              weights: 1
          #END

          """, shown: ["6 refused"], mend: ("    weights: 1\n", "")),
      Change(
        feature: .tinyyaml044, text: registry("consul_kv", server, "prefix: 'it''s'"), shown: ["4 read-otherwise"],
        mend: ("'it''s'", "\"it's\"")),
      Change(
        feature: .consulToken, text: registry("consul_kv", server, "token: \"${{T}}\""), shown: ["4 now-read"],
        mend: ("    token: \"${{T}}\"\n", "")),
      Change(
        feature: .nacosKeys, text: nacos + "    access_key: \"${{A}}\"\n    secret_key: \"${{S}}\"\n",
        shown: ["4 now-read", "5 now-read"],
        mend: ("    access_key: \"${{A}}\"\n    secret_key: \"${{S}}\"\n", "")),
      Change(
        feature: .consulSort, text: consul + "    sort_type: host_sort\n", shown: ["2 behaviour", "4 now-read"],
        mend: instead(of: consul + "    sort_type: host_sort\n")),
      Change(
        feature: .slicesKey, text: slices, shown: ["5 ignored"], mend: ("    watch_endpoint_slices: true\n", "")),
      Change(
        feature: .lyaml,
        text: registry("kubernetes", "service: {host: kube.example.com, port: 6443}", "client: {token: \"${{T}}\"}"),
        shown: ["3 refused"], mend: ("6443", "\"6443\"")),
      Change(
        feature: .refusesPartOfEtcd, text: nacos + "etcd:\n  host: [\"http://127.0.0.1:2379\"]\n",
        shown: ["4 refused"], mend: ("  host:", "  prefix: /apisix\n  host:")),
      Change(
        feature: .longSharedSize, text: sized("100m"), shown: ["5 behaviour"], mend: ("100m", "99m")),
      Change(
        feature: .rereadsTokenFile, text: own, shown: ["2 behaviour"],
        mend: ("kubernetes: {}", "kubernetes:\n    \(service)\n    client: {token: \"${{T}}\"}")),
      Change(
        feature: .rereadsTokenFile, text: own.replacing("{}", with: "\n    client: {token_file: /etc/apisix/token}"),
        shown: ["3 behaviour"],
        mend: ("client: {token_file: /etc/apisix/token}", "client: {token: \"${{T}}\"}")),
      Change(
        feature: .keepsLastInstances, text: nacos, shown: ["2 behaviour"], mend: instead(of: nacos)),
      Change(
        feature: .keepsLastInstances, until: true, text: nacos, shown: ["2 behaviour", "2 behaviour"],
        mend: instead(of: nacos)),
      Change(
        feature: .nacosZone,
        text: "nginx_config:\n  http:\n    custom_lua_shared_dict:\n      nacos: 5m\n"
          + own
          .replacing("{}", with: "{client: {token: \"${{T}}\"}}"),
        shown: ["4 refused"], mend: ("nacos:", "mine:")),
      Change(feature: .consulDefaultPort, text: consul, shown: ["2 behaviour"], mend: instead(of: consul)),
      Change(
        feature: .pcre2,
        text: registry(
          "kubernetes", service, "client: {token: \"${{T}}\"}", "namespace_selector:", "  match: ['^a[\\w-.]+$']"),
        shown: ["6 behaviour"], mend: ("\\w-.", "\\w.-")),
      Change(feature: .longIDs, text: listOfLong, shown: ["3 behaviour"], mend: ("firstclusterid", "first")),
      Change(
        feature: .watchesSlices, text: slices, shown: ["5 behaviour", "5 behaviour"],
        mend: ("watch_endpoint_slices: true", "watch_endpoint_slices: false")),
      Change(
        feature: .readsSlices, text: slices, shown: ["2 behaviour", "5 behaviour"], mend: instead(of: slices)),
      Change(
        feature: .dnsFinalRecords, text: registry("dns", "servers: [\"127.0.0.1:53\"]", "order: [A]"),
        shown: ["4 behaviour"], mend: ("order: [A]", "order: [A, CNAME]")),
      Change(feature: .dropsUnlisted, text: own, shown: ["2 behaviour"], mend: instead(of: own)),
      Change(
        feature: .triesOtherHosts, text: nacos.replacing("]", with: ", \"http://127.0.0.2:8848\"]"),
        shown: ["2 behaviour", "3 behaviour"],
        mend: instead(of: nacos.replacing("]", with: ", \"http://127.0.0.2:8848\"]"))),
      Change(
        feature: .consulSharedSize, text: consul + "    shared_size: 5m\n", shown: ["2 behaviour", "4 now-read"],
        mend: instead(of: consul + "    shared_size: 5m\n")),
      Change(
        feature: .eurekaHostNames, text: registry("eureka", "host: [\"http://127.0.0.1:8761\"]", "prefix: /eureka/"),
        shown: ["2 behaviour"],
        mend: instead(of: registry("eureka", "host: [\"http://127.0.0.1:8761\"]", "prefix: /eureka/"))),
      Change(
        feature: .nacosHostsOptional, text: nacos, shown: ["2 behaviour", "2 behaviour"], mend: instead(of: nacos)),
      Change(
        feature: .consulSkipsNameless, text: consul, shown: ["2 behaviour", "2 default-changed"],
        mend: instead(of: consul)),
      Change(
        feature: .sslVerify, text: own.replacing("{}", with: "\n    service:\n      ssl_verify: false"),
        shown: ["4 now-read"], mend: ("\n    service:\n      ssl_verify: false", "{}")),
      Change(
        feature: .fillsInStandaloneText, name: "apisix.yaml",
        text: "routes:\n  - uri: /a\n    priority: \"${{P:=1}}\"\n    service_id: 1\n#END\n", shown: ["3 behaviour"],
        mend: ("\"${{P:=1}}\"", "${{P:=1}}")),
      Change(
        feature: .hidesNacosPassword, text: nacos.replacing("//", with: "//user:${{P}}@"),
        shown: ["2 behaviour", "2 behaviour", "3 behaviour"],
        mend: instead(of: nacos.replacing("//", with: "//user:${{P}}@"))),
      Change(
        feature: .largeSharedSize, text: own, shown: ["2 default-changed"],
        mend: ("{}", "{shared_size: 2m}")),
      Change(
        feature: .exactVariables,
        text: registry(
          "kubernetes", service, "client:", "  token: ${KUBE_TOKEN}", "  token_file: ${KUBE_TOKEN_FILE}",
          "shared_size: 2m"),
        shown: ["5 behaviour"], mend: ("KUBE_TOKEN_FILE", "FILE")),
      Change(
        feature: .refusesControlCharacters,
        text: registry("kubernetes", service, "client: {token_file: \"${A\\tB}\"}", "shared_size: 2m"),
        shown: ["4 refused"], mend: ("\\t", "")),
    ]
  }()

  /// What no configuration shows, and why.
  static let unshown: [Feature: String] = [
    .squeezesTokens: "only files with tokens show it", .logsBadNames: "only the log", .asciiBadNames: "only the log",
    .logsUnknownClusters: "only the log", .consulKeys: "only dumps and the log",
    .sendsEmptyToken: "only while the token file is missing", .skipsNameless: "no API server sends such objects",
    .sortsNodes: "the order alone changes no node", .limitsEvents: "only thousands of instances show it",
    .nacosUnread: "only while Nacos gives answers that cannot be read",
  ]

  private func lint(_ change: Change, _ text: String, from old: Release, to new: Release) -> [Finding] {
    LintResult.of((change.name, text), release: old, upgradeTo: new).findings.filter {
      $0.rule.id.hasPrefix("upgrade/")
    }.sorted { ($0.range?.start.line ?? 0, $0.rule.id) < ($1.range?.start.line ?? 0, $1.rule.id) }
  }

  /// Two documents of one file have the same paths.
  @Test(arguments: [["128m", "1g"], ["1g", "128m"]]) func documentsAreToldApart(sizes: [String]) {
    let maps = zip(["a", "b"], sizes).map { name, size in
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\ndata:\n  config.yaml: |\n"
        + Self.registry("kubernetes", Self.service, "client: {token: \"${{T}}\"}", "shared_size: \(size)")
        .split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    let found = LintResult.of(
      ("maps.yaml", maps.joined(separator: "---\n")), release: Release(3, 8), upgradeTo: Release(3, 18)
    ).findings.filter { $0.rule.id.hasPrefix("upgrade/") && $0.message.contains("shared_size") }
    #expect(found.count == 1 && found[0].message.contains("is above 99m"), "\(found.map(\.message))")
  }

  @Test(arguments: changes) func aChangeIsToldAtItsLineWithItsRelease(change: Change) throws {
    let (old, new) = try #require(change.releases)
    let found = lint(change, change.text, from: old, to: new)
    #expect(found.lines == change.shown.map { $0.replacing(" ", with: " upgrade/") }, "\(found.map(\.message))")
    #expect(found.allSatisfy { $0.message.contains(new.announced.description) }, "\(found.map(\.message))")
    // On a longer way it is the same release that does it.
    let whole = lint(change, change.text, from: old, to: .newest).map(\.message)
    #expect(
      whole.contains { $0.contains(new.announced.description) } || change.passes.contains(change.feature), "\(whole)")
    #expect(change.text.contains(change.mend.from))
    let twin = change.text.replacing(change.mend.from, with: change.mend.to)
    #expect(lint(change, twin, from: old, to: new).map(\.message) == [])
  }

  /// Whoever adds a feature says what of a file it changes, or why nothing shows it.
  @Test(arguments: Feature.allCases) func everyFeatureIsShown(feature: Feature) {
    #expect(Self.changes.contains { $0.feature == feature } != (Self.unshown[feature] != nil))
  }

  @Test(arguments: changes) func theWayBackIsToldAsWell(change: Change) throws {
    let (old, new) = try #require(change.releases)
    #expect(!lint(change, change.text, from: new, to: old).isEmpty)
  }

  @Test(
    "values that both read alike, or that nobody reads, are told by none, others once a line",
    arguments: [
      ("nginx_config:\n  main_configuration_snippet: |\n    # of nginx\n    env A;\n", []),
      ("graphql: {a: x}\nplugins: [a]\nplugins: [a]\n", []),
      ("discovery:\n  consul_kv:\n    prefix: a\n    prefix: b\n", ["4 upgrade/read-otherwise"]),
      ("apisix:\n  node_listen: [1, 2, 3]\n", ["2 upgrade/read-otherwise"]),
      ("apisix:\n  proxy_cache:\n    cache_levels: 1:2\n", ["3 upgrade/read-otherwise"]),
    ])
  func values(text: String, shown: [String]) {
    let found = LintResult.of(("config.yaml", text), release: Release(3, 9, 1), upgradeTo: Release(3, 10)).findings
    #expect(found.filter { $0.rule.id.hasPrefix("upgrade/") }.lines == shown, "\(found.map(\.message))")
  }

  @Test func aSecretIsNotShown() {
    let key = "      - name: a\n        key: 0x1234567890\n        role: admin\n"
    let text = "deployment:\n  admin:\n    admin_key:\n" + key
    let found = LintResult.of(("config.yaml", text), release: Release(3, 9, 1), upgradeTo: Release(3, 10)).findings
      .filter { $0.rule == UpgradeRules.readOtherwise }
    #expect(found.map(\.help) == ["write it in quotes, on a line of its own"])
    #expect(found.allSatisfy { !$0.message.contains("78187493520") && !$0.message.contains("1234567890") })
  }

  @Test func everyPairOfReleasesIsCompared() {
    for text in ["discovery:\n  kubernetes: {}\n", "discovery:\n  dns: {servers: [\"127.0.0.1:53\"]}\n"] {
      let lines = Release.known.filter { release in Release.known.last { $0.line == release.line } == release }
      for from in lines {
        for to in lines {
          let found = LintResult.of(("config.yaml", text), release: from, upgradeTo: to).findings
          let told = found.filter { $0.rule.id.hasPrefix("upgrade/") }
          #expect(told.allSatisfy { $0.severity < .error && $0.rule != UpgradeRules.readOtherwise })
          #expect(told.isEmpty || from != to && text.contains("kubernetes"))
        }
      }
    }
  }
}
