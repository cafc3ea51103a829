import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Whose a file is: told from its keys with what stands below them, its name and its folder.
@Suite struct FileKindTests {
  private struct Look {
    let kind: String?
    let rules: [String]
    let hasFix: Bool
  }

  /// What lint says of one file; nil where a folder's files are meant and it is passed over.
  private func look(_ path: String, _ text: String, named: Bool = true, kind: FileKind? = nil) -> Look? {
    let linter = Linter(Catalogue([]), now: 1_800_000_000, kind: kind) { _ in Conditions() }
    let result = linter.check([LintInput(path: path, bytes: Array(text.utf8), named: named)])
    return result.files.first.map { file in
      Look(
        kind: file.kind, rules: result.findings.map(\.rule.id), hasFix: result.findings.contains { $0.fix != nil })
    }
  }

  private static let cluster = """
      kubernetes:
        service: {schema: https, host: 10.0.0.1, port: 6443}
        client: {token_file: /var/run/secrets/token}

    """

  /// Files of other programs. Each shares a name with APISIX.
  private static let others: [(path: String, text: String)] = [
    ("etcd.conf.yml", "name: default\ndata-dir: /data\ndiscovery: https://discovery.etcd.io/abc\n"),
    ("etcd/config.yaml", "name: default\ndata-dir: /data\ndiscovery:\ninitial-cluster:\n"),
    ("elasticsearch.yml", "discovery:\n  type: single-node\n"),
    ("elasticsearch/config.yaml", "network: {host: 0.0.0.0}\ndiscovery:\n  seed_hosts: [a, b]\n"),
    ("configuration.yaml", "homeassistant: {name: Home}\ndiscovery:\nhttp:\n"),
    ("application.yml", "spring:\n  cloud:\n    nacos:\n      discovery: {server-addr: nacos:8848}\n"),
    ("bootstrap.yml", "discovery:\n  nacos:\n    server-addr: nacos:8848\nserver: {port: 80}\n"),
    ("app/config.yaml", "server: {port: 80}\nlog: {level: info}\ndiscovery:\n  consul:\n    address: consul:8500\n"),
    ("app/config.yaml", "server: {port: 80}\ndiscovery:\n  consul:\n    servers: [\"http://consul:8500\"]\n"),
    ("agent.yaml", "server: {port: 80}\ndiscovery:\n  eureka:\n    host: [\"http://eureka:8761\"]\n"),
    ("values.yaml", "image: {tag: a}\nreplicaCount: 1\ndiscovery:\n  enabled: true\n  kubernetes: {namespace: x}\n"),
    ("values.yaml", "deployment:\n  replicas: 3\nimage: {tag: a}\nservice: {port: 80}\n"),
    ("values.yaml", "image: {tag: a}\nserviceAccount: {create: true}\netcd: {replicaCount: 3}\n"),
    ("client.yaml", "apisix:\n  admin_key: abc\n  base_url: http://apisix:9180\nserver: {port: 80}\n"),
    ("kong.yml", "_format_version: \"3.0\"\nservices:\n- name: a\n  url: http://a\nupstreams:\n- name: a\n"),
    (
      "kong.yml",
      "services:\n- name: a\n  url: http://a\n  routes:\n  - name: a\n    paths: [/a]\nconsumers:\n- username: ann\n"
    ),
    ("kong.yml", "services:\n- name: a\n  host: a.example\n  protocol: http\n  routes:\n  - paths: [/a]\n"),
    ("kong.yml", "upstreams:\n- name: a\n  targets: [{target: \"a:80\"}]\nroutes:\n- name: a\n  paths: [/a]\n"),
    (".gitlab-ci.yml", "services:\n- docker:dind\n- name: postgres\n  alias: db\njob: {script: make}\n"),
    (".travis.yml", "language: go\nservices: [docker]\ndeploy: {provider: pages}\n"),
    (".drone.yml", "kind: pipeline\nservices:\n- name: redis\n  image: redis\nsecrets:\n- token\n"),
    (
      "render.yaml",
      "services:\n- type: web\n  name: api\n  routes:\n  - {type: rewrite, source: /a, destination: /b}\n"
    ),
    ("docker-compose.yml", "services:\n  apisix:\n    image: apache/apisix\nsecrets:\n  token: {file: token}\n"),
    ("apisix.yaml", "services:\n  apisix:\n    image: apache/apisix\n"),
    ("fly.yml", "services:\n- internal_port: 8080\n  protocol: tcp\n"),
    ("homer.yml", "services:\n- name: Apps\n  items:\n  - {name: One, url: \"https://example.com\"}\n"),
    ("routes.yml", "routes:\n- id: a\n  uri: lb://a\n  predicates: [Path=/a]\n"),
    ("routes.yml", "routes:\n- path: /a\n  backend: http://a\n"),
    (
      "unit.json", #"{"routes": [{"match": {"uri": "/a"}, "action": {"pass": "upstreams/a"}}], "upstreams": {"a": {}}}"#
    ),
    ("vercel.json", #"{"version": 2, "routes": [{"src": "/api/(.*)", "dest": "/api/$1"}]}"#),
    ("staticwebapp.config.json", #"{"routes": [{"route": "/login", "rewrite": "/.auth"}]}"#),
    ("traefik.yml", "http:\n  services:\n    a: {loadBalancer: {servers: [{url: \"http://a\"}]}}\n"),
    ("upstreams.yml", "upstreams:\n- name: tea\n  service: tea-svc\n  port: 80\n"),
    ("oathkeeper.yml", "id: a\nupstream: {url: \"http://a\"}\nmatch: {url: \"http://b\"}\n"),
    ("cluster.json", #"{"type": "redis", "nodes": [{"host": "a", "port": 6379}]}"#),
    ("prometheus.yml", "scrape_configs: []\ndiscovery:\n  interval: 10s\n"),
    ("tsconfig.json", #"{"compilerOptions": {"plugins": [{"name": "next"}]}}"#),
    ("config.yml", "plugins:\n- jekyll-feed\n"),
    ("settings.yaml", "discovery:\n  consul: {host: consul.local, port: 8500, service: {name: orders, tags: [v1]}}\n"),
    ("app.yaml", "discovery:\n  kubernetes:\n    namespace: default\n    service: {name: orders, port: 80}\n"),
    ("app.yaml", "discovery:\n  eureka:\n    client: {serviceUrl: \"http://a\"}\n"),
    ("app.yaml", "discovery:\n  consul: {enabled: true}\n"),
    ("app.yaml", "discovery:\n  dns: {servers: [10.0.0.2], domain: a.example}\n"),
    (
      "app/config.yaml",
      "discovery:\n  nacos: {namespace: public, servers: [{host: a, port: 8848}]}\nredis: {host: a}\n"
    ),
    (
      "config.yaml", "app: {name: gw}\ndiscovery:\n  enabled: true\n  registry: nacos\n  nacos: {address: \"a:8848\"}\n"
    ),
    ("config.yaml", "discovery:\n  enabled: true\n  registry: nacos\n  nacos: {address: \"a:8848\"}\n"),
    ("README.md", "# How\n\n```yaml\ndiscovery:\n  kubernetes:\n    service:\n      port: 6443\n```\n"),
    ("x.sh", "cp a b\ncat > config.yaml <<EOF\ndiscovery:\n  kubernetes: {}\nEOF\n"),
    ("install", "#!/bin/sh\ncat > config.yaml <<EOF\ndiscovery:\n  kubernetes: {}\nEOF\n"),
    ("services.yaml", "services:\n- id: a\n  upstream_id: b\n  name: c\n"),
    (
      "dashboard/conf.yaml",
      """
      conf:
        listen: {host: 0.0.0.0, port: 9000}
        etcd: {endpoints: ["http://etcd:2379"]}
      authentication: {secret: a, expire_time: 3600}
      plugins: [api-breaker, basic-auth, key-auth, limit-count, prometheus]

      """
    ),
    ("config.yaml", "../common/config.yaml"),
    ("config.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n"),
    ("config.yaml", "- name: a\n- name: b\n"),
    (
      ".github/workflows/build.yml",
      "on: push\njobs:\n  a:\n    services: {redis: {image: redis}}\n    steps: [{run: 'echo ${{ secrets.A }}'}]\n"
    ),
  ]

  @Test(arguments: others) func anotherProgramsFileIsPassedOver(path: String, text: String) {
    let named = look(path, text)
    #expect(named?.kind == nil && named?.rules == ["input/other-program"] && named?.hasFix == false)
    #expect(look(path, text, named: false) == nil, "a folder's file is passed over without a word")
  }

  /// What is certain is so under any name; what hangs on the name is not mended.
  private static let ours: [(path: String, text: String, kind: FileKind)] = [
    ("gateway.yml", "discovery:\n" + cluster, .apisixConfig),
    ("gateway.yml", "discovery:\n  kubernetes: {}\n", .apisixConfig),
    ("gateway.yml", "discovery:\n  nacos: {host: nacos}\n", .apisixConfig),
    ("gateway.yml", "discovery:\n  dns: {server: [\"10.0.0.2:53\"]}\napisix: {node_listen: 9080}\n", .apisixConfig),
    ("gateway.yml", "discovery:\n  dns: {servers: [\"10.0.0.2:53\"]}\n", .apisixConfig),
    ("config.yaml", "discovery：\n  kubernetes：\n    service：\n      port： “6443”\n", .apisixConfig),
    ("config.yaml", "discovery:\n\u{A0} \u{A0} kubernetes:\n\u{A0} \u{A0} \u{A0} service:\n", .apisixConfig),
    ("gateway.yml", "discovery:\n  k8s:\n    service: {host: a}\n", .apisixConfig),
    ("gateway.yml", "discovery:\n  nacos:\n    host: [\"http://nacos:8848\"]\n", .apisixConfig),
    ("gateway.yml", "apisix:\n  node_listen: 9080\nmine:\n  a: 1\n", .apisixConfig),
    ("gateway.yml", "apisix:\n  admin_key:\n  - {name: admin, key: a, role: admin}\n", .apisixConfig),
    ("gateway.yml", "deployment:\n  role: traditional\n", .apisixConfig),
    ("gateway.yml", "deployment:\n  admin: {allow_admin: [127.0.0.0/24]}\n", .apisixConfig),
    ("gateway.yml", "nginx_config:\n  http: {enable_access_log: false}\n", .apisixConfig),
    ("gateway.yml", "plugin_attr:\n  prometheus: {export_addr: {port: 9091}}\n", .apisixConfig),
    ("gateway.yml", "plugins: [key-auth, limit-count, proxy-rewrite]\n", .apisixConfig),
    ("conf/config.yaml", "discovery: {type: kubernetes}\n", .apisixConfig),
    ("config-prod.yaml", "discovery:\n", .apisixConfig),
    ("config.yaml", "5\n", .apisixConfig),
    ("config.yaml", "# nothing yet\n", .apisixConfig),
    ("gateway.yml", "routes:\n- uri: /a\n  upstream: {nodes: {\"a:80\": 1}}\n#END\n", .apisixStandalone),
    ("gateway.yml", "upstreams:\n- id: 1\n  service_name: a\n  discovery_type: nacos\n", .apisixStandalone),
    ("gateway.yml", "consumers:\n- username: ann\n  plugins: {key-auth: {key: a}}\n", .apisixStandalone),
    ("apisix.yaml", "routes:\n- url: /a\n#END\n", .apisixStandalone),
    ("gateway.yml", "services:\n- name: a\n  routes:\n  - name: r\n    uris: [/a]\n", .adc),
    ("gateway.json", #"{"uri": "/a", "upstream": {"service_name": "a", "discovery_type": "nacos"}}"#, .apisixAdmin),
    ("gateway.json", #"{"type": "roundrobin", "nodes": {"a:80": 1}}"#, .apisixAdmin),
    ("gateway.yml", "upstream:\n  service_name: a\n  discovery_type: nacos\n", .apisixAdmin),
    (
      "gateway.json", #"{"value": {"id": "1", "plugins": {}}, "key": "/apisix/plugin_configs/1", "modifiedIndex": 9}"#,
      .apisixAdmin
    ),
    ("gateway.json", #"{"total":0,"list":[]}"#, .apisixAdmin),
    ("gateway.json", #"{"total": 1, "list": [{"key": "/apisix/routes/1", "value": {"uri": "/a"}}]}"#, .apisixAdmin),
    (
      "gateway.json",
      #"{"action": "get", "node": {"dir": true, "nodes": [{"key": "/apisix/routes/1", "value": {"uri": "/a"}}]}}"#,
      .apisixAdmin
    ),
    ("gateway.yml", "apiVersion: v1\nkind: Service\n", .kubernetes),
    ("kustomization.yaml", "resources: [a.yaml]\n", .kubernetes),
    ("gateway.yml", "apisix:\n  discovery:\n    enabled: true\n    registry: {dns: {}}\n", .helmValues),
    (
      "values.yaml", "image: {tag: a}\ndiscovery:\n  enabled: true\n  registry: nacos\n  nacos: {host: [a]}\n",
      .helmValues
    ),
    ("gateway.yml", "ingress-controller: {enabled: true}\ndashboard: {enabled: true}\n", .helmValues),
  ]

  @Test(arguments: ours) func aFileIsWhatItsKeysAndTheirValuesSay(path: String, text: String, kind: FileKind) {
    #expect(look(path, text)?.kind == kind.rawValue)
  }

  /// Slips in a config.yaml must not make it another's.
  private static let slips: [(path: String, text: String, rule: String)] = [
    ("gateway.yml", "discoverry:\n" + cluster, "discovery/not-top-level"),
    ("config.yaml", "discvery:\n" + cluster, "discovery/not-top-level"),
    ("gateway.yml", "deploymnet:\n  role: traditional\n", "config/misspelt-section"),
    ("gateway.yml", "apisx:\n  node_listen: 9080\n", "config/misspelt-section"),
    (
      "config.yaml", "discovery:\n" + cluster.replacing("  kubernetes", with: "kubernetes"),
      "discovery/not-top-level"
    ),
    ("gateway.yml", "apisix:\n  node_listen: 9080\n discovery:\n" + cluster, "yaml/syntax"),
    ("gateway.yml", "discovery:\n  kubernetes:\n   service: {}\n    client: {}\n", "yaml/syntax"),
    ("config.yaml", "discovery\n  kubernetes:\n    service: {}\n", "yaml/syntax"),
    ("config.yaml", "kubernetes:\n  service: {host: a}\n", "discovery/not-top-level"),
    ("config.yaml", "discovery:\n  consul: {host: consul, port: 8500}\n", "discovery/unknown-key"),
    ("config.yaml", "apisix：\n  node_listen： 9080\ndiscovery：\n  kubernetes： {}\n", "yaml/input-method"),
    ("config.yaml", "discovery:\n\u{A0} \u{A0} kubernetes:\n\u{A0} \u{A0} \u{A0} service:\n", "yaml/input-method"),
    // A comment that speaks of templates, and braces that nobody closed.
    ("config.yaml", "# rendered from {{ template }}\napisix:\n  node_listen: : 9080\n", "yaml/syntax"),
    (
      "gateway.yml", "apisix:\n  node_listen: 9080\ndiscovery:\n  dns:\n    servers: [\"127.0.0.1:8600\"] {{\n",
      "yaml/syntax"
    ),
    (
      "configmap.yaml",
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: apisix
      data:
        config.yaml: |
          apisix:
            node_listen: 9080
          discovery:
            dns:
              servers: ["127.0.0.1:8600"
      """, "yaml/syntax"
    ),
  ]

  @Test(arguments: slips) func aSlipIsFound(path: String, text: String, rule: String) {
    for named in [true, false] { #expect(look(path, text, named: named)?.rules.contains(rule) == true) }
  }

  /// In brackets, and in JSON, no key stands at the left edge.
  @Test(arguments: [
    (#"{"discovery": {"kubernetes": {"#, FileKind.apisixConfig),
    (#"{"kind":"Endpoints","apiVersion":"v1","subsets":["#, .kubernetes),
    (#"{"routes":[{"uri":"/x","upstream":{"service_name":"a","discovery_type":"kubernetes""#, .apisixStandalone),
    ("routes: [{uri: /x, upstream: {service_name: a", .apisixStandalone),
    (#"{"discovery": {"consul": {"servers": ["http://consul:8500"] "weight": 1}}}"#, .apisixConfig),
  ])
  func whatIsCutOffIsToldByItsBeginning(text: String, kind: FileKind) {
    for path in ["-", "a.json"] {
      #expect(look(path, text)?.kind == kind.rawValue && look(path, text)?.rules.contains("yaml/syntax") == true)
    }
    #expect((look("a.json", text, named: false) != nil) == (kind == .apisixConfig))
  }

  @Test(arguments: [
    #"{"discovery": {"type": "single-node", "hosts": ["#, #"{"routes":[{"path":"/x","service":{"name":"a""#,
    #"{"kind":"youtube#video","items":["#, #"{"discovery": {"kubernetes": {{ .Values.kubernetes }}"#,
    "services: [{image: nginx, ports: [80", "[{\"name\": \"apisix\", ", "{",
  ])
  func whatIsCutOffAndOfOthersIsPassedOver(text: String) {
    #expect(look("a.json", text)?.rules == ["input/other-program"])
  }

  /// As kubectl and kustomize write it; nothing is mended there.
  @Test(arguments: [
    #"config.yaml: "discovery:\n  kubernetes:\n    service: {port: 6443}\n    client: {token_file: \u002ft}\n""#,
    "config.yaml: \"discovery:\\n\\\n    \\  kubernetes:\\n\\\n    \\    service: {port:\n    6443}\\n    client: {token_file: /t}\\n\"",
    #"{"config.yaml": "discovery:\n  kubernetes:\n    service:\n      port: 6443\n    client: {token_file: \"/t\"}"}"#,
  ])
  func aConfigurationInDoubleQuotesIsJudged(data: String) throws {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  \(data)\n"
    let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in Conditions() }
    let findings = linter.check([LintInput(path: "a.yaml", bytes: Array(text.utf8), named: true)]).findings
    let port = try #require(findings.first { $0.rule.id == "kubernetes/port-not-string" }, "\(findings)")
    #expect(port.fix == nil)
    let range = try #require(port.range)
    #expect(String(decoding: Array(text.utf8)[range.start.offset..<range.end.offset], as: UTF8.self) == "6443")
  }

  @Test func aBrokenTextInAConfigMapIsJudgedByWhatItHolds() {
    let map = { (key: String, text: String) in
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  \(key): |\n"
        + text.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    let broken = "apisix:\n  node_listen: : 9080\n"
    #expect(look("a.yaml", map("anything.yaml", broken))?.rules == ["yaml/syntax"])
    for (key, text) in [
      ("anything.conf", broken), ("prometheus.yaml", "scrape_configs: : a\n"),
      ("object.yaml", "apiVersion: v1\nkind: Pod\nspec: : a\n"), ("values.yaml", "gateway: : a\nreplicaCount: 1\n"),
    ] {
      #expect(look("a.yaml", map(key, text))?.rules == [])
    }
  }

  @Test func whatHangsOnTheNameIsNotMended() {
    let unsure = "discovery:\n" + Self.cluster + "mine: {a: 1}\n"
    #expect(look("config.yaml", unsure)?.rules == ["kubernetes/port-not-string"])
    #expect(look("config.yaml", unsure)?.hasFix == false)
    #expect(look("gateway.yml", unsure)?.kind == nil)
    #expect(look("config.yaml", "discovery:\n  dns: {host: a.b.c, port: 80}\n")?.hasFix == false)
    #expect(look("application.yml", "discovery:\n  nacos: {host: [\"10.0.0.1:8848\"]}\n")?.hasFix == false)
    #expect(look("gateway.yml", "apisix: {node_listen: 9080}\n" + unsure)?.hasFix == true)
  }

  @Test func theUserMaySayWhatAFileIs() {
    let text = "discovery: {kubernetes: {service: {port: 6443}}}\nserver: {port: 80}\n"
    #expect(look("gateway.yml", text)?.kind == nil)
    let said = look("gateway.yml", text, kind: .apisixConfig)
    #expect(said?.kind == "apisix-config" && said?.hasFix == true)
    #expect(look("gateway.yml", text, named: false, kind: .apisixConfig) == nil, "it is said of files that are named")
    #expect(look("a.yml", "a: 1\n", kind: .apisixStandalone)?.rules == ["standalone/end-marker"])
  }
}
