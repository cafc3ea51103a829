import Findings
import Foundation
import Inputs
import Lint
import Probes
import Testing

/// `token inspect`: what each line of releases does with exactly these bytes.
@Suite struct TokenInspectTests {
  private static let token = Recorded.token([
    "iss": "https://kubernetes.default.svc", "sub": "system:serviceaccount:demo:reader", "exp": 1_826_000_000,
    "kubernetes.io": ["namespace": "demo", "serviceaccount": ["name": "reader", "uid": "1"]],
  ])

  private func inspect(_ text: String, now: Int = 1_800_000_000) -> InspectAnswer {
    InspectQuestion(file: "file", AccessOptions()).ask(
      in: Context(environment: [:], now: { now }) { _, _ throws(FileError) in Array(text.utf8) })
  }

  private func handling(_ bytes: String, inline: Bool = false, now: Int = 1_800_000_000) throws -> [String] {
    let encoded = String(
      decoding: try JSONSerialization.data(withJSONObject: bytes, options: .fragmentsAllowed), as: UTF8.self)
    let text = inline ? "discovery: {kubernetes: {client: {token: \(encoded)}}}" : bytes
    let lines = inspect(text, now: now).preface.filter { $0.hasPrefix("APISIX ") }
    #expect(lines.allSatisfy { !$0.contains(Self.token.suffix(40)) })
    return lines.map { line in String(line.split(separator: ": ", maxSplits: 1).last ?? "") }
  }

  /// What holds no token, or several, is told once, with the command; nothing is said of a token that is not there.
  @Test(arguments: [
    "[\"\(token)\"]", "[\"abc\"]", "[\(token) \(token)]", "\(token) \(token)\n", "\(token)\n\(token)\n",
    "map[ca.crt:QUJD token:ZXlKaGJHY2lPaUFpVWxN]", "[map[data:map[token:ZXlK]]]",
    "{\"items\": [{\"data\": {\"token\": \"ZXlK\"}}, {\"data\": {\"token\": \"YWJj\"}}]}",
  ])
  func aListIsNoToken(_ text: String) {
    let answer = inspect(text)
    #expect(answer.findings.map(\.rule.id) == ["token/whole-document"], "\(answer.findings.map(\.message))")
    #expect(answer.findings.allSatisfy { $0.help?.contains("-o jsonpath='{.data.token}'") == true })
    #expect(answer.preface == [])
  }

  private static let until = "works until 2027-11-12T06:13:20Z"
  private static let verbatim = "sends it as it is, reads the file once: "
  private static let spaceless = "takes out all white space, reads the file once: "
  private static let trimmed = "trims it at both ends, reads the file for each request: "

  /// Sources: APISIX's informer of each line; a line break in the head of a request ends it.
  @Test(arguments: [
    (
      "", "\n", "the line break breaks the request, 400", "\(until), then 401 until a reload",
      "\(until), and on if the file is renewed"
    ),
    (
      "", "\r\n", "the line break breaks the request, 400", "\(until), then 401 until a reload",
      "\(until), and on if the file is renewed"
    ),
    (
      "", " ", "\(until), then 401 until a reload", "\(until), then 401 until a reload",
      "\(until), and on if the file is renewed"
    ),
    (
      "  ", "", "the space before it makes the server ignore it, 403", "\(until), then 401 until a reload",
      "\(until), and on if the file is renewed"
    ),
    (
      "'", "'", "the server gets something else than a token, 401", "the server gets something else than a token, 401",
      "the server gets something else than a token, 401"
    ),
    (
      "Bearer ", "", "the server gets something else than a token, 401",
      "the server gets something else than a token, 401", "the server gets something else than a token, 401"
    ),
  ])
  func whatEachLineDoes(_ before: String, _ behind: String, _ old: String, _ middle: String, _ new: String) throws {
    #expect(
      try handling(before + Self.token + behind) == [Self.verbatim + old, Self.spaceless + middle, Self.trimmed + new])
  }

  @Test func aBreakInside() throws {
    let half = Self.token.index(Self.token.startIndex, offsetBy: 60)
    let lines = try handling(Self.token[..<half] + "\n" + Self.token[half...])
    #expect(lines[0].hasSuffix("the line break breaks the request, 400"))
    #expect(lines[1].hasSuffix("\(Self.until), then 401 until a reload"))
    #expect(lines[2].hasSuffix("the line break breaks the request, 400"))
  }

  @Test func inConfigTheSchemaComesFirst() throws {
    #expect(try handling(Self.token, inline: true).allSatisfy { $0.hasSuffix(Self.until) })
    #expect(
      try handling("Bearer " + Self.token, inline: true).allSatisfy {
        $0.hasSuffix("its schema refuses the configuration")
      })
  }

  @Test func expiredAndEmpty() throws {
    #expect(
      try handling(Self.token, now: 1_900_000_000).allSatisfy {
        $0.hasSuffix("it arrives, and expired at 2027-11-12T06:13:20Z, 401")
      })
    #expect(try handling("").allSatisfy { $0.hasSuffix("nothing is left; with https it does not start") })
  }

  /// A token that is found is judged, whatever the first line of its document looks like.
  @Test func aDocumentThatBeginsLikeAMessage() throws {
    let document = "error: none\nkind: Secret\ndata: {token: \(Data(Self.token.utf8).base64EncodedString())}\n"
    let found = inspect(document)
    #expect(found.preface.contains { $0.hasSuffix("system:serviceaccount:demo:reader") })
    #expect(!found.findings.contains { $0.rule.id == "token/whole-document" })
    let message = inspect("error: the server is gone\n")
    #expect(message.findings.map(\.rule.id) == ["token/whole-document"])
    #expect(message.preface.isEmpty)
  }

  /// What a variable holds the schema never sees; what is sent then is no header.
  @Test func aVariableInConfig() throws {
    let config = "discovery: {kubernetes: {client: {token: \"${TOKEN}\"}}}"
    let half = Self.token.index(Self.token.startIndex, offsetBy: 60)
    var options = AccessOptions()
    options.config = "config.yaml"
    options.variables = ["TOKEN": Self.token[..<half] + "\n" + Self.token[half...]]
    let answer = InspectQuestion(file: nil, options).ask(
      in: Context(environment: [:], now: { 1_800_000_000 }) { _, _ throws(FileError) in Array(config.utf8) })
    let lines = answer.preface.filter { $0.hasPrefix("APISIX ") }
    #expect(lines[0].hasSuffix("sends it as it is: the line break breaks the request, 400"))
    #expect(lines[1].hasSuffix("takes out all white space: \(Self.until)"))
    #expect(lines[2].hasSuffix("trims it at both ends: the line break breaks the request, 400"))
    let finding = try #require(answer.findings.first { $0.rule.id == "token/whitespace" })
    #expect(finding.message == "the token has a line break inside" && finding.help == "write it on one line, whole")
  }

  @Test func whatIsCutOffDoesNotWork() throws {
    #expect(
      try handling(String(Self.token.dropLast(90))).allSatisfy { $0.hasSuffix("it arrives, and looks cut off: 401") })
  }

  @Test func theFingerprintIsOfWhatWasGiven() {
    let lines = ["...", "abc def"].map { inspect($0).preface.first { $0.hasPrefix("sha256:") } }
    #expect(Set(lines).count == 2 && lines[0] == "sha256:    ab5df625bc76")
  }

  @Test func aSecretsTokenHasNoEnd() throws {
    #expect(try handling(Recorded.token).allSatisfy { $0.hasSuffix("works; it does not expire") })
  }
}
