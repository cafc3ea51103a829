import Foundation
import TestSupport
import Testing

/// No command changes anything: every request that reaches a server is a GET, a review of oneself, or the question to
/// APISIX what it would say of a file. Only `token create --confirm` may do more.
@Suite struct RBACReadOnlyTests {
  private static let token =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0."
    + "eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OmRlbW86cmVhZGVyIn0."
    + String(repeating: "c2ln", count: 86)

  private static func isHarmless(_ asked: StubServer.Asked) -> Bool {
    let reviews = ["selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"]
    return asked.method == "GET"
      || (asked.method == "POST" && reviews.contains(String(asked.path.split(separator: "/").last ?? "")))
      || (asked.method == "POST" && asked.path == "/apisix/admin/configs/validate")
  }

  /// What a server that works, or one that refuses everything, answers.
  private static func answer(_ asked: StubServer.Asked, refusing: Bool) -> StubServer.Answer {
    if refusing {
      return StubServer.Answer(
        status: 403,
        body: #"{"kind":"Status","message":"endpoints is forbidden: User \"system:serviceaccount:demo:reader\" cannot "#
          + #"list resource \"endpoints\" in API group \"\" at the cluster scope","reason":"Forbidden","code":403}"#)
    }
    let last = String(asked.path.split(separator: "/").last ?? "")
    func created(_ kind: String, _ status: String) -> StubServer.Answer {
      StubServer.Answer(status: 201, body: #"{"kind":"\#(kind)","status":\#(status)}"#)
    }
    if asked.target.contains("watch=true") { return StubServer.Answer(staysOpen: true) }
    let kinds = [
      "endpoints": "EndpointsList", "endpointslices": "EndpointSliceList", "clusterroles": "ClusterRoleList",
      "clusterrolebindings": "ClusterRoleBindingList", "roles": "RoleList", "rolebindings": "RoleBindingList",
      "secrets": "SecretList",
    ]
    switch last {
    case "selfsubjectreviews":
      return created("SelfSubjectReview", #"{"userInfo":{"username":"system:serviceaccount:demo:reader"}}"#)
    case "selfsubjectaccessreviews": return created("SelfSubjectAccessReview", #"{"allowed":false}"#)
    case "selfsubjectrulesreviews": return created("SelfSubjectRulesReview", #"{"resourceRules":[]}"#)
    default:
      guard let kind = kinds[last] else {
        return StubServer.Answer(status: 404, body: #"{"kind":"Status","reason":"NotFound","code":404}"#)
      }
      return StubServer.Answer(body: #"{"kind":"\#(kind)","metadata":{"resourceVersion":"1"},"items":[]}"#)
    }
  }

  static let commands: [[String]] = [
    ["token", "verify", "--config", "CONFIG"],
    ["token", "verify", "--token-file", "TOKEN", "--server", "URL"],
    ["token", "verify", "--config", "CONFIG", "--kubeconfig", "KUBE"],
    ["token", "verify", "--kubeconfig", "KUBE", "--as", "system:serviceaccount:demo:reader"],
    ["token", "inspect", "TOKEN"],
    ["rbac", "verify", "--config", "CONFIG"],
    ["rbac", "verify", "--config", "CONFIG", "--kubeconfig", "KUBE"],
    ["rbac", "verify", "--kubeconfig", "KUBE", "--as", "system:serviceaccount:demo:reader"],
    ["rbac", "diff", "--kubeconfig", "KUBE"],
    ["rbac", "diff", "--config", "CONFIG"],
    ["rbac", "generate", "--config", "CONFIG"],
    ["resolve", "demo/web:http", "--config", "CONFIG"],
    ["resolve", "--all", "--config", "CONFIG"],
    ["resolve", "demo/web:http", "--probe", "--config", "CONFIG"],
    ["resolve", "demo/web:http", "--kubeconfig", "KUBE"],
    ["lint", "CONFIG"],
    ["doctor", "--config", "CONFIG"],
    ["doctor", "--config", "CONFIG", "--admin", "URL", "--apisix-file", "ROUTES", "--control", "URL"],
    ["doctor", "--pre", "--config", "CONFIG"],
    ["doctor", "--pre", "--config", "CONFIG", "--kubeconfig", "KUBE"],
    ["doctor", "--pre", "--kubeconfig", "KUBE", "--namespace", "demo", "--name", "reader"],
    ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "OUT"],
    ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "OUT", "--create-secret"],
    ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "OUT", "--duration", "1h"],
    ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--into", "CONFIG", "--audience", "a"],
  ]

  @Test(arguments: commands, [false, true])
  func onlyReads(_ command: [String], refusing: Bool) throws {
    let stub = try StubServer { Self.answer($0, refusing: refusing) }
    defer { stub.stop() }
    let folder = try Folder([
      "config.yaml": """
      discovery:
        kubernetes:
          service: {schema: http, host: 127.0.0.1, port: "\(stub.port)"}
          client: {token: "\(Self.token)"}
      """,
      "kube.yaml": kubeconfig(server: stub.url, user: "{token: \(Self.token)}"),
      "token": Self.token, "routes.yaml": "routes: [{uri: /orders}]\n#END\n",
    ])
    let places = [
      "CONFIG": folder["config.yaml"], "KUBE": folder["kube.yaml"], "TOKEN": folder["token"], "URL": stub.url,
      "OUT": folder["out"], "ROUTES": folder["routes.yaml"],
    ]
    let ended = try gatecheck(command.map { places[$0] ?? $0 })
    #expect([0, 1, 2, 3].contains(ended.status))
    #expect(stub.asked.allSatisfy(Self.isHarmless), "\(stub.asked.map { "\($0.method) \($0.target)" })")
    #expect(!FileManager.default.fileExists(atPath: folder["out"]))
    #expect(!(ended.output + ended.errors).contains(Self.token.suffix(40)))
    let offline = ["inspect", "generate", "lint"]
    #expect(command.contains(where: offline.contains) || !stub.asked.isEmpty, "nothing was asked: \(ended.errors)")
  }
}
