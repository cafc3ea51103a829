import Inputs
import Testing
import YAML

@testable import APISIX

@Suite struct JudgeTests {
  private func verdict(
    _ yaml: String, release: Release = .newest, env: [String: String]? = [:], files: [String: String] = [:],
    declared: Set<String> = []
  ) -> Verdict {
    judge(
      Array(yaml.utf8),
      Conditions(
        release: release, environment: env.map { .known($0) } ?? .unknown,
        files: { files[$0].map { .content(Array($0.utf8)) } ?? .missing }, declared: declared))
  }

  private let inCluster = ["KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"]
  private let none = "invalid discovery kubernetes configuration: object matches none of the required"

  // MARK: The shape of the file

  @Test(arguments: [
    ("false\n", "invalid config.yaml file"),
    ("\u{FEFF}# only a comment\n", "invalid config.yaml file"),
    ("just text\n", "bad argument #1 to 'pairs' (table expected, got string)"),
    ("discovery: true\n", "bad argument #1 to 'pairs' (table expected, got boolean)"),
    ("apisix: 5\n", "failed to merge, path[apisix] expect: table, but got: number"),
    ("apisix:\n  enable_ipv6: 'no'\n", "failed to merge, path[apisix->enable_ipv6] expect: boolean, but got: string"),
    ("plugins: cors\n", "failed to merge, path[plugins] expect: table, but got: string"),
    ("apisix:\n  proxy_mode: {a: b}\n", "attempt to index local 'base' (a string value)"),
    ("apisix:\n", "failed to validate config: property \"apisix\" is required"),
    ("discovery:\n  on: {a: b}\n", "attempt to concatenate local 'key' (a boolean value)"),
    ("discovery:\n  on: {}\n", "attempt to concatenate local 'kind' (a boolean value)"),
    ("on: {x: {y: 1}}\n", "attempt to concatenate local 'ppath' (a boolean value)"),
    ("on: {~: {y: 1}}\n", "attempt to concatenate local 'key' (a table value)"),
  ])
  func aFileOfTheWrongShapeIsRefused(_ yaml: String, _ message: String) {
    let verdict = verdict(yaml)
    #expect(verdict.message == message)
    #expect(verdict.stage == .cli)
  }

  @Test(arguments: [
    "", "\n", "# comment\n", "---\n", "~\n", "- a\n", "discovery:\n", "discovery: {}\n", "discovery: []\n",
    "nginx_config:\n  error_log: 5\n", "apisix:\n  node_listen: 9080\n", "my_own: {section: 1}\n",
    // One line for Lua: all of it is a comment.
    "# comment\rdiscovery:\r  nacos: {}\r",
  ])
  func aFileWithoutDiscoveryIsAccepted(_ yaml: String) { #expect(verdict(yaml).accepts == true) }

  @Test func nullsVanishFromMapsAndStayInLists() {
    #expect(verdict("discovery:\n  nacos: {host: ~}\n").message?.hasSuffix("property \"host\" is required") == true)
    #expect(
      verdict("discovery:\n  nacos: {host: [~]}\n").message?.hasSuffix("wrong type: expected string, got table")
        == true)
  }

  @Test func aLimitOfOursIsNoVerdict() {
    let verdict = verdict("discovery: " + String(repeating: "[", count: 200) + "\n")
    #expect(verdict.accepts == nil)
    #expect(verdict.stage == nil)
    #expect(verdict.yamlError?.kind == .limit)
  }

  @Test func whatHoldsItselfOverflowsTheStack() {
    for yaml in ["discovery: &d {dns: *d}\n", "x: &x\n  - *x\ndiscovery: {dns: {servers: [a]}}\n"] {
      #expect(verdict(yaml).message == "stack overflow")
      #expect(verdict(yaml).stage == .cli)
    }
  }

  // MARK: Placeholders

