import Findings
import Foundation
import Inputs
import Probes
import TestSupport
import Testing

/// `token verify` where something between here and the API server breaks APISIX alone.
@Suite struct FrontProbeTests {
  private func verify(
    kubeconfig: Bool = false, _ answer: @escaping @Sendable (_ isWatch: Bool) -> StubServer.Answer?
  ) throws -> (findings: [Finding], asked: [StubServer.Asked]) {
    let stub = try StubServer { asked in
      let isWatch = asked.target.contains("watch=true")
      if let answer = answer(isWatch) { return answer }
      if asked.path.hasSuffix("selfsubjectreviews") { return Recorded.identity }
      return isWatch ? Recorded.watch : StubServer.Answer(body: Self.list)
    }
    defer { stub.stop() }
    let files = [
      "config.yaml": """
      discovery:
        kubernetes:
          service: {schema: http, host: 127.0.0.1, port: "\(stub.port)"}
          client: {token: "\(Recorded.token)"}
      """,
      "kube.yaml": """
      current-context: c
      clusters: [{name: c, cluster: {server: "\(stub.url)"}}]
      users: [{name: u, user: {token: "\(Recorded.token)"}}]
      contexts: [{name: c, context: {cluster: c, user: u}}]
      """,
    ]
    var options = AccessOptions()
    if kubeconfig { options.kubeconfig = "kube.yaml" } else { options.config = "config.yaml" }
    options.requestTimeout = .seconds(2)
    let context = Context(
      environment: [:], now: { 1_795_000_000 },
      files: { path, _ throws(FileError) in
        guard let text = files[path] else { throw FileError(.notFound, path: path, reason: "not there") }
        return Array(text.utf8)
      })
    let plan = options.plan(in: context)
    return (plan.findings + TokenQuestion(plan).ask(in: context).findings, stub.asked)
  }

  private static let list =
    #"{"kind":"EndpointsList","apiVersion":"v1","metadata":{"resourceVersion":"338"},"items":[]}"# + "\n"

  @Test func allIsWell() throws { #expect(try verify { _ in nil }.findings.isEmpty) }

  @Test func aWatchThatGetsNoAnswer() throws {
    let silent = StubServer.Answer(recorded: [])
    let hungUp = {
      var answer = StubServer.Answer()
      answer.hangsUp = true
      return answer
    }()
    for answer in [silent, hungUp] {
      let found = try verify { $0 ? answer : nil }.findings
      #expect(found.map(\.rule.id) == ["server/watch-broken"] && found.map(\.severity) == [.error])
    }
  }

  @Test func aWatchThatIsEmpty() throws {
    let found = try verify { $0 ? StubServer.Answer(body: "") : nil }.findings
    #expect(found.map(\.rule.id) == ["server/watch-broken"] && found.allSatisfy { $0.severity != .error })
  }

  /// The server itself is the matter then.
  @Test func aListThatGetsNoAnswer() throws {
    #expect(try verify { _ in StubServer.Answer(recorded: []) }.findings.map(\.rule.id) == ["connect/timeout"])
  }

  @Test func answersCompressedUnasked() throws {
    let body = Data(
      base64Encoded: """
        H4sIAAAAAAACA6tWys7MS1GyUnLNSynIz8wrKfbJLC5R0lFKLMgMSy0qzszPA0qWGQJFclNLElMSSxKVrKqVilKL80uLklMRSoyNLZRqdZQyS1Jzi5WsomNruQB1crvzWwAAAA==
        """)
    let bytes = [UInt8](try #require(body))
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n"
    let answer = StubServer.Answer(recorded: Array(head.utf8) + bytes)
    #expect(try verify { $0 ? nil : answer }.findings.map(\.rule.id).contains("server/compressed"))
    // kubectl reads them.
    #expect(try verify(kubeconfig: true) { $0 ? nil : answer }.findings.map(\.rule.id) == [])
  }

  @Test func aKubeconfigsTokenGoesOverPlainHTTPToThisMachine() throws {
    let (found, asked) = try verify(kubeconfig: true) { _ in nil }
    #expect(found.isEmpty && asked.allSatisfy { $0.authorization == "Bearer " + Recorded.token })
  }
}
