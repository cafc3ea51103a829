import JSON
import SourceText
import Testing

@testable import Findings

@Suite struct ReportTests {
  private func finding(_ rule: Rule, _ message: String, _ file: String?, _ offset: Int? = nil) -> Finding {
    let text = SourceText(Array("abc\ndef\n".utf8))
    return Finding(rule: rule, message: message, file: file, range: offset.map { text.range($0..<($0 + 1)) })
  }

  @Test func `findings stand by file as given, then offset, rule and message`() {
    let report = Report(
      command: "lint", version: "0", files: [.init(path: "z", kind: nil), .init(path: "a", kind: nil)],
      findings: [
        finding(Samples.refused, "no file 2", nil),
        finding(Samples.refused, "unlisted", "b", 0),
        finding(Samples.refused, "4", "a", 0),
        finding(Samples.portNotString, "3", "z", 5),
        finding(Samples.hostUpperCase, "2", "z", 5),
        finding(Samples.hostUpperCase, "1", "z", 5),
        finding(Samples.refused, "0", "z"),
        finding(Samples.refused, "no file 1", nil),
      ])
    #expect(report.findings.map(\.message) == ["0", "1", "2", "3", "4", "unlisted", "no file 2", "no file 1"])
  }

  /// One candidate for a text to be compared with, not one for each place.
  @Test func `a password that stands everywhere is known once`() {
    let line = "http://user:correcthorsebatterystaple@h:1\n"
    let text = Array(String(repeating: line, count: 4000).utf8)
    let user = line.utf8.split(separator: UInt8(ascii: "@"))[0].count - 7
    let places = (0..<4000).map { 7 + $0 * line.utf8.count..<7 + user + $0 * line.utf8.count }
    let scrubber = Scrubber(sources: ["f": SourceFile(SourceText(text), secrets: places)], others: [])
    #expect(scrubber.secrets.values.map(\.count) == [1])
    #expect(scrubber.scrub(String(line.dropLast())) == "http://***@h:1")
  }

  @Test func `the order does not hang on the order of arrival`() {
    let findings = Samples.lint.findings
    let files = Samples.lint.files
    for shuffle in [findings.reversed(), Array(findings[2...] + findings[..<2])] {
      #expect(Report(command: "lint", version: "0", files: files, findings: shuffle).findings == findings)
    }
  }

  @Test func `probes keep their order`() {
    let given = [
      finding(Samples.inlineToken, "the cause", "z", 5), finding(Samples.refused, "what follows", "z", 0),
      finding(Samples.inlineToken, "the cause", "z", 5),
    ]
    let report = Report(command: "token verify", version: "0", findings: given, order: .asGiven)
    #expect(report.findings.map(\.message) == ["the cause", "what follows"])
  }

  @Test func `duplicates are removed, also when only the help differs`() {
    let first = Finding(rule: Samples.refused, message: "m", help: "one")
    let second = Finding(rule: Samples.refused, message: "m", help: "two")
    let report = Report(command: "lint", version: "0", findings: [first, second, first])
    #expect(report.findings == [first])
    #expect(report.summary.text == "1 error")
  }

  @Test func `the summary counts`() {
    #expect(Samples.lint.summary.text == "2 errors, 1 warning, 1 note")
  }

  @Test func `a fix that carries a known credential becomes a secret one`() {
    let fix = Fix(safe: true, edits: [TextEdit(offset: 0, length: 1, text: "token: \(Samples.token)\n")])
    let report = Report(
      command: "lint", version: "0", findings: [Finding(rule: Samples.refused, message: "m", file: "f", fix: fix)],
      secrets: ["\(Samples.token)\n"])
    #expect(report.findings[0].fix?.secret == true)
    #expect(report.findings[0].fix?.edits == fix.edits)
    #expect(
      report.json["findings"]?.array?[0]["fix"]
        == ["safe": true, "secret": true, "edits": [["offset": 0, "length": 1, "text": .null, "secret": true]]])
  }

  @Test func `short words that are credentials do not hide ordinary words`() {
    let report = Report(
      command: "lint", version: "0", findings: [Finding(rule: Samples.refused, message: "nacos answers 403")],
      secrets: ["nacos"])
    #expect(report.findings[0].message == "nacos answers 403")
  }

  @Test func `what may be words is hidden in its own file only, and as a whole`() {
    let word = "kubernetes.io/os-key"
    let text = SourceText(Array("key: \(word)".utf8))
    let finding = { (file: String, message: String) in Finding(rule: Samples.refused, message: message, file: file) }
    let report = Report(
      command: "lint", version: "0",
      findings: [
        finding("a", "no annotation kubernetes.io/service-account.name"), finding("a", "it is \(word)"),
        finding("b", "it is \(word)"),
      ], sources: ["a": SourceFile(text, secrets: [5..<text.bytes.count])])
    #expect(
      report.findings.map(\.message) == [
        "it is ***", "no annotation kubernetes.io/service-account.name", "it is \(word)",
      ])
  }

  @Test func `what may be words is hidden wherever its file is quoted`() {
    let word = "battery-staple-horse-correct"
    let text = "token: \(word)\nport: 6443 # \(word)\n"
    let source = Samples.source(text, secrets: [word])
    let fix = Fix(safe: true, edits: [TextEdit(offset: text.utf8.count, length: 0, text: "user: \(word)\n")])
    let report = Report(
      command: "lint", version: "0",
      files: [.init(path: "f", kind: nil, verdict: ["message": .string("it is \(word)")])],
      findings: [Samples.finding(at: "6443", in: text, file: "f", fix: fix)], sources: ["f": source])
    #expect(report.files.map(\.verdict) == [["message": "it is ***"]])
    #expect(renderText(report).contains("port: 6443 # ***"))
    #expect(report.findings.allSatisfy { $0.fix?.secret == true })
    var change = FileChange("f", source)
    change.make([fix])
    let diff = String(decoding: unifiedDiff(change), as: UTF8.self)
    #expect(diff.hasSuffix(" token: ***\n port: 6443 # ***\n+user: ***\n"))
  }

  @Test func `overlapping credentials are one`() {
    let text = SourceText(Array("0123456789".utf8))
    #expect(SourceFile(text, secrets: [5..<7, 0..<3, 2..<4, 8..<99, 6..<6]).secrets == [0..<4, 5..<7, 8..<10])
  }
}