  @Test func aKeyWithAPlaceholderStaysBesideTheNewOne() {
    let verdict = verdict("discovery:\n  ${{REG}}: {servers: ['127.0.0.1:53']}\n", env: ["REG": "dns"])
    #expect(verdict.message == "module 'apisix.discovery.${{REG}}' not found")
    #expect(verdict.process == .startup)
  }

  @Test(arguments: [
    ("${{A}}", "5"), ("x${{A}}", "\"x5\""), ("${{ A }}", "5"), ("${{B:=6}}", "6"), ("${{B:= six }}", "\"six\""),
    ("${{A:=6}}", "5"), ("${{T}}", "true"), ("${{E}}", "\"\""), ("${{}}", "\"${{}}\""), ("${{A}", "\"${{A}\""),
    ("${A}", "\"${A}\""), ("${{A}}${{A}}", "55"), ("${{A}}}", "\"5}\""),
  ])
  func placeholdersAreFilledIn(_ text: String, _ expected: String) {
    let value = verdict("v: '\(text)'\n", env: ["A": "5", "T": "true", "E": ""]).root?["v"]
    let found: String =
      switch value?.kind {
      case .number(let number)?: LuaNumber.text(number)
      case .string(let text)?: "\"\(text)\""
      case .bool(let bool)?: "\(bool)"
      default: "nothing"
      }
    #expect(found == expected)
  }

  @Test func withoutAnEnvironmentTheAnswerHangsOnThePlaceholder() {
    let hanging = verdict("discovery:\n  nacos: {host: ['http://${{H}}:8848']}\n", env: nil)
    #expect(hanging.accepts == nil)
    #expect(hanging.open.map(\.name) == ["H"])
    // Any text will do for this one, and it can only be a text.
    #expect(verdict("discovery:\n  eureka: {host: ['http://${{H}}:8761']}\n", env: nil).accepts == true)
    // Wrong whatever it holds.
    #expect(verdict("discovery:\n  nacos: {host: ['http://${{H}}'], weight: 0}\n", env: nil).accepts == false)
    #expect(verdict("nginx_config:\n  error_log_level: ${{L}}\ndiscovery:\n", env: nil).accepts == true)
  }

  // MARK: Violations

