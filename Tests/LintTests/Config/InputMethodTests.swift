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
  ])
  func textIsLeftAlone(text: String) { #expect(!found(text.utf8).contains("yaml/input-method")) }

  /// `# 网关` and `host: 网关` as Windows saves them in China.
  @Test func gbkIsNamedWithTheCommandThatConvertsIt() throws {
    let bytes = Array("discovery:\n  kubernetes:\n    label_selector: ".utf8) + [0xCD, 0xF8, 0xB9, 0xD8, 0x0A]
    let finding = try #require(ConfigSample.lint(bytes, Conditions()).first { $0.rule.id == "yaml/syntax" })
    #expect(finding.help?.contains("iconv -f GBK -t UTF-8") == true)
  }
}
