import Foundation
import JSON
import SourceText
import TestSupport
import Testing

@testable import Findings

@Suite struct RendererTests {
  @Test(arguments: OutputFormat.allCases)
  func `every format of one lint is what its reader expects`(_ format: OutputFormat) throws {
    let options = RenderOptions()
    let name: [OutputFormat: String] = [
      .json: "lint.json", .sarif: "lint.sarif", .junit: "lint.junit.xml", .codeclimate: "lint.codeclimate.json",
    ]
    try expectGolden(
      Samples.lint.rendered(as: format, options: options),
      "Tests/Golden/findings/" + (name[format] ?? "lint.\(format.rawValue).txt"))
  }

  @Test(arguments: OutputFormat.allCases)
  func `no format shows a credential`(_ format: OutputFormat) {
    let text = Samples.config
    let report = Report(
      command: "lint", version: "0.1.0",
      files: [.init(path: "config.yaml", kind: "apisix-config", verdict: ["message": .string("bad \(Samples.token)")])],
      findings: [
        Samples.finding(at: "token: ", in: text),
        // A rule that forgot itself.
        Samples.finding(
          Samples.inlineToken, "Tests/Golden/findings/found \(Samples.token)", at: "token: ", in: text,
          help: "remove \(Samples.token)",
          fix: Fix(safe: true, edits: [TextEdit(offset: 0, length: 0, text: "x: \(Samples.token)")])),
      ],
      members: ["extra": [["deep": .string("Bearer \(Samples.token)")]]],
      sources: ["config.yaml": Samples.source(text, secrets: [Samples.token])])
    let shown = report.rendered(as: format, options: RenderOptions())
    #expect(!shown.contains("eyJhbGci"))
    #expect(!shown.contains("c2lnbmF0dXJl"))
  }