  @Test func everyViolationIsNamedWhereJsonschemaNamesNone() {
    let verdict = verdict(
      "discovery:\n  kubernetes:\n    service: {host: K8S, port: 6443}\n    default_weight: -1\n", env: inCluster)
    #expect(verdict.message == none)
    #expect(
      verdict.violations.map { "\($0.location) \($0.reason.sentence)" } == [
        "discovery.kubernetes.service.host noneOfOne", "discovery.kubernetes.service.port wrongType",
        "discovery.kubernetes.default_weight tooSmall",
      ])
  }

  @Test func inAListTheClusterIsNamed() {
    let verdict = verdict(
      "discovery:\n  kubernetes:\n  - {id: a, service: {host: a, port: '1'}, client: {token: a}}\n  - {id: A-b}\n")
    #expect(verdict.message == none)
    #expect(
      verdict.violations.map(\.location) == [
        "discovery.kubernetes[1].id", "discovery.kubernetes[1]", "discovery.kubernetes[1]",
      ])
    #expect(verdict.violations.compactMap { $0.reason[.name] } == ["service", "client"])
  }

  // MARK: Releases

  @Test func oldReleasesNameTheField() {
    // In braces the number would be a text before 3.10.
    let yaml = "discovery:\n  kubernetes:\n    service:\n      host: a\n      port: 6443\n"
    #expect(
      verdict(yaml, release: Release(2, 15, 3)).message
        == "invalid discovery kubernetes configuration: property \"service\" validation failed: "
        + "property \"port\" validation failed: wrong type: expected string, got number")
    #expect(verdict(yaml, release: Release(3, 0)).message == none)
  }

  @Test(arguments: [
    ("shared_size: 100m", Release(3, 12), false), ("shared_size: 100m", Release(3, 13), true),
    ("watch_endpoint_slices: 'true'", Release(3, 8), true), ("watch_endpoint_slices: 'true'", Release(3, 9), false),
    ("service: {ssl_verify: 'true'}", Release(3, 16), true), ("service: {ssl_verify: 'true'}", Release(3, 17), false),
    ("client: {}", Release(2, 15, 3), false), ("client: {}", Release(3, 0), true),
    ("client: {token: a, token_file: /t}", Release(2, 15, 3), false),
    ("client: {token: a, token_file: /t}", Release(3, 0), true),
  ])
  func schemasDifferByRelease(_ line: String, _ release: Release, _ accepts: Bool) {
    let verdict = verdict(
      "discovery:\n  kubernetes:\n    \(line)\n", release: release, env: inCluster,
      files: [KubernetesModel.tokenFile: "token"])
    #expect(verdict.accepts == accepts)
  }

  @Test func aRegistryThatCameLaterIsUnknownBefore() {
    let yaml = "discovery:\n  consul: {servers: ['http://127.0.0.1:8500']}\n"
    #expect(verdict(yaml, release: Release(3, 0)).message == "module 'apisix.discovery.consul' not found")
    #expect(verdict(yaml, release: Release(3, 1)).accepts == true)
  }

  @Test func releasesAreRead() {
    #expect(Release(parsing: "3.2") == Release(3, 2, 2))
    #expect(Release(parsing: "v3.2.1") == Release(3, 2, 1))
    #expect(Release(parsing: "9.19") == Release(9, 19, 0))
    #expect(Release(parsing: "3") == nil)
    #expect(Release(parsing: "3.x") == nil)
    #expect(Release(9, 19).judged.release == .newest)
    #expect(Release(9, 19).judged.known == false)
    #expect(Release.known.contains(.oldest) && Release.known.contains(.newest))
  }

  // MARK: Modules

  @Test(arguments: [
    ("k8s", "module 'apisix.discovery.k8s' not found", Process.startup),
    ("Nacos", "module 'apisix.discovery.Nacos' not found", .startup),
    ("kubernetes.core", "attempt to call field 'init_worker' (a nil value)", .all),
    ("../kubernetes", "attempt to get length of local 'discovery_conf' (a nil value)", .all),
    ("kubernetes.init", "attempt to get length of local 'discovery_conf' (a nil value)", .all),
    ("init", "loop or previous error loading module 'apisix.discovery.init'", .startup),
    ("5", "module 'apisix.discovery.5' not found", .startup),
  ])
  func modulesAreLookedFor(_ key: String, _ message: String, _ process: Process) {
    let verdict = verdict("discovery:\n  \(key): {a: b}\n")
    #expect(verdict.message == message)
    #expect(verdict.process == process)
  }

  @Test func aDeclaredModuleIsThere() {
    #expect(verdict("discovery:\n  my: {a: b}\n", declared: ["my"]).accepts == true)
  }

  // MARK: Starting

  @Test func withoutAnEnvironmentTheStartOfKubernetesIsNotJudged() {
    let verdict = judge(Array("discovery:\n  kubernetes: {}\n".utf8))
    #expect(verdict.accepts == true)
    #expect(verdict.open.map(\.name) == ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"])
  }

  @Test func aLaterReleaseReadsTheTokenFileLate() {
    let yaml = "discovery:\n  kubernetes:\n    service: {schema: http, host: a, port: '80'}\n"
    #expect(verdict(yaml).accepts == true)
    #expect(verdict(yaml, release: Release(3, 12)).message?.hasPrefix("failed to open file: ") == true)
  }

  @Test(arguments: [
    ("http://127.0.0.1:8500", nil), ("http://consul", nil), ("http://[::1]:8500", nil), ("http://consul:8500?", nil),
    ("http://consul:8500/?", nil), ("http://consul?\nx", nil),
    ("http://consul?\n/", "invalid consul server address, the valid format: http://address:port"),
    ("http://[::\n1]:8500", "bad argument #1 to 'unpack' (table expected, got nil)"),
    ("https://a:1", "only support consul http schema address, eg: http://address:port"),
    ("http://a:1/", "invalid consul server address, the valid format: http://address:port"),
    ("http://a:", "invalid consul server address, the valid format: http://address:port"),
    ("http://a:1x", "invalid consul server address, the valid format: http://address:port"),
    ("a:1", "bad argument #1 to 'unpack' (table expected, got nil)"),
    ("http://:8500", "bad argument #1 to 'unpack' (table expected, got nil)"),
    ("tcp://a:1", "bad argument #1 to 'unpack' (table expected, got nil)"),
  ])
  func consulAddressesAreTakenApart(_ text: String, _ problem: String?) {
    #expect(ConsulStart.problem(text)?.text(in: .newest) == problem)
  }

  @Test(arguments: [
    ("1: {id: a}", "attempt to index field 'service' (a nil value)"),
    ("1: {id: a, service: {host: h}}", "attempt to index field 'client' (a nil value)"),
    ("1: {service: {}}", "attempt to concatenate field 'id' (a nil value)"),
    ("1: {id: [a]}", "attempt to concatenate field 'id' (a table value)"),
    ("1: 5", "attempt to index local 'item' (a number value)"),
    ("1: a", "attempt to concatenate field 'id' (a nil value)"),
  ])
  func aMapWithANumberedItemIsReadAsAList(_ item: String, _ message: String) {
    let verdict = verdict("discovery:\n  kubernetes: {\(item), label_selector: a}\n", env: inCluster)
    #expect(verdict.message == message)
    #expect(verdict.stage == .cli)
  }

  // MARK: Secrets

  @Test(arguments: [
    ("http://u:p@h:1", "http://u:***@h:1"), ("http://u:p@q@h", "http://u:***@h"), ("u:p@h", "u:***@h"),
    ("http://t@h", "http://***@h"), ("http://u:@h", "http://u:@h"), ("http://u:${P}@h", "http://u:${P}@h"),
    ("http://h:1", "http://h:1"),
  ])
  func passwordsInAddressesAreMasked(_ text: String, _ masked: String) {
    #expect(Credentials.masked(text, key: nil) == masked)
  }

  /// tinyyaml quotes the line at which it stops.
  @Test(arguments: [
    ("access_log_format: \"$remote_addr $host\n  $http_x_forwarded_for $upstream_response_time\"", true),
    ("password: \"correct-horse\n  battery-staple-again\"", false),
    ("password: \"correct-horse\n  # see: below\n  battery-staple-again\"", false),
    ("remark: \"a\n  q9VwZt3Xk7Lm2Rb8\"", false),
  ])
  func aQuotedLineIsHiddenWhereItMayHoldACredential(_ text: String, _ isShown: Bool) {
    let reading = Tree.partial(Array(text.utf8), as: .tinyyaml(.v042))
    let masked = reading.error.map { Credentials.masked($0, in: reading.tree.text) }
    #expect(masked?.hasPrefix("found bad indenting in line: ") == true || masked?.contains("bad indenting") == true)
    #expect(masked?.hasSuffix("***") == !isShown, "\(masked ?? "")")
  }

  @Test func noMessageShowsACredential() {
    let canary = "s3cr3t-canary"
    let files = [
      "discovery:\n  nacos: {host: ['http://us er:\(canary)@n:8848']}\n",
      "discovery:\n  tars: {db_conf: {host: 'us er:\(canary)@h', database: a, user: b, password: c}}\n",
      "token: !!int \(canary)\n",
      "discovery:\n  kubernetes:\n    client: {token: '${{T:-\(canary)}}'}\n",
    ]
    for file in files {
      let verdict = verdict(file)
      #expect(verdict.message?.contains(canary) == false)
      #expect(verdict.refusal?.exact.text(in: .newest).contains(canary) == true)
    }
  }
}
