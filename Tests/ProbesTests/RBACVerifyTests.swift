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

/// `rbac verify` and `rbac diff` on the answers of a stub: what a real server of the tests' release does not show.
@Suite struct RBACVerifyTests {
  struct Result {
    let findings: [Finding]
    let check: RBACCheck?
    let members: JSONValue
    let asked: [StubServer.Asked]
    var rules: [String] { findings.map(\.rule.id) }
  }

  private static let secretToken = Recorded.token

  private func verify(
    as user: String? = nil, needs: RBACOptions.Watches? = nil,
    _ answer: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> Result {
    let stub = try StubServer(answer)
    defer { stub.stop() }
    var options = AccessOptions()
    options.server = stub.url
    options.impersonate = user
    options.tokenFile = "token"
    options.requestTimeout = .seconds(5)
    let context = Context(
      environment: [:], now: { 1_800_000_000 },
      files: { path, _ throws(FileError) in
        guard path == "token" else { throw FileError(.notFound, path: path, reason: "not there") }
        return Array(Self.secretToken.utf8)
      })
    let plan = options.plan(in: context)
    let result = RBACQuestion(plan, needs: needs).ask(in: context)
    return Result(
      findings: plan.findings + result.findings, check: result.checks.first,
      members: .object(result.members), asked: stub.asked)
  }

  private static func review(_ kind: String, _ status: String) -> StubServer.Answer {
    StubServer.Answer(status: 201, body: #"{"kind":"\#(kind)","apiVersion":"x/v1","status":\#(status)}"#)
  }

  /// A server on which the identity holds what is said.
  private func server(
    allowed: [String] = ["list", "watch"], rules: String = "[]",
    _ change: @escaping @Sendable (String) -> StubServer.Answer? = { _ in nil }
  ) -> @Sendable (StubServer.Asked) -> StubServer.Answer {
    { asked in
      let kind = String(asked.path.split(separator: "/").last ?? "")
      if let answer = change(kind) { return answer }
      switch kind {
      case "selfsubjectreviews": return Recorded.identity
      case "selfsubjectaccessreviews":
        return Recorded.access(allowed: allowed.contains { asked.body.contains("\"verb\":\"\($0)\"") })
      case "selfsubjectrulesreviews":
        return Self.review("SelfSubjectRulesReview", #"{"resourceRules":\#(rules),"incomplete":false}"#)
      default: return StubServer.Answer(status: 404, type: "text/plain", body: "404 page not found\n")
      }
    }
  }

  @Test func exactlyWhatIsNeeded() throws {
    let rules =
      #"[{"verbs":["list","watch"],"apiGroups":[""],"resources":["endpoints"]},"#
      + #"{"verbs":["create"],"apiGroups":["authorization.k8s.io"],"resources":["selfsubjectaccessreviews"]}]"#
    let result = try verify(server(rules: rules))
    #expect(result.rules == [])
    #expect(result.members["identity"]?["username"]?.string == "system:serviceaccount:demo:reader")
    #expect(result.check?.permissions.map(\.allowed) == [true, true])
    #expect(result.members["permissions"]?.array?.first?["scope"]?.string == "cluster")
    #expect(result.asked.count == 4)
  }

  @Test func listWithoutWatch() throws {
    let result = try verify(server(allowed: ["list"]))
    #expect(result.rules == ["rbac/watch-missing"])
    #expect(
      result.findings[0].help
        == "gatecheck rbac generate --name reader --namespace demo --cluster-role demo:reader:endpoints "
        + "--cluster-role-binding demo:reader:endpoints --no-token-secret --minimal | kubectl apply -f -")
    #expect(result.members["manifest"]?.string?.contains("kind: ClusterRoleBinding") == true)
  }

  @Test(arguments: [
    (#"{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}"#, Severity.warning),
    (#"{"verbs":["get","list"],"apiGroups":[""],"resources":["secrets"]}"#, .warning),
    (#"{"verbs":["create","delete"],"apiGroups":["apps"],"resources":["deployments"]}"#, .warning),
    (#"{"verbs":["get","list","watch"],"apiGroups":[""],"resources":["pods"]}"#, .note),
  ])
  func moreThanNeeded(_ rule: String, _ severity: Severity) throws {
    let result = try verify(server(rules: "[\(rule)]"))
    #expect(result.rules == ["rbac/too-much"])
    #expect(result.findings.first?.severity == severity)
    #expect(result.check?.permissions.last?.needed == false)
    #expect(result.check?.permissions.last?.scope == "demo")
  }

  @Test func oldServersHaveNoSelfSubjectReview() throws {
    let result = try verify(
      server {
        $0 == "selfsubjectreviews"
          ? StubServer.Answer(status: 404, type: "text/plain", body: "404 page not found\n") : nil
      })
    #expect(result.rules == [])
    #expect(result.members["identity"]?["source"]?.string == "token")
  }

  @Test func withoutReviewsTheRequestItselfIsMade() throws {
    let stub: @Sendable (StubServer.Asked) -> StubServer.Answer = { asked in
      if asked.path.hasSuffix("reviews") {
        return Recorded.forbidden("create", user: "system:serviceaccount:demo:reader")
      }
      return asked.target.contains("watch=true")
        ? Recorded.forbidden("watch", user: "system:serviceaccount:demo:reader") : Recorded.list
    }
    let result = try verify(stub)
    #expect(result.rules == ["rbac/watch-missing"])
    #expect(result.check?.permissions.map(\.allowed) == [true, false])
  }

  @Test func unauthorizedIsNamedAsSuch() throws {
    let result = try verify { _ in Recorded.unauthorized }
    #expect(result.rules == ["token/unauthorized"])
    #expect(result.asked.map(\.method) == ["POST", "GET"])
    #expect(result.check?.permissions == [])
  }

  @Test func mayNotImpersonate() throws {
    let message =
      #"serviceaccounts \"x\" is forbidden: User \"jane\" cannot impersonate resource \"serviceaccounts\" "#
      + #"in API group \"\" in the namespace \"demo\""#
    let body = #"{"kind":"Status","status":"Failure","message":"\#(message)","reason":"Forbidden","code":403}"#
    let result = try verify(as: "system:serviceaccount:demo:x") { _ in StubServer.Answer(status: 403, body: body) }
    #expect(result.rules == ["connect/cannot-impersonate"])
    #expect(result.members["identity"]?["source"]?.string == "--as")
  }

  @Test(arguments: [200, 201, 403])
  func loginPage(_ status: Int) throws {
    let page = StubServer.Answer(status: status, type: "text/html", body: Recorded.loginPage.body)
    #expect(try verify { _ in page }.rules == ["server/login-page"])
  }

  @Test func objectsDifferByFieldsThatMatter() throws {
    let role =
      #"{"kind":"ClusterRole","metadata":{"name":"apisix","labels":{"other":"1"}},"rules":["#
      + #"{"apiGroups":[""],"resources":["endpoints"],"verbs":["watch","list"]},"#
      + #"{"apiGroups":[""],"resources":["endpoints"],"verbs":["get"]}]}"#
    let binding =
      #"{"kind":"ClusterRoleBinding","metadata":{"name":"apisix"},"roleRef":{"kind":"ClusterRole","#
      + #""name":"view"},"subjects":[{"kind":"ServiceAccount","name":"apisix","namespace":"other"}]}"#
    let result = try diff { kind in
      switch kind {
      case "clusterroles": StubServer.Answer(body: role)
      case "clusterrolebindings": StubServer.Answer(body: binding)
      case "serviceaccounts": StubServer.Answer(body: #"{"kind":"ServiceAccount","metadata":{"name":"apisix"}}"#)
      default: StubServer.Answer(status: 404, body: #"{"kind":"Status","reason":"NotFound","code":404}"#)
      }
    }
    #expect(result.findings.map(\.rule.id) == ["rbac/role-ref-differs", "rbac/object-differs", "rbac/object-missing"])
    #expect(result.preface == ["same: ServiceAccount apisix", "same: ClusterRole apisix"])
    // Whom it names beside the one that is wanted keeps what it has.
    #expect(
      result.findings[0].help?.contains(
        "ServiceAccount other/apisix would lose it; take another binding:\ngatecheck rbac generate") == true)
    #expect(
      result.findings[1].help?.hasPrefix("- ServiceAccount other/apisix\n+ ServiceAccount default/apisix") == true)
  }

  @Test func whatMayNotBeSeenIsNotCompared() throws {
    let result = try diff { _ in Recorded.forbidden("get", user: "jane") }
    #expect(Set(result.findings.map(\.rule.id)) == ["connect/not-allowed"])
  }

  private func diff(_ answer: @escaping @Sendable (String) -> StubServer.Answer) throws -> RBACDiffAnswer {
    let stub = try StubServer { asked in
      answer(asked.path.split(separator: "/").dropLast().last.map(String.init) ?? "")
    }
    defer { stub.stop() }
    var options = AccessOptions()
    options.server = stub.url
    options.tokenFile = "token"
    let context = Context(
      environment: [:], now: { 1_800_000_000 },
      files: { _, _ throws(FileError) in
        Array(Self.secretToken.utf8)
      })
    let plan = options.plan(in: context)
    return RBACDiffQuestion(try RBACManifests(RBACOptions()), plan).ask(in: context)
  }
}
