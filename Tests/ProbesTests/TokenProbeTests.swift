import Findings
import Foundation
import HTTP
import Inputs
import JSON
import Kubernetes
import Lint
import Probes
import TestSupport
import Testing

/// `token verify` against a stub that sends recorded answers: each answer has its finding.
@Suite struct TokenProbeTests {
  struct Result {
    let findings: [Finding]
    let rules: [String]
    let check: TokenCheck?
    let members: JSONValue
    let preface: [String]
    let asked: [StubServer.Asked]
  }

  static let now = 1_795_000_000

  func verify(
    token: String = Recorded.token, extra: String = "",
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> Result {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    let config = """
      discovery:
        kubernetes:
          service: {schema: http, host: 127.0.0.1, port: "\(stub.port)"}
          client: {token: "\(token)"}
      \(extra)
      """
    var options = AccessOptions()
    options.config = "config.yaml"
    options.requestTimeout = .seconds(5)
    let context = Context(
      environment: [:], now: { Self.now },
      files: { path, _ throws(FileError) in
        guard path == "config.yaml" else { throw FileError(.notFound, path: path, reason: "not there") }
        return Array(config.utf8)
      })
    let plan = options.plan(in: context)
    let verify = TokenQuestion(plan).ask(in: context)
    let findings = plan.findings + verify.findings
    return Result(
      findings: findings, rules: findings.map(\.rule.id), check: verify.checks.first,
      members: .object(verify.members), preface: verify.preface, asked: stub.asked)
  }

  /// All is well but for what `change` answers.
  func server(
    _ change: @escaping @Sendable (_ kind: String) -> StubServer.Answer?
  ) -> @Sendable (StubServer.Asked) -> StubServer.Answer {
    { asked in
      let kind =
        asked.path.hasSuffix("selfsubjectreviews")
        ? "identity"
        : asked.path.hasSuffix("selfsubjectaccessreviews")
          ? "access" : asked.target.contains("watch=true") ? "watch" : "list"
      if let answer = change(kind) { return answer }
      return switch kind {
      case "identity": Recorded.identity
      case "access": Recorded.access(allowed: false)
      case "watch": Recorded.watch
      default: Recorded.list
      }
    }
  }

  @Test func allIsWell() throws {
    let result = try verify(server { _ in nil })
    #expect(result.rules == ["server/endpoints-deprecated"])
    #expect(result.preface.first?.hasPrefix("ok: system:serviceaccount:demo:reader may list and watch") == true)
    #expect(result.asked.map(\.method) == ["GET", "GET", "POST", "GET"])
    #expect(result.asked.first?.target == "/api/v1/endpoints?limit=1")
    #expect(result.asked.dropFirst().first?.target.contains("resourceVersion=338&timeoutSeconds=1&watch=true") == true)
    #expect(result.asked.allSatisfy { $0.authorization == "Bearer " + Recorded.token })
    #expect(result.members["identity"]?["source"]?.string == "SelfSubjectReview")
    #expect(result.members["token"]?["kind"]?.string == "legacy")
  }

  @Test func selectorsAreSentAsAPISIXSendsThem() throws {
    let result = try verify(
      extra: """
            namespace_selector: {equal: prod}
            label_selector: "app in (a, b)"
        """, server { _ in nil })
    #expect(
      result.asked.first?.target
        == "/api/v1/endpoints?fieldSelector=metadata.namespace%3Dprod&labelSelector=app%20in%20(a%2C%20b)&limit=1")
  }

  @Test func unauthorized() throws {
    let result = try verify(server { _ in Recorded.unauthorized })
    #expect(result.rules == ["token/unauthorized"])
    // The second asks for the issuer, and has no token.
    #expect(result.asked.map { $0.authorization == nil } == [false, true])
    #expect(result.findings[0].help?.contains("kubectl -n demo get secret reader-token") == true)
  }

  @Test func wrappedTokenIsNamedBefore401() throws {
    let wrapped = Data(Recorded.token.utf8).base64EncodedString()
    let result = try verify(token: wrapped, server { _ in Recorded.unauthorized })
    #expect(result.rules == ["token/base64-wrapped"])
  }

