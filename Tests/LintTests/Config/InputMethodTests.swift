import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

@Suite struct InputMethodTests {
  private func found(_ bytes: some Sequence<UInt8>) -> [String] {
    ConfigSample.lint(Array(bytes), Conditions()).map(\.rule.id)
  }

  /// All that follows from a blank that is none waits until it is mended.
  @Test(arguments: ["\u{3000}\u{3000}service:", "\u{A0}\u{A0} \u{A0}service:"])
  func aBlankBeforeAKeyIsNamedAlone(line: String) {
    let text = "discovery:\n  kubernetes:\n\(line)\n      host: 10.0.0.1\n      port: 6443\n"
    #expect(found(text.utf8) == ["yaml/input-method"])
  }

  @Test(arguments: [
    "# 说明：“注释”\ndiscovery:\n  kubernetes: {}\n", "discovery:\n  kubernetes: {}   # 地址：内网，“x”\n",
    "nginx_config:\n  http_configuration_snippet: |\n    # 说明：x\n    host：x\n    \u{3000}y\ndiscovery:\n  kubernetes: {}\n",
    "apisix:\n  node_listen: 9080\n  note: “说明：x”\ndiscovery:\n  kubernetes: {}\n",
    "apisix:\n  note: \"第一段\n　　第二段\n　　host：x\"\ndiscovery:\n  kubernetes: {}\n",
    "apisix:\n  note: 第一段\n   　　第二段\ndiscovery:\n  kubernetes: {}\n",
    "nginx_config:\n  http_configuration_snippet: |  # 说明\n    　　host：x\ndiscovery:\n  kubernetes: {}\n",
    "discovery:\n  kubernetes:\n    label_selector: >-   # 说明\n      app：x\n      b: “x”\n    default_weight: 1\n",
    "discovery:\n  kubernetes:\n    client: {token_file: /t,\n      # 说明，如下：a\n    }\n    label_selector: a\n",
    "discovery:\n  kubernetes:\n    label_selector: 'app：\n      b：“x”,\n      　c'\n    default_weight: 1\n",
  ])
  func textIsLeftAlone(text: String) { #expect(!found(text.utf8).contains("yaml/input-method")) }

  /// What a broken file holds elsewhere is text, and is left as it is.
  @Test(arguments: [
    (
      "apisix.yaml",
      "upstreams:\n  - id: 1\n    desc: “商城”\n    type: roundrobin\n    nodes: [1\nroutes:\n  - uri: /a\n#END\n"
    ),
    ("apisix.yaml", "upstreams:\n  - id: 1\n    nodes: [1\n    desc: “商城”\nroutes:\n  - uri: /a\n#END\n"),
    ("apisix.yaml", "routes:\n  - uri: /a\n    desc: 商城\u{A0}\n   upstream: {nodes: [1]}\n#END\n"),
    (
      "service.yaml",
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    d: “hi”\nspec:\n  ports: [1\n"
    ),
    ("config.yaml", "apisix:\n  note: |  # 说明\n    host：x\n    　b\n   a: [1\ndiscovery:\n  kubernetes: {}\n"),
    ("config.yaml", "apisix:\n  note: \"a\n    host：x\n    　b: c\"\n   a: [1\ndiscovery:\n  kubernetes: {}\n"),
    ("config.yaml", "discovery:\n  kubernetes:\n    label_selector: \"app=a\n　　port: 1\n    default_weight: 1\n"),
  ])
  func theErrorOfABrokenFileIsToldAndNoTextMended(name: String, text: String) {
    let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in Conditions() }
    let findings = linter.check([LintInput(path: name, bytes: Array(text.utf8), named: true)]).findings
    #expect(findings.map(\.rule.id) == ["yaml/syntax"])
    #expect(findings.allSatisfy { $0.fix == nil })
  }

  /// Lines without a colon of YAML's are one text, which breaks at the first line that has one.
  @Test(arguments: [
    ("discovery:\n  kubernetes:\n    service：\n\n      # 地址\n      host: 10.0.0.1\n", [3]),
    ("discovery:\n  kubernetes:\n    service:\n      host：10.0.0.1\n      port：“6443”\n      schema: https\n", [4, 5]),
    ("discovery:\n  kubernetes:\n    service: {}\u{A0}\n    default_weight: 1\n", [3]),
    ("discovery:\n  kubernetes:\n    label_selector: “a: b”\n", [3]),
    ("discovery:\n  kubernetes:\n    service：\n# a: b\n      - a\n      - b\n    default_weight: 1\n", [3]),
    ("discovery:\n  kubernetes:\n　　service:\n      host: a\n      port: \"6443\"\n  dns: {}\n", [3]),
    ("discovery:\n  kubernetes:\n    service: {schema: https,\n      host: a，\n      port: \"6443\"}\n", [4]),
    ("discovery:\n  kubernetes:\n    service: {\n      host：a\n    }\n    default_weight：1\n", [4, 6]),
  ])
  func whatBreaksAFileIsNamed(text: String, lines: [Int]) {
    let findings = ConfigSample.lint(Array(text.utf8), Conditions())
    #expect(Set(findings.map(\.rule.id)) == ["yaml/input-method"])
    #expect(findings.map { $0.range?.start.line } == lines)
  }

  /// The colon of a URL wants no blank behind it.
  @Test func aURLStaysOne() {
    let text = "discovery:\n  consul:\n    servers:\n      - http：//127.0.0.1:8500\n"
    let findings = ConfigSample.lint(Array(text.utf8), Conditions())
    #expect(findings.flatMap { $0.fix?.edits.map(\.text) ?? [] } == [":"])
  }

  /// What an ignore comment is for is not looked for in such a file, or found beside a blank that changes nothing.
  @Test(arguments: [
    "discovery:\n  dns: {servers: [\"127.0.0.1:53\"]}\u{A0}\n  kubernets: {}  # gatecheck: ignore[discovery/unknown-registry]\n",
    "discovery:\n  kubernetes:\n    default_weight: 10\u{A0}\n  kubernets: {}  # gatecheck: ignore[discovery/unknown-registry]\n",
    "discovery:\n  kubernetes:\n　　default_weight: 10\n  kubernets: {}  # gatecheck: ignore[discovery/unknown-registry]\n",
  ])
  func ignoresElsewhereAreNotCalledUnused(text: String) { #expect(found(text.utf8) == ["yaml/input-method"]) }

  @Test(arguments: [
    (
      "service: {schema: https, host: 10.0.0.1, port：“6443”}",
      "service: {schema: https, host: 10.0.0.1, port: \"6443\"}"
    ),
    ("namespace_selector: {a，b}", "namespace_selector: {a, b}"),
    ("consul: {servers: [http：//a:8500]}", "consul: {servers: [http://a:8500]}"),
    ("service: {host：10.0.0.1，port：“6443”}", "service: {host: 10.0.0.1, port: \"6443\"}"),
    ("namespace_selector: {match: [“a”，“b”]}  # “c”", "namespace_selector: {match: [\"a\", \"b\"]}  # “c”"),
  ])
  func whatStandsInBracesIsMended(line: String, mended: String) throws {
    let text = "apisix: {node_listen: 9080}\ndiscovery:\n  kubernetes:\n    \(line)\n"
    let finding = try #require(ConfigSample.lint(Array(text.utf8), Conditions()).first)
    #expect(finding.rule.id == "yaml/input-method" && finding.range?.start.line == 4)
    var bytes = Array(text.utf8)
    for edit in (finding.fix?.edits ?? []).reversed() {
      bytes.replaceSubrange(edit.offset..<edit.offset + edit.length, with: edit.text.utf8)
    }
    #expect(String(decoding: bytes, as: UTF8.self) == text.replacing(line, with: mended))
  }

  @Test(arguments: [
    "discovery:\n  kubernetes: {label_selector: 你好，世界, default_weight: 1}\n",
    "discovery:\n  kubernetes: {label_selector: \"a，b：c\", default_weight: 1}\n",
    "discovery:\n  kubernetes: {default_weight: 1}  # {a，b：“c”}\n",
  ])
  func textInBracesIsLeftAlone(text: String) { #expect(!found(text.utf8).contains("yaml/input-method")) }

  @Test func aBlankAtTheEndHidesNoOtherLine() {
    let text = "discovery:\n  kubernetes:\n    default_weight: 10\u{A0}\n  kubernets: {}\n"
    #expect(found(text.utf8) == ["yaml/input-method", "discovery/unknown-registry"])
  }

  /// `# 网关` and `host: 网关` as Windows saves them in China.
  @Test func gbkIsNamedWithTheCommandThatConvertsIt() throws {
    let bytes = Array("discovery:\n  kubernetes:\n    label_selector: ".utf8) + [0xCD, 0xF8, 0xB9, 0xD8, 0x0A]
    let finding = try #require(ConfigSample.lint(bytes, Conditions()).first { $0.rule.id == "yaml/syntax" })
    #expect(finding.help?.contains("iconv -f GBK -t UTF-8") == true)
  }
}
