import Foundation
import JSON
import TestSupport
import Testing

/// `token verify` on a real API server, with objects that the real kubectl applied.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct TokenVerifyTests {
  /// What a JSON run says: its status and its rules in order.
  private func verify(_ cluster: Cluster, _ arguments: [String]) throws -> (status: Int32, rules: [String]) {
    let ended = try cluster.gatecheck(["token", "verify", "-o", "json"] + arguments)
    let document = try JSONValue.parse(ended.output)
    return (ended.status, document["findings"]?.array?.compactMap { $0["rule"]?.string } ?? [])
  }

  @Test func tokensOnARealServer() throws {
    let cluster = try Cluster(flags: ["EPSLICE_V1": "1"])
    defer { cluster.down() }
    let authority = ["--certificate-authority", cluster.authority]

    // The user's own way: generate, apply, verify.
    try cluster.kubectl(
      "apply", "-f", "-", input: try cluster.gatecheck("rbac", "generate", "--name", "apisix-test").output)
    let token = try cluster.token(of: "apisix-test")
    let config = try cluster.config("config", token: token)
    let good = try cluster.gatecheck(
      "token", "verify", "--config", config, "--certificate-authority", cluster.authority)
    #expect(good.status == 0)
    #expect(
      good.output
        == "ok: system:serviceaccount:default:apisix-test may list and watch endpoints on \(cluster.server) "
        + "(Kubernetes \(try cluster.version))\n")
    let json = try cluster.gatecheck(
      "token", "verify", "--config", config, "--certificate-authority", cluster.authority, "-o", "json")
    let probes = try JSONValue.parse(json.output)["probes"]?.array ?? []
    #expect(probes.count <= 4)

    // No binding.
    try cluster.kubectl("create", "serviceaccount", "unbound")
    let unbound = try cluster.config("unbound", token: try cluster.token(of: "unbound"))
    let refused = try verify(cluster, ["--config", unbound] + authority)
    #expect(refused.status == 1)
    #expect(refused.rules == ["rbac/not-bound"])

    // A binding to a role that is not there, and a Role where a ClusterRole is needed.
    try cluster.kubectl("create", "serviceaccount", "dangling")
    try cluster.kubectl(
      "create", "clusterrolebinding", "dangling", "--clusterrole=no-such-role", "--serviceaccount=default:dangling")
    let dangling = try cluster.config("dangling", token: try cluster.token(of: "dangling"))
    #expect(try verify(cluster, ["--config", dangling] + authority).rules == ["rbac/role-not-found"])
    try cluster.kubectl("create", "serviceaccount", "narrow")
    try cluster.kubectl("create", "role", "narrow", "--verb=list,watch", "--resource=endpoints")
    try cluster.kubectl("create", "rolebinding", "narrow", "--role=narrow", "--serviceaccount=default:narrow")
    let narrow = try cluster.config("narrow", token: try cluster.token(of: "narrow"))
    #expect(
      try verify(cluster, ["--config", narrow] + authority).rules
        == ["rbac/namespaced-role"])

    // list without watch.
    try cluster.kubectl("create", "serviceaccount", "listonly")
    try cluster.kubectl("create", "clusterrole", "listonly", "--verb=list", "--resource=endpoints")
    try cluster.kubectl(
      "create", "clusterrolebinding", "listonly", "--clusterrole=listonly", "--serviceaccount=default:listonly")
    let listOnly = try cluster.config("listonly", token: try cluster.token(of: "listonly"))
    #expect(try verify(cluster, ["--config", listOnly] + authority).rules == ["rbac/watch-missing"])

    // EndpointSlices without the right, then with it.
    let slices = try cluster.config("slices", token: token, extra: "watch_endpoint_slices: true")
    #expect(
      try verify(cluster, ["--config", slices] + authority).rules
        == ["rbac/not-bound"])
    try cluster.kubectl(
      "apply", "-f", "-",
      input: try cluster.gatecheck("rbac", "generate", "--name", "apisix-test", "--watch-endpoint-slices=both").output)
    let granted = try verify(cluster, ["--config", slices] + authority)
    #expect(granted.status == 0 && granted.rules == [])

    // Tampered, wrapped, empty.
    let tampered = try cluster.config("tampered", token: String(token.dropLast(8)) + "AAAAAAAA")
    let answer = try verify(cluster, ["--config", tampered] + authority)
    #expect(answer.status == 1 && answer.rules.last == "token/unauthorized")
    let wrapped = try cluster.config("wrapped", token: Data(token.utf8).base64EncodedString())
    #expect(
      try verify(cluster, ["--config", wrapped] + authority).rules == ["token/base64-wrapped"])
    let nobody = try verify(cluster, ["--server", cluster.server, "--token-file", "/dev/null"] + authority)
    #expect(nobody.status == 1 && nobody.rules == ["token/empty"])

    // A deleted ServiceAccount.
    try cluster.kubectl("create", "serviceaccount", "gone")
    let gone = try cluster.config("gone", token: try cluster.token(of: "gone"))
    try cluster.kubectl("delete", "serviceaccount", "gone")
    let deleted = try verify(cluster, ["--config", gone] + authority)
    #expect(deleted.status == 1 && deleted.rules.last == "token/unauthorized")

    // A server that does not verify gets no token; nor one over plain http on a TLS port.
    let untrusted = try verify(cluster, ["--config", config])
    #expect(untrusted.status == 3 && untrusted.rules == ["tls/untrusted-certificate"])
    let plain = try verify(
      cluster, ["--config", config, "--server", "http://127.0.0.1:\(cluster.port)"])
    #expect(plain.status == 3 && plain.rules == ["tls/plain-http-to-tls-port"])
    let refusing = try verify(cluster, ["--config", config, "--server", "https://127.0.0.1:1"])
    #expect(refusing.status == 3 && refusing.rules == ["connect/refused"])

    // A kubeconfig with a client certificate.
    let admin = try verify(cluster, ["--kubeconfig", cluster.folder + "/admin.kubeconfig"])
    #expect(admin.status == 0 && admin.rules == [])
  }
}