  @Test func `a credential that stands in another file is hidden there too`() {
    let other = "note: \(Samples.token) # ❌ here\n"
    let report = Report(
      command: "lint", version: "0.1.0", findings: [Samples.finding(at: "❌", in: other, file: "other.yaml")],
      sources: [
        "config.yaml": Samples.source(Samples.config, secrets: [Samples.token]), "other.yaml": Samples.source(other),
      ])
    #expect(
      renderText(report).contains(
        """
          1 | note: *** # ❌ here
            |             ^^
        """))
  }

  @Test func `nothing to say is an empty text, and a whole document`() {
    let report = Report(command: "lint", version: "0.1.0", files: [.init(path: "a", kind: "adc")], findings: [])
    #expect(report.rendered(as: .text) == "")
    #expect(report.rendered(as: .short) == "")
    #expect(report.rendered(as: .github) == "")
    #expect(report.rendered(as: .codeclimate) == "[]\n")
    #expect(report.summary.text == "no problems")
    #expect(report.rendered(as: .junit).contains("<testcase name=\"no problems\" classname=\"a\"/>"))
    #expect(report.json["findings"] == [])
  }

  @Test func `colours are there only when asked for`() throws {
    for format in OutputFormat.allCases { #expect(!Samples.lint.rendered(as: format).contains("\u{1b}")) }
    try expectGolden(
      Samples.lint.rendered(as: .text, options: RenderOptions(color: true)).replacingOccurrences(
        of: "\u{1b}", with: "␛"), "Tests/Golden/findings/lint.color.txt")
  }

  @Test func `a finding without a file has no place, and a help of several lines keeps them`() {
    let report = Report(
      command: "token verify", version: "0.1.0",
      findings: [
        Finding(
          rule: Samples.refused, message: "nothing listens at 127.0.0.1:6443",
          help: "start it:\nsystemctl start x\n\nor so")
      ])
    #expect(
      renderText(report) == """
        error: nothing listens at 127.0.0.1:6443 [connect/refused]
          help: start it:
                systemctl start x

                or so

        1 error

        """)
    #expect(renderGitHub(report).hasPrefix("::error title=connect/refused::nothing listens"))
    #expect(renderGitHub(report).hasSuffix("%0Asystemctl start x%0A%0Aor so\n"))
  }

  @Test func `junit fails what fails the run`() {
    let strict = renderJUnit(Samples.lint, failOn: .note)
    #expect(strict.contains("<testsuites name=\"gatecheck lint\" tests=\"5\" failures=\"4\""))
    #expect(renderJUnit(Samples.lint).contains("tests=\"5\" failures=\"2\""))
  }

  @Test func `junit spells out what XML cannot hold`() throws {
    let message = "a\u{1b}[31m\u{0}<&\"'>\u{FFFE}\u{9b}\n\tb"
    let report = Report(
      command: "lint", version: "0.1.0",
      findings: [Finding(rule: Samples.refused, message: message, file: "x\u{7}<y>", help: "c\u{1}d")])
    let xml = renderJUnit(report)
    #expect(xml.contains("message=\"a\\u{1b}[31m\\u{0}&lt;&amp;&quot;&#39;&gt;\\u{9b}&#10;\\tb\""))
    #expect(xml.contains("name=\"x\\u{7}&lt;y&gt;\""))
    #expect(xml.contains("\nc\\u{1}d</failure>"))
    #expect(!xml.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func `github commands cannot be broken out of`() {
    let report = Report(
      command: "lint", version: "0.1.0",
      findings: [
        Finding(
          rule: Samples.refused, message: "50%\r\n::set-output name=x::y", file: "a,b:c%\n::error::.yaml",
          range: SourceText(Array("ab\ncd".utf8)).range(0..<4))
      ])
    #expect(
      renderGitHub(report)
        == "::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3A.yaml,line=1,col=1,endLine=2,title=connect/refused"
        + "::50%25%0A::set-output name=x::y\n")
    let hostile = Report(
      command: "lint", version: "0.1.0", findings: [Finding(rule: Samples.refused, message: "m", file: "::add-mask::x")]
    )
    #expect(renderShort(hostile) == "./::add-mask::x:1:1: error: m [connect/refused]\n")
  }

  @Test func `codeclimate fingerprints stay when lines move and differ when findings do`() throws {
    func fingerprints(_ text: String) throws -> [String] {
      let report = Report(
        command: "lint", version: "0.1.0",
        findings: [
          Samples.finding(at: "6443", in: text), Samples.finding(Samples.hostUpperCase, "h", at: "API", in: text),
        ], sources: ["config.yaml": Samples.source(text, secrets: [Samples.token])])
      let issues = try #require(
        JSONSerialization.jsonObject(with: Data(renderCodeClimate(report).utf8)) as? [[String: Any]])
      return issues.compactMap { $0["fingerprint"] as? String }
    }
    let before = try fingerprints(Samples.config)
    #expect(Set(before).count == 2)
    #expect(try fingerprints("# moved\n\n" + Samples.config) == before)
    #expect(before.allSatisfy { $0.count == 32 })
  }

  @Test func `two findings alike in all but their line have two fingerprints`() {
    let text = "a: 1\nb: x\na: 1\n"
    let source = SourceText(Array(text.utf8))
    let report = Report(
      command: "lint", version: "0.1.0",
      findings: [0..<1, 10..<11].map {
        Finding(rule: Samples.refused, message: "m", file: "f", range: source.range($0))
      },
      sources: ["f": SourceFile(source)])
    var fingerprints = Fingerprints()
    #expect(Set(report.findings.map { fingerprints.next(for: $0, in: report) }).count == 2)
  }

  @Test func `paths in SARIF are URIs`() {
    #expect("a b/ünï,ödd:100%.yaml".percentEncoded(keeping: "/") == "a%20b/%C3%BCn%C3%AF%2C%C3%B6dd%3A100%25.yaml")
    let report = Report(
      command: "lint", version: "0.1.0",
      findings: ["./x.yaml", "/etc/y.yaml"].map { Finding(rule: Samples.refused, message: "m", file: $0) })
    let sarif = renderSARIF(report)
    #expect(sarif.contains("\"uri\": \"x.yaml\""))
    #expect(sarif.contains("\"uri\": \"file:///etc/y.yaml\""))
  }
}
