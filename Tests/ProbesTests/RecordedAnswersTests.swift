import Findings
import Foundation
import HTTP
import Inputs
import Kubernetes
import Lint
import Registries
import TestSupport
import Testing

@testable import Probes

/// `token verify` against a stub that sends what a Kubernetes 1.36 server answered: each situation has its own rule.
@Suite struct RecordedAnswersTests {
  private func verify(_ situation: RecordedSituation) throws -> (check: TokenCheck, asked: [StubServer.Asked]) {
    let stub = try StubServer { situation.answer($0) }
    defer { stub.stop() }
    let config = """
      discovery:
        kubernetes:
          service: {schema: http, host: 127.0.0.1, port: "\(stub.port)"}
          client: {token: "\(situation.token)"}
          watch_endpoint_slices: \(situation.slices)
      """
    var options = AccessOptions()
    options.config = "config.yaml"
    options.requestTimeout = .seconds(5)
    let clock = try situation.clock()
    let context = Context(
      environment: [:], now: { clock },
      files: { path, _ throws(FileError) in
        guard path == "config.yaml" else { throw FileError(.notFound, path: path, reason: "not there") }
        return Array(config.utf8)
      })
    var plan = options.plan(in: context)
    if situation.hasAdministrator { plan.targets = plan.targets.map { Self.administered($0, at: stub.url) } }
    try #require(plan.findings == [])
    let verify = TokenQuestion(plan).ask(in: context)
    return (try #require(verify.checks.first), stub.asked)
  }

  /// With an administrator beside the token: no kubeconfig gives one to a server without TLS.
  private static func administered(_ target: Target, at url: String) -> Target {
    var administrator = Endpoint(url)
    administrator.credential = .bearer(Secret("token-of-an-administrator"))
    return Target(
      id: target.id, endpoint: target.endpoint, token: target.token, administrator: administrator,
      settings: target.settings, serverOrigin: target.serverOrigin, identityOrigin: target.identityOrigin,
      trust: target.trust, place: target.place, apisixVerifies: target.apisixVerifies, lentPath: target.lentPath)
  }

  @Test(arguments: RecordedSituation.unauthorized + RecordedSituation.forbidden + RecordedSituation.others)
  func eachSituationHasItsRules(_ situation: RecordedSituation) throws {
    let (check, asked) = try verify(situation)
    let rules = check.findings.map(\.rule.id).filter { $0 != "token/expires" }
    #expect(rules == situation.rules)
    #expect(check.findings.allSatisfy { !$0.message.isEmpty })
    if situation.token.count > 40 {
      let told = check.findings.map { $0.message + ($0.help ?? "") }.joined()
      #expect(!told.contains(situation.token.suffix(40)))
      #expect(
        asked.filter { $0.path.contains("openid") }.allSatisfy { $0.authorization != "Bearer \(situation.token)" })
    }
  }

  /// Two causes are told apart when they do not come out as the same words.
  @Test func causesAreToldApart() throws {
    let all = RecordedSituation.unauthorized + RecordedSituation.forbidden
    var told: [String: String] = [:]
    for situation in all {
      let first = try #require(try verify(situation).check.findings.first)
      #expect(!first.message.isEmpty)
      told[situation.name] = first.rule.id
    }
    #expect(told.values.filter { $0 == "token/unauthorized" }.count == 1, "the cause stays unnamed: \(told)")
    #expect(Set(told.values).count >= 18)
  }

  @Test func fourRequestsWhenAllIsWell() throws {
    let (check, asked) = try verify(.init(name: "well", rules: []))
    #expect(check.works)
    #expect(check.serverVersion == "v1.36.2")
    #expect(check.probes.map(\.name) == ["list", "watch", "identity", "version"])
    #expect(asked.count == 4)
  }

  /// `token create`: what the server says to a TokenRequest, and to a GET of the account.
  @Test(arguments: [
    ("request", "", "token"), ("request-too-short", "token/create-refused", "less than 10 minutes"),
    ("request-refused", "token/create-refused", "cannot create resource"),
    ("request-account-missing", "rbac/service-account-missing", "no ServiceAccount reader"),
  ])
  func tokenRequest(_ file: String, _ rule: String, _ words: String) throws {
    let isPost = file != "request-account-missing"
    let bytes = try RecordedSituation.bytes(file)
    let stub = try StubServer { asked in
      asked.method == "POST" || !isPost
        ? .init(recorded: bytes) : .init(body: #"{"kind":"ServiceAccount","metadata":{"name":"reader"}}"#)
    }
    defer { stub.stop() }
    var options = AccessOptions()
    options.server = stub.url
    options.tokenFile = "token"
    let context = Context(
      environment: [:], now: { RecordedSituation.now },
      files: { _, _ throws(FileError) in
        Array("token-of-an-administrator".utf8)
      })
    let plan = options.plan(in: context)
    var order = TokenOrder(
      account: ServiceAccount(namespace: "demo", name: "reader"), secretName: "reader-token")
    order.isRequest = true
    order.duration = 600
    order.confirmed = true
    let created = order.place(at: try #require(plan.targets.first), in: context)
    #expect((created.token != nil) == (file == "request"))
    #expect(created.findings.map(\.rule.id) == (rule.isEmpty ? [] : [rule]))
    #expect(rule.isEmpty || created.findings.contains { $0.message.contains(words) })
  }

  /// Those that say nothing which others do not say are kept for whoever wants to look.
  @Test func everyRecordingIsRead() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/kubernetes-1.36").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".http") }
      .map { String($0.dropLast(5)) }
    #expect(names.count > 60)
    for name in names { #expect(try !RecordedSituation.bytes(name).isEmpty) }
    let all = RecordedSituation.unauthorized + RecordedSituation.forbidden + RecordedSituation.others
    let used = Set(all.flatMap { $0.answers.values } + ["list-slices", "watch-slices", "version", "access-denied"])
    let others: Set = [
      "access-allowed-slices", "anonymous-api", "anonymous-readyz", "get-missing", "nobody-get", "nobody-slices",
      "reader-resource-missing", "reader-secrets", "request", "request-account-missing", "request-refused",
      "request-too-short",
    ]
    #expect(Set(names).subtracting(used) == others)
  }
}
