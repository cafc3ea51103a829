import Foundation
import JSON
import TestSupport
import Testing

/// Each cause of a 401 or 403 that a real API server can show, with an administrator's kubeconfig beside the token; and
/// by the server's own audit log, that nothing was asked but GET and reviews of oneself.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct TokenCausesClusterTests {
  private let audit: String
  private let cluster: Cluster

  init() throws {
    audit = NSTemporaryDirectory() + "gatecheck-audit-\(UUID().uuidString)"
    try "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: Metadata}]\n"
      .write(toFile: audit + ".yaml", atomically: true, encoding: .utf8)
    cluster = try Cluster(flags: [
      "EPSLICE_V1": "1", "APISERVER_FLAGS": "--audit-policy-file=\(audit).yaml --audit-log-path=\(audit).log",
    ])
  }

  /// The rules that `token verify` gives for a token, by an administrator's kubeconfig.
  private func rules(_ token: String, kubeconfig: Bool = true, extra: String = "") throws -> [String] {
    let config = try cluster.config("token-\(UUID().uuidString)", token: token, extra: extra)
    let more = kubeconfig ? ["--kubeconfig", cluster.folder + "/admin.kubeconfig"] : []
    let ended = try cluster.gatecheck(
      ["token", "verify", "-o", "json", "--config", config, "--certificate-authority", cluster.authority] + more)
    #expect(!(ended.output + ended.errors).contains(token.suffix(24)))
    let findings = try JSONValue.parse(ended.output)["findings"]?.array ?? []
    return findings.compactMap { $0["rule"]?.string }.filter { $0 != "token/expires" }
  }

  /// A token with these claims, signed with a key of the cluster or another one.
  private func signed(_ claims: [String: Any], key: String? = nil) throws -> String {
    let claims = String(decoding: try JSONSerialization.data(withJSONObject: claims), as: UTF8.self)
    // The server's own tokens name the key that signed them.
    let words = try [key ?? cluster.folder + "/sa.key", key == nil ? keyID() : "another", claims]
    // {"alg": "RS256"} and {}
    return try execute(
      "/usr/bin/env", ["python3", Checkout.path("Tests/cluster/sign.py")] + words, input: "eyJhbGciOiJSUzI1NiJ9.e30"
    ).output
  }

  private func keyID() throws -> String {
    let keys = try JSONValue.parse(try cluster.kubectl("get", "--raw", "/openid/v1/jwks"))
    return try #require(keys["keys"]?.array?.first?["kid"]?.string)
  }

  private func claims(_ account: String, _ more: [String: Any] = [:]) throws -> [String: Any] {
    let uid = try cluster.kubectl("get", "serviceaccount", account, "-o", "jsonpath={.metadata.uid}")
    let now = Int(Date().timeIntervalSince1970)
    return [
      "iss": "https://kubernetes.default.svc", "aud": ["https://kubernetes.default.svc"],
      "sub": "system:serviceaccount:default:\(account)", "exp": now + 3600, "iat": now, "nbf": now,
      "kubernetes.io": ["namespace": "default", "serviceaccount": ["name": account, "uid": uid]],
    ].merging(more) { $1 }
  }

  @Test func causes() throws {
    defer {
      cluster.down()
      for end in ["yaml", "log"] { try? FileManager.default.removeItem(atPath: "\(audit).\(end)") }
    }
    try cluster.kubectl(
      "apply", "-f", "-", input: try cluster.gatecheck("rbac", "generate", "--name", "apisix").output)
    let token = try cluster.token(of: "apisix")
    let now = Int(Date().timeIntervalSince1970)
    func made(_ more: [String: Any]) throws -> String { try signed(try claims("apisix", more)) }

    #expect(try rules(token) == [])
    #expect(try rules(made([:])) == [])
    #expect(try rules(made(["exp": now - 120])) == ["token/expired"])
    #expect(try rules(made(["nbf": now + 600])) == ["token/not-yet-valid"])
    #expect(try rules(made(["aud": ["vault"]])) == ["token/wrong-audience"])
    #expect(try rules(made(["iss": "https://old.example"])) == ["token/other-issuer"])
    _ = try execute("/bin/bash", ["-c", "openssl genrsa -out \(cluster.folder)/other.key 2048"])
    let other = try signed(try claims("apisix"), key: cluster.folder + "/other.key")
    #expect(try rules(other) == ["token/other-cluster"])
    #expect(try rules(String(token.dropLast(8)) + "AAAAAAAA") == ["token/signature-invalid"])
    #expect(try rules(String(token.dropLast(8)) + "AAAAAAAA", kubeconfig: false) == ["token/unauthorized"])
    #expect(try rules("3f9a0c7e51d24b68") == ["token/not-a-jwt"])
    let person = try signed(["iss": "https://login.example", "sub": "jane", "exp": now + 900])
    #expect(try rules(person) == ["token/not-a-service-account"])

    // The schema refuses these, too: one cause is one error.
    #expect(try rules("Bearer \(token)") == ["token/prefixed"])
    #expect(try rules("'\(token)'") == ["token/quoted"])
    #expect(try rules(" \(token)") == ["token/whitespace"])
    #expect(try rules("<your-token>") == ["token/placeholder"])

    try deletions()
    try roles()
    try pluginsShowNothing(token)
    try othersOnlyRead(token)
    try auditHasOnlyReads()
  }

  /// Whatever a token hangs on goes away.
  private func deletions() throws {
    try cluster.kubectl("create", "serviceaccount", "gone")
    let gone = try cluster.token(of: "gone")
    let bound = try signed(try claims("gone"))
    try cluster.kubectl("delete", "serviceaccount", "gone")
    #expect(try rules(gone) == ["token/service-account-deleted"])
    try cluster.kubectl("create", "serviceaccount", "gone")
    #expect(try rules(bound) == ["token/service-account-recreated"])

    try cluster.kubectl("create", "serviceaccount", "secretless")
    let secretless = try cluster.token(of: "secretless")
    try cluster.kubectl("delete", "secret", "secretless-token")
    #expect(try rules(secretless) == ["token/secret-deleted"])

    try cluster.kubectl(
      "apply", "-f", "-",
      input: """
        apiVersion: v1
        kind: Pod
        metadata: {name: gateway}
        spec: {serviceAccountName: secretless, containers: [{name: c, image: none}]}
        """)
    let uid = try cluster.kubectl("get", "pod", "gateway", "-o", "jsonpath={.metadata.uid}")
    var claims = try claims("secretless")
    var kubernetes = claims["kubernetes.io"] as? [String: Any] ?? [:]
    kubernetes["pod"] = ["name": "gateway", "uid": uid]
    claims["kubernetes.io"] = kubernetes
    #expect(try rules(signed(claims)) == ["rbac/not-bound"])
    // Another one: the server remembers for ten seconds a token that it took.
    claims["jti"] = "another"
    let projected = try signed(claims)
    try cluster.kubectl("delete", "pod", "gateway", "--grace-period=0", "--force")
    #expect(try rules(projected) == ["token/pod-deleted"])
  }

  /// A role that nearly fits, with and without an administrator's word.
  private func roles() throws {
    for (name, role, cause) in [
      ("named", ["--verb=list,watch", "--resource=endpoints", "--resource-name=web"], "rbac/resource-names"),
      ("grouped", ["--verb=list,watch", "--resource=endpointslices.discovery.k8s.io"], "rbac/wrong-api-group"),
      ("getter", ["--verb=get", "--resource=endpoints"], "rbac/missing-verb"),
      ("other", ["--verb=list,watch", "--resource=pods"], "rbac/not-bound"),
    ] {
      try cluster.kubectl("create", "serviceaccount", name)
      if name == "grouped" {
        try cluster.kubectl(
          "apply", "-f", "-",
          input: """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: grouped}
            rules: [{apiGroups: [discovery.k8s.io], resources: [endpoints], verbs: [list, watch]}]
            """)
      } else {
        let arguments = ["--kubeconfig", cluster.folder + "/admin.kubeconfig", "create", "clusterrole", name] + role
        #expect(try execute((Cluster.assets ?? "") + "/kubectl", arguments).status == 0)
      }
      try cluster.kubectl(
        "create", "clusterrolebinding", name, "--clusterrole=\(name)", "--serviceaccount=default:\(name)")
      let token = try cluster.token(of: name)
      #expect(try rules(token) == [cause], "\(name)")
      #expect(try rules(token, kubeconfig: false) == [cause], "\(name), without an administrator")
    }
  }

  /// A credential plugin that babbles: what it says of the token is masked, and it gets nothing of gatecheck's own.
  private func pluginsShowNothing(_ token: String) throws {
    let folder = try Folder([
      "plugin.sh": """
      token=$(cat "$1/plugin.token")
      { echo "whole $token"; echo "middle $(echo "$token" | cut -c 60-90)"; echo "coded $(echo "x$token" | base64 -w0)"; } >&2
      { tr '\\0' '\\n' </proc/self/environ; tr '\\0' ' ' </proc/self/cmdline; tr '\\0' ' ' </proc/$PPID/cmdline; } >>"$1/seen"
      ls -l /proc/self/fd >>"$1/seen"
      [ "$2" = fail ] && { echo "{\\"token\\": \\"$token\\"}"; exit 3; }
      echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$token"'"}}'
      """,
      "plugin.token": token, "own.token": token,
    ])
    let canary = Canary("a real token", token)
    for mode in ["work", "fail"] {
      let exec = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh"
      let arguments = #"["\#(folder["plugin.sh"])", "\#(folder.path)", \#(mode)]"#
      try folder.write(
        "kube.yaml",
        kubeconfig(
          server: cluster.server, authority: cluster.authority, user: "{exec: {\(exec), args: \(arguments)}}"))
      for command in [
        "token verify", "token verify -o json", "rbac verify", "rbac diff", "resolve default/web:http", "token inspect",
        "token create --output-file made.token",
      ] {
        let ended = try bash(
          "gatecheck \(command) -v --kubeconfig kube.yaml 9<own.token", in: folder.path,
          environment: command == "token verify" ? [:] : ["GATECHECK_TOKEN": ""])
        #expect((0...3).contains(ended.status), "\(command): \(ended.errors)")
        canary.expectAbsent(ended.output, "\(command), \(mode)")
        canary.expectAbsent(ended.errors, "\(command), \(mode), standard error")
        #expect(
          !["token verify", "rbac diff"].contains(command) || (ended.output + ended.errors).contains("whole ***"),
          "\(ended.errors)")
      }
      // Beside a token of its own, which the plugin must not get.
      let own = try bash(
        "gatecheck token verify -v --kubeconfig kube.yaml --server \(cluster.server) 9<own.token", in: folder.path,
        environment: ["GATECHECK_TOKEN": token])
      canary.expectAbsent(own.output + own.errors, "token verify beside a token")
    }
    let seen = try folder.read("seen")
    #expect(seen.contains("KUBERNETES_EXEC_INFO") && seen.contains("pipe:"))
    canary.expectAbsent(seen, "a plugin's environment, arguments and descriptors")
    #expect(!seen.contains("own.token"), "a plugin inherits an open file")
  }

  /// The commands that look at a cluster, as an administrator.
  private func othersOnlyRead(_ token: String) throws {
    let kubeconfig = ["--kubeconfig", cluster.folder + "/admin.kubeconfig"]
    let out = cluster.folder + "/out.token"
    for command in [
      ["rbac", "verify", "--as", "system:serviceaccount:default:apisix"], ["rbac", "verify"],
      ["rbac", "diff", "--name", "apisix"], ["resolve", "default/kubernetes:https"], ["resolve", "--all"],
      ["token", "verify"], ["token", "create", "--output-file", out],
      ["token", "create", "--output-file", out, "--duration", "1h"],
      ["token", "create", "--output-file", out, "--secret-name", "none", "--create-secret"],
    ] {
      let ended = try cluster.gatecheck(command + kubeconfig)
      #expect(ended.status < 2 || command[1] == "create", "\(command): \(ended.status) \(ended.errors)")
      #expect(!(ended.output + ended.errors).contains(token.suffix(24)))
    }
  }

  private func auditHasOnlyReads() throws {
    let lines = try String(contentsOfFile: audit + ".log", encoding: .utf8).split(separator: "\n")
    let events = lines.compactMap { try? JSONValue.parse(Array($0.utf8)) }
      .filter { $0["userAgent"]?.string?.hasPrefix("gatecheck") == true }
    #expect(events.count > 100)
    let reviews: Set = ["selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"]
    for event in events {
      let verb = event["verb"]?.string ?? ""
      let resource = event["objectRef"]?["resource"]?.string ?? ""
      let isHarmless = ["get", "list", "watch"].contains(verb) || (verb == "create" && reviews.contains(resource))
      #expect(isHarmless, "\(verb) \(event["requestURI"]?.string ?? "")")
    }
  }
}
