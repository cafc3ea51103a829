import APISIX
import Common
import Findings
import SourceText
import Testing
import YAML

@testable import Lint

/// Whole files as people wrote them, and what lint says is the cure: `line rule: message; help`.
@Suite struct CureTests {
  private static let seed = "etcd: {host: [http://127.0.0.1:2379]}\ndiscovery: {zookeeper: {hosts: [127.0.0.1:2181]}}\n"

  static let cases: [(text: String, says: [String])] = [
    // The parser stumbles later than the author did.
    (
      "apisix:\n  admin_key\n    -\n      name: \"admin\"\n",
      [
        "4 yaml/syntax: not YAML: mapping values are not allowed in this context; line 2 has no colon: write admin_key:"
      ]
    ),
    (
      "apisix:\n    ...\n    extra_lua_path: \"/path/?.lua\"\n",
      ["3 yaml/syntax: not YAML: mapping values are not allowed in this context; remove the ... in line 2"]
    ),
    (
      "deployment:\n  admin:\n    admin_key:\n    - name: admin\n        role: admin\n",
      [
        "5 yaml/syntax: not YAML: mapping values are not allowed in this context; "
          + "line 5 stands too far to the right: begin it below name, with 6 spaces"
      ]
    ),
    (
      "deployment:\n  admin_key:\n    -\n    name: admin\n",
      [
        "4 yaml/syntax: not YAML: did not find expected node content; "
          + "indent line 4 and those below it by two, so that they belong to the -"
      ]
    ),
    // What was never YAML.
    (
      "2025/11/02 10:00:00 [error] 45#45: *1 lua entry thread aborted\n",
      [
        "0 input/other-program: this is a log: not checked; "
          + "lint reads configuration; this reads it: gatecheck logs explain file.yaml"
      ]
    ),
    (
      "/usr/local/openresty/luajit/bin/luajit: 2:10: did not find expected node content\nstack traceback:\n",
      [
        "0 input/other-program: this is a log: not checked; "
          + "lint reads configuration; this reads it: gatecheck logs explain file.yaml"
      ]
    ),
    (
      "certificate path /nonexistent/ca.pem doesn't exist\n",
      [
        "0 input/other-program: this is a log: not checked; "
          + "lint reads configuration; this reads it: gatecheck logs explain file.yaml"
      ]
    ),
    (
      "{{- if .Values.discovery.enabled }}\ndiscovery:\n",
      [
        "0 input/other-program: this is a template: not checked; "
          + "render it first, and check what comes: helm template CHART | gatecheck lint -"
      ]
    ),
    // What is filled in elsewhere is no reason for what breaks the file here.
    (
      "deployment:\n  role: {{ role }}\ndiscovery:\n  kubernetes:\n    service:\n      port \"6443\"\n      host: a\n",
      [
        "7 yaml/syntax: not YAML: mapping values are not allowed in this context; "
          + "line 6 has no colon: write port: and a space before the value"
      ]
    ),
    (
      "deployment:\n  role: {{ role }}\ndiscovery:\n  kubernetes:\n    service:\n      host: a\n      port \"6443\"\n"
        + "    client: {}\n",
      [
        "8 yaml/syntax: not YAML: could not find expected ':'; "
          + "line 7 has no colon: write port: and a space before the value"
      ]
    ),
    (
      "{% if x %}\ndeployment:\n  role: traditional\n{% endif %}\ndiscovery:\n  kubernetes\n    service: {}\n",
      [
        "0 input/other-program: this is a template: not checked; "
          + "render it first, and check what comes: helm template CHART | gatecheck lint -"
      ]
    ),
    // A comment that speaks of templates makes none.
    (
      "# rendered from {{ template }}\ndiscovery\n  kubernetes:\n    service: {}\n",
      [
        "3 yaml/syntax: not YAML: mapping values are not allowed in this context; "
          + "line 2 has no colon: write discovery:"
      ]
    ),
    // Another program's file.
    (seed, ["0 input/other-program: this is apisix-seed's own configuration; it was not checked; -"]),
    // Where discovery stands.
    (
      "apisix:\n  discovery: eureka\neureka:\n  host: [\"http://127.0.0.1:8761\"]\n",
      [
        "2 discovery/not-top-level: APISIX ignores discovery under apisix; it must stand at the top level; "
          + "write at the left edge of the file discovery:, and eureka: below it",
        "3 discovery/not-top-level: APISIX ignores eureka at the top level; registries stand below discovery; "
          + "write discovery:, and eureka: indented below it",
      ]
    ),
    (
      "discovery: consul\ndiscovery.consul:\n  host: 127.0.0.1\n",
      [
        "2 discovery/not-top-level: APISIX ignores discovery.consul at the top level; registries stand below discovery; "
          + "write discovery:, and consul: indented below it",
        "1 discovery/not-a-map: discovery is not a map; APISIX wants a map of registries; "
          + "write discovery: {consul: {}}, with the registry's settings below it",
      ]
    ),
    (
      "discovery:\n  enabled: true\n  dns: {servers: [\"127.0.0.1:53\"]}\n",
      [
        "2 discovery/helm-style: discovery is written as in a Helm chart's values; APISIX has no registry called enabled; "
          + "in config.yaml take enabled out; in a chart's values put the registries under discovery.registry"
      ]
    ),
    // One mistake is one finding.
    (
      "discovery:\n  nacos:\n    host: [\"http://127.0.0.1:8848\"]\n    username: ${USER}\n    password: ${PASS}\n",
      [
        "4 discovery/unknown-key: APISIX ignores username and password here; "
          + "write it into each address: http://USER:PASSWORD@host:8848"
      ]
    ),
    (
      "discovery:\n  eureka:\n    host: [\"http://127.0.0.1:8761\"]\n    prefix: /eureka/\n    timeout:\n    connect: 1\n"
        + "    send: 2\n",
      [
        "6 discovery/unknown-key: APISIX ignores connect and send here; they belong under discovery.eureka.timeout; "
          + "move them under discovery.eureka.timeout"
      ]
    ),
    (
      "discovery:\n  dns: {servers: [\"127.0.0.1:53\"], order: [A], servers: [\"127.0.0.2:53\"], order: [AAAA]}\n",
      [
        "2 yaml/duplicate-key: \"servers\", \"order\" are in this map twice; APISIX takes the last of each and drops the "
          + "first, from line 2 on; keep one of each"
      ]
    ),
    // Addresses.
    (
      "discovery:\n  eureka:\n    host: [\"http://127.0.0.1:8761/eureka\"]\n    prefix: /eureka/\n",
      [
        "3 eureka/prefix: the address ends in the prefix already; APISIX asks for /eureka/eureka/apps; "
          + "take /eureka out of the address"
      ]
    ),
    (
      "discovery:\n  dns:\n    servers: [\"registry1:8600\", \"coredns.kube-system.svc.cluster.local\"]\n",
      [
        "3 dns/server-not-ip: \"registry1:8600\" is not an IP address; APISIX cannot look up its DNS server by name; "
          + "write the server's IP address: 10.96.0.10:8600",
        "3 dns/server-not-ip: \"coredns.kube-system.svc.cluster.local\" is not an IP address; APISIX cannot look up its DNS "
          + "server by name; write the Service's address; kubectl -n kube-system get service coredns shows it",
      ]
    ),
    (
      "discovery:\n  eureka:\n    host: [\"http://${U}:${P}@127.0.0.1:8761\"]\n    prefix: /eureka/\n",
      [
        "3 placeholder/not-filled-in: nobody fills in ${U} and ${P} here; APISIX takes it as it stands; "
          + "use two braces, which APISIX fills in itself: ${{U}} and ${{P}}"
      ]
    ),
    (
      "apisix:\n  node_listen: ${LISTEN:-80}\n",
      [
        "2 discovery/start-failure: APISIX does not start: failed to merge, path[apisix->node_listen] expect: table, "
          + "but got: string; APISIX writes it ${{LISTEN:=80}}"
      ]
    ),
    (
      "discovery:\n  kubernetes:\n    client: {token_file: \"${A\\nB}\"}\n",
      [
        "3 discovery/start-failure: APISIX does not start: invalid environment variable entry: control characters are "
          + "not allowed; remove the line break or tab from the variable's name"
      ]
    ),
    (
      "discovery:\n  kubernetes:\n    service: {host: 10.96.0.1}\n    namespace_selector: {equal: [a, b]}\n",
      [
        "4 kubernetes/selector-value: equal is a list; APISIX accepts a namespace's name as a string; "
          + "for several namespaces write match: [a, b]"
      ]
    ),
    (
      "routes:\n  - uri: /a\n    upstream:\n      nodes: {\"a:80\": 1}\n      read: 5\n#END\n",
      ["5 upstream/unknown-key: an upstream has no key 'read'; it is refused; move it under timeout"]
    ),
  ]

  @Test(arguments: cases) func theCureIsNamed(text: String, says: [String]) {
    let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in Conditions() }
    let result = linter.check([LintInput(path: "file.yaml", bytes: Array(text.utf8), named: true)])
    let said = result.findings.filter { $0.severity != .note || $0.rule.id == "input/other-program" }.map {
      "\($0.range?.start.line ?? 0) \($0.rule): \($0.message); \($0.help ?? "-")"
    }
    #expect(said == says)
  }

  /// The key of a consumer of jwt-auth is its name, and a name that is like it is shown.
  @Test func theNameOfAConsumerIsNoCredential() {
    let text = """
      consumers:
        - username: a
          plugins: {jwt-auth: {key: payment-gateway, secret: hidden-for-good}}
      upstreams:
        - {id: p, service_name: payment-gateway, discovery_type: eureka}
      #END

      """
    let ranges = CredentialRanges.find(in: Tree.partial(Array(text.utf8)).tree, broken: false)
    #expect(ranges.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) } == ["hidden-for-good"])
  }
}
