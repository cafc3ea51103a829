import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Which fixes are offered: none that makes a file worse.
@Suite struct FixTrialTests {
  private static let top = """
    discovery:
      kubernetes:
        service: {schema: https, host: 10.0.0.1, port: "6443"}
        client: {token: "${KUBERNETES_CLIENT_TOKEN}"}

    """

  /// Files of which nothing is to be mended, or not safely.
  private static let worse = [
    // What is passed over here would be refused there.
    top + "    equal: {a: b}\n",
    top + "    labelSelector: 5\n",
    top + "    watchEndpointSlices: \"yes\"\n",
    // Two registries read one map.
    "discovery:\n  consul: &c\n    servers: [\"http://127.0.0.1:8500\"]\n  nacos: *c\n",
    "discovery:\n  consul_kv: &c\n    servers: [\"http://127.0.0.1:8500\"]\n    fetchInterval: 3\n  eureka: *c\n",
    // What stands elsewhere would change with it.
    "x: &host 5\ndiscovery:\n  dns: {servers: [\"127.0.0.1:53\"]}\n  eureka: {host: [*host]}\n",
    // No block can stand between brackets.
    "{discovery: {kubernetes: {\n      ssl_verify: true}}}\n",
    // A colon is missing.
    "upstreams:\n  - id: a\n    service_name: s\n    discovery_type: nacos\n"
      + "    discovery_args: {namespace_id* \"0\", group_name: !!str 1.5}\n#END\n",
    // The tag says what it is.
    "discovery:\n  kubernetes:\n    service: {host: 10.0.0.1, port: !!int 6443}\n",
  ]

  private func fixes(_ text: String, path: String = "config.yaml") -> [Finding] {
    LintResult.of((path, text)).findings.filter { $0.fix?.safe ?? false }
  }

  @Test(arguments: worse) func noFixIsOfferedThatMakesItWorse(text: String) {
    #expect(fixes(text).lines == [])
  }

  /// tinyyaml stops at it before and after; the other reader only after.
  @Test func whatOneReaderTakesStaysSo() {
    let text = "discovery:\n  kubernetes:\n    service:\n      schema: https\n        token_file:\u{3000}/run/token\n"
    for release in [Release.oldest, .newest] {
      let result = LintResult.of(("config.yaml", text), release: release)
      #expect(result.findings.contains { $0.fix?.safe ?? false } == false)
    }
  }

  @Test func ofSeveralFixesOnlyTheBadOneIsMissing() {
    let text = Self.top.replacing("\"6443\"", with: "6443") + "    labelSelector: 5\n"
    #expect(fixes(text).lines == ["3 kubernetes/port-not-string"])
  }

  /// Each is right by itself; together they would make one key twice.
  @Test func ofTwoFixesThatMakeOneKeyOneIsOffered() {
    let text = Self.top + "    namespaceSelector: \"a\"\n    match: [default]\n"
    #expect(fixes(text).count == 1)
  }

  @Test func whatChangesNothingElseIsOffered() {
    let moved = Self.top + "    match: [default]\n    defaultWeight: 50\n"
    #expect(fixes(moved).lines == ["5 discovery/unknown-key", "6 discovery/unknown-key"])
    // The next mistake of the kind shows only then.
    let merged = "nginx_config:\n  http:\n    underscores_in_headers: on\n    real_ip_recursive: off\n" + Self.top
    #expect(fixes(merged).lines == ["3 discovery/start-failure"])
    // Two clusters that share a map.
    let shared = """
      discovery:
        kubernetes:
          - {id: a, service: &s {host: "${A}", port: 6443}, client: {token: "${B}"}}
          - {id: b, service: *s, client: {token: "${B}"}}

      """
    #expect(Set(fixes(shared).lines) == ["3 kubernetes/port-not-string"])
  }

  @Test func whatStandsInAConfigMapIsJudgedAsAFile() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: apisix}\ndata:\n  config.yaml: |\n"
    let inside = { (text: String) in
      map + text.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    #expect(fixes(inside(Self.top + "    labelSelector: 5\n"), path: "map.yaml").lines == [])
    #expect(
      fixes(inside(Self.top + "    defaultWeight: 5\n"), path: "map.yaml").lines == ["10 discovery/unknown-key"])
  }

  @Test func jsonStaysJSON() {
    let text =
      #"{"discovery":{"kubernetes":{"service":{"host":"10.0.0.1","port":6443},"client":{"token":"${T}"},"#
      + #""defaultWeight":50}}}"#
    let result = LintResult.of(("config.json", text))
    let plan = FixPlan(result.findings, in: Array(text.utf8), trial: result.trials["config.json"])
    #expect(
      String(decoding: plan.bytes, as: UTF8.self)
        == text.replacing("6443", with: "\"6443\"").replacing("defaultWeight", with: "default_weight"))
  }

  @Test(arguments: [true, false]) func utf16IsLeftAlone(isLittle: Bool) {
    let text = "discovery:\n  kubernetes:\n    service: {host: 10.0.0.1, port: 6443}\n"
    let units = Array(("\u{FEFF}" + text).utf16)
    let bytes = units.flatMap { isLittle ? [UInt8($0 & 0xFF), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let linter = Linter(Catalogue(LintRules.all), now: 0) { _ in Conditions() }
    let result = linter.check([LintInput(path: "config.yaml", bytes: bytes, named: true)])
    #expect(result.findings.map(\.rule.id).contains("kubernetes/port-not-string"))
    #expect(result.findings.allSatisfy { $0.fix == nil })
  }

  @Test func whatToWriteHasTheQuotesOfItsPlace() {
    let text = """
      {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "apisix"}, "data": {"config.yaml":
        "discovery:\\n  kubernetes:\\n    service: {host: 10.0.0.1, port: 6443}\\n"}}
      """
    let finding = LintResult.of(("map.json", text)).findings.first { $0.rule.id == "kubernetes/port-not-string" }
    #expect(finding?.help == #"quote it: port: \"6443\""#)
  }
}