  @Test func expiredTokenIsNamedBefore401() throws {
    let token = Recorded.token([
      "iss": "https://kubernetes.default.svc", "sub": "system:serviceaccount:demo:reader",
      "exp": Self.now - 3600, "kubernetes.io": ["namespace": "demo", "serviceaccount": ["name": "reader"]],
    ])
    #expect(
      try verify(token: token, server { _ in Recorded.unauthorized }).rules == ["token/expired"])
  }

  @Test func serverThatTakesAnExpiredTokenHasTheLastWord() throws {
    let token = Recorded.token(["sub": "system:serviceaccount:demo:reader", "exp": Self.now - 30])
    let result = try verify(token: token, server { _ in nil })
    #expect(result.check?.works == true)
  }

  @Test func neitherListNorWatch() throws {
    let user = "system:serviceaccount:demo:reader"
    let result = try verify(
      server { kind in ["list", "watch"].contains(kind) ? Recorded.forbidden(kind, user: user) : nil })
    #expect(result.rules == ["rbac/list-missing"])
    #expect(result.findings[0].message == "\(user) may not list and watch endpoints in the whole cluster (403)")
    // Names that nobody else has: what there is cannot be seen.
    #expect(
      result.findings[0].help
        == "gatecheck rbac generate --name reader --namespace demo --cluster-role demo:reader:endpoints "
        + "--cluster-role-binding demo:reader:endpoints --no-token-secret --minimal | kubectl apply -f -")
  }

  @Test func listWithoutWatch() throws {
    let user = "system:serviceaccount:demo:reader"
    let result = try verify(server { $0 == "watch" ? Recorded.forbidden("watch", user: user) : nil })
    #expect(result.rules == ["rbac/watch-missing", "server/endpoints-deprecated"])
    #expect(result.check?.works == false)
  }

  @Test func grantedInOneNamespaceOnly() throws {
    let user = "system:serviceaccount:demo:reader"
    let stub = try verify { asked in
      if asked.path.hasSuffix("selfsubjectaccessreviews") { return Recorded.access(allowed: false) }
      if asked.path.hasSuffix("selfsubjectrulesreviews"), asked.body.contains(#""namespace":"demo""#) {
        return Recorded.rules(#"{"verbs":["list","watch"],"apiGroups":[""],"resources":["endpoints"]}"#)
      }
      return Recorded.forbidden(asked.target.contains("watch") ? "watch" : "list", user: user)
    }
    #expect(stub.rules == ["rbac/namespaced-role"])
  }

  /// What the server lists for the token's own namespace tells how near the right is.
  @Test(arguments: [
    (
      #"{"verbs":["list","watch"],"apiGroups":[""],"resources":["endpoints"],"resourceNames":["web"]}"#,
      "rbac/resource-names"
    ),
    (#"{"verbs":["list","watch"],"apiGroups":["discovery.k8s.io"],"resources":["endpoints"]}"#, "rbac/wrong-api-group"),
    (#"{"verbs":["get"],"apiGroups":[""],"resources":["endpoints"]}"#, "rbac/missing-verb"),
    (#"{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}"#, "rbac/not-bound"),
  ])
  func nearlyGranted(_ rule: String, _ cause: String) throws {
    let user = "system:serviceaccount:demo:reader"
    let result = try verify { asked in
      if asked.path.hasSuffix("selfsubjectaccessreviews") { return Recorded.access(allowed: false) }
      if asked.path.hasSuffix("selfsubjectrulesreviews") { return Recorded.rules(rule) }
      return Recorded.forbidden(asked.target.contains("watch") ? "watch" : "list", user: user)
    }
    #expect(result.rules == [cause])
  }

  @Test func aNode() throws {
    let result = try verify(
      token: "opaque-token-of-a-node", server { Recorded.forbidden($0, user: "system:node:worker-1") })
    #expect(result.rules == ["token/node-identity"])
  }

  /// The kubeconfig reaches the server behind a path, and the configuration cannot.
  @Test(arguments: [true, false]) func behindAPath(_ isConfig: Bool) throws {
    let stub = try StubServer { asked in
      guard asked.path.hasPrefix("/k8s/clusters/c-1/") else {
        return StubServer.Answer(status: 404, type: "text/html", body: "<html>Rancher</html>")
      }
      return asked.target.contains("watch=true") ? Recorded.watch : Recorded.list
    }
    defer { stub.stop() }
    let files = [
      "config": #"discovery: {kubernetes: {service: {schema: http, host: 127.0.0.1, port: "\#(stub.port)"}, "#
        + #"client: {token: "\#(Recorded.token)"}}}"#,
      "kube": "current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\n"
        + "clusters: [{name: k, cluster: {server: '\(stub.url)/k8s/clusters/c-1'}}]\n", "token": Recorded.token,
    ]
    var options = AccessOptions()
    options.kubeconfig = "kube"
    if isConfig { options.config = "config" } else { options.tokenFile = "token" }
    let context = Context(
      environment: [:], now: { Self.now },
      files: { path, _ throws(FileError) in
        guard let text = files[path] else { throw FileError(.notFound, path: path, reason: "not there") }
        return Array(text.utf8)
      })
    let plan = options.plan(in: context)
    let check = try #require(TokenQuestion(plan).ask(in: context).checks.first)
    let finding = try #require(check.findings.first { $0.rule.id == "server/behind-path" })
    #expect(finding.severity == (isConfig ? .error : .warning))
    #expect(finding.message.contains("/k8s/clusters/c-1"))
    #expect(check.works == !isConfig)
  }

  @Test func aProxyRefuses() throws {
    let answer = StubServer.Answer(
      status: 403, type: "text/html", headers: ["Server: nginx"], body: "<html><h1>403 Forbidden</h1></html>")
    let result = try verify(server { _ in answer })
    #expect(result.rules == ["server/proxy-refused"])
    #expect(result.findings[0].message.hasPrefix("a proxy (nginx) refuses with 403 (text/html)"))
  }

  @Test func bindingToAMissingRole() throws {
    let tail = #": RBAC: clusterrole.rbac.authorization.k8s.io \"no-such-role\" not found"#
    let result = try verify(
      server { kind in
        ["list", "watch"].contains(kind)
          ? Recorded.forbidden(kind, user: "system:serviceaccount:demo:reader", tail: tail) : nil
      })
    #expect(result.rules == ["rbac/role-not-found"])
    #expect(
      result.findings[0].help?.hasPrefix("make it: kubectl create clusterrole no-such-role --verb=list,watch") == true)
  }

  @Test func aPersonsToken() throws {
    let result = try verify(
      token: "opaque-token-of-jane",
      server { kind in
        switch kind {
        case "list", "watch": Recorded.forbidden(kind, user: "jane doe")
        case "identity": StubServer.Answer(status: 404, body: "404 page not found")
        default: nil
        }
      })
    #expect(result.rules == ["token/not-a-service-account"])
    #expect(result.findings[0].help?.contains("gatecheck token create --name apisix") == true)
    #expect(result.members["identity"]?["source"]?.string == "Forbidden")
  }

  @Test func anonymous() throws {
    let result = try verify(server { Recorded.forbidden($0, user: "system:anonymous") })
    #expect(result.rules == ["token/anonymous"])
  }

  @Test func emptyTokenGoesAsNobody() throws {
    let result = try verify(token: "", server { Recorded.forbidden($0, user: "system:anonymous") })
    #expect(result.rules == ["token/empty"])
    #expect(result.asked.first?.authorization == nil)
  }

  @Test(arguments: [200, 401, 403])
  func loginPage(status: Int) throws {
    let page = StubServer.Answer(status: status, type: "text/html", body: Recorded.loginPage.body)
    #expect(try verify(server { _ in page }).rules == ["server/login-page"])
  }

}
