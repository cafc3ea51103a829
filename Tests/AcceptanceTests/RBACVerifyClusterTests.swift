import Foundation
import TestSupport
import Testing

/// `rbac verify`, `rbac diff`, `token create` and the other forms of `rbac generate` on a real API server.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct RBACVerifyClusterTests {
  let cluster: Cluster

  init() throws { cluster = try Cluster.shared.get() }

  func gatecheck(_ arguments: String..., input: String = "") throws -> Ended {
    try TestSupport.gatecheck(arguments + ["--kubeconfig", cluster.kubeconfig], input: input)
  }

  /// The verdict on a ServiceAccount of `namespace`, by an administrator's kubeconfig.
  func verify(_ namespace: String, _ account: String, _ more: String...) throws -> Ended {
    try TestSupport.gatecheck(
      ["rbac", "verify", "-o", "json", "--kubeconfig", cluster.kubeconfig, "--as"]
        + ["system:serviceaccount:\(namespace):\(account)"] + more)
  }

  func kubectl(_ arguments: String...) throws {
    let ended = try execute(
      (Cluster.assets ?? "") + "/kubectl",
      ["--kubeconfig", cluster.kubeconfig, "--cache-dir", cluster.folder + "/cache"] + arguments)
    try #require(ended.status == 0, "\(ended.errors)")
  }

  // MARK: verify

  @Test func chainFromAccountToRule() throws {
    let space = try cluster.namespace("v-chain")
    let generated = try TestSupport.gatecheck(["rbac", "generate", "--name", "v-chain", "-n", space])
    #expect(try cluster.trying("apply", "-f", "-", input: generated.output).status == 0)
    let shown = try gatecheck("rbac", "verify", "--as", "system:serviceaccount:\(space):v-chain")
    #expect(shown.status == 0)
    #expect(
      shown.output.contains(
        "list endpoints: ServiceAccount v-chain/v-chain > ClusterRoleBinding v-chain > ClusterRole v-chain > rule 1"))

    let folder = try Folder(["token": try cluster.token("v-chain-token", in: space)])
    let own = try TestSupport.gatecheck([
      "rbac", "verify", "-o", "json", "--server", cluster.server, "--certificate-authority", cluster.folder + "/ca.crt",
      "--token-file", folder["token"],
    ])
    #expect(own.status == 0)
    #expect(own.rules == [])
    let identity = try own.json()["identity"] as? [String: Any]
    #expect(identity?["username"] as? String == "system:serviceaccount:v-chain:v-chain")
  }

  /// Each way in which the chain breaks, as kubectl makes it, and what is said first about it.
  @Test func everyBreakHasItsOwnWords() throws {
    let space = try cluster.namespace("v-breaks")
    func account(_ name: String) throws -> String {
      try kubectl("-n", space, "create", "serviceaccount", name)
      return "--serviceaccount=\(space):\(name)"
    }
    func first(_ name: String) throws -> String? { try verify(space, name).rules.first }

    #expect(try first("nobody") == "rbac/service-account-missing")
    _ = try account("unbound")
    #expect(try first("unbound") == "rbac/not-bound")
    try kubectl("create", "clusterrolebinding", "v-dangling", "--clusterrole=no-such", try account("dangling"))
    #expect(try first("dangling") == "rbac/role-not-found")
    try kubectl("-n", space, "create", "role", "narrow", "--verb=list,watch", "--resource=endpoints")
    try kubectl("-n", space, "create", "rolebinding", "narrow", "--role=narrow", try account("narrow"))
    #expect(try first("narrow") == "rbac/namespaced-role")
    try kubectl("create", "clusterrole", "v-getter", "--verb=get", "--resource=endpoints")
    try kubectl("create", "clusterrolebinding", "v-getter", "--clusterrole=v-getter", try account("getter"))
    #expect(try first("getter") == "rbac/missing-verb")
    try kubectl(
      "create", "clusterrole", "v-named", "--verb=list,watch", "--resource=endpoints", "--resource-name=plat-dev")
    try kubectl("create", "clusterrolebinding", "v-named", "--clusterrole=v-named", try account("named"))
    #expect(try first("named") == "rbac/resource-names")
    try kubectl("create", "clusterrole", "v-right", "--verb=list,watch", "--resource=endpoints")
    try kubectl(
      "create", "clusterrolebinding", "v-elsewhere", "--clusterrole=v-right", "--serviceaccount=default:moved")
    _ = try account("moved")
    #expect(try first("moved") == "rbac/subject-not-found")
  }

  @Test func theManifestClosesTheGap() throws {
    let space = try cluster.namespace("v-mend")
    try kubectl("-n", space, "create", "serviceaccount", "v-mend")
    // Names that are taken by others: they must stay as they are.
    try kubectl("create", "clusterrole", "v-mend", "--verb=get", "--resource=pods")
    try kubectl("create", "clusterrolebinding", "v-mend", "--clusterrole=v-mend", "--serviceaccount=default:other")
    for slices in [false, true] {
      let folder = try Folder()
      let more = (slices ? ["--watch-endpoint-slices=both"] : []) + ["--manifest", folder["mend.yaml"]]
      let arguments =
        ["rbac", "verify", "--kubeconfig", cluster.kubeconfig, "--as", "system:serviceaccount:v-mend:v-mend"] + more
      #expect(try TestSupport.gatecheck(arguments).status == 1)
      #expect(try cluster.trying("apply", "-f", folder["mend.yaml"]).status == 0)
      let after = try TestSupport.gatecheck(arguments)
      #expect(after.status == 0, "\(after.output)")
    }
    let others = try cluster.trying("get", "clusterrole", "v-mend", "-o", "jsonpath={.rules[*].resources[*]}")
    #expect(others.output == "pods")
  }

  @Test func tooMuchIsNamedWithItsBinding() throws {
    let space = try cluster.namespace("v-much")
    try kubectl("-n", space, "create", "serviceaccount", "v-much")
    try kubectl(
      "create", "clusterrolebinding", "v-much", "--clusterrole=cluster-admin", "--serviceaccount=v-much:v-much")
    let ended = try verify(space, "v-much")
    #expect(ended.status == 0)
    #expect(ended.rules == ["rbac/too-much"])
    let finding = (try ended.json()["findings"] as? [[String: Any]])?.first
    #expect(
      (finding?["message"] as? String)?.contains("ClusterRoleBinding v-much of the ClusterRole cluster-admin") == true)
    // At the cluster that was asked.
    let mend = "kubectl --kubeconfig \(cluster.kubeconfig) delete clusterrolebinding v-much"
    #expect((finding?["help"] as? String)?.contains(mend) == true)
    #expect(try verify(space, "v-much", "--fail-on", "warning").status == 1)
  }

  // MARK: credential plugins

  /// The same kubeconfig gives kubectl and gatecheck the same identity, or a refusal.
  @Test(arguments: ["v1beta1"])
  func credentialPluginsWorkAsWithKubectl(_ version: String) throws {
    let token = try String(contentsOfFile: cluster.folder + "/admin.token", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let folder = try Folder([
      "answer.json": """
      {"apiVersion":"client.authentication.k8s.io/\(version)","kind":"ExecCredential","status":{"token":"\(token)"}}
      """
    ])
    func both(_ script: String) throws -> (kubectl: Ended, ours: Ended) {
      let exec = "apiVersion: client.authentication.k8s.io/\(version), interactiveMode: Never, command: /bin/sh"
      try folder.write(
        "kube.yaml",
        kubeconfig(
          server: cluster.server, authority: cluster.authority, user: "{exec: {\(exec), args: [-c, \"\(script)\"]}}"))
      let path = folder["kube.yaml"]
      let kubectl = try execute(
        (Cluster.assets ?? "") + "/kubectl", ["--kubeconfig", path, "auth", "can-i", "list", "endpoints", "-A"])
      return (kubectl, try TestSupport.gatecheck(["rbac", "verify", "-o", "json", "--kubeconfig", path]))
    }
    let good = try both("echo welcome >&2; cat \(folder["answer.json"])")
    #expect(good.kubectl.output == "yes\n")
    #expect(good.ours.status == 0)
    #expect(good.ours.errors.contains("/bin/sh: welcome"))
    #expect(!(good.ours.output + good.ours.errors).contains(token))
    let bad = try both("echo no session >&2; exit 4")
    #expect(bad.kubectl.status == 1)
    #expect(bad.ours.status == 3)
    #expect(bad.ours.rules == ["kubeconfig/exec-failed"])
    #expect(bad.ours.output.contains("no session"))
  }

  // MARK: diff

  @Test func diffHasKubectlsStatus() throws {
    let space = try cluster.namespace("v-diff")
    let names = ["--name", "v-diff", "-n", space]
    func diff(_ more: String...) throws -> Int32 {
      try TestSupport.gatecheck(["rbac", "diff", "--kubeconfig", cluster.kubeconfig] + names + more).status
    }
    #expect(try diff() == 1)
    let generated = try TestSupport.gatecheck(["rbac", "generate"] + names)
    #expect(try cluster.trying("apply", "-f", "-", input: generated.output).status == 0)
    #expect(try diff() == 0)
    #expect(try diff("--minimal") == 1)
    #expect(try diff("--watch-endpoint-slices=both") == 1)
    #expect(try diff("--label", "a=b") == 1)
    #expect(try diff("--server", "https://127.0.0.1:1") == 3)
    #expect(try diff("--as", "system:serviceaccount:v-diff:v-diff") == 3)
    #expect(try diff("--label", "no-value") == 2)

    // kubectl cannot change a roleRef, and the way out that is shown works.
    let other = try TestSupport.gatecheck(["rbac", "generate", "--cluster-role", "v-diff-2"] + names)
    let refused = try cluster.trying("apply", "-f", "-", input: other.output)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("cannot change roleRef"))
    let told = try gatecheck(
      "rbac", "diff", "-o", "json", "--name", "v-diff", "-n", space, "--cluster-role", "v-diff-2")
    #expect(told.rules.contains("rbac/role-ref-differs"))
    try kubectl("delete", "clusterrolebinding", "v-diff")
    #expect(try cluster.trying("apply", "-f", "-", input: other.output).status == 0)
    #expect(try diff("--cluster-role", "v-diff-2") == 0)
  }

  // MARK: forms

  @Test func kustomizeIsApplied() throws {
    let folder = try Folder()
    let made = try TestSupport.gatecheck(
      ["rbac", "generate", "--name", "f-kustomize", "--form", "kustomize", "--output-dir", folder["k"]])
    #expect(made.status == 0, "\(made.errors)")
    let applied = try cluster.trying("apply", "-k", folder["k"])
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(applied.output.split(separator: "\n").count == 4)
    let again = try cluster.trying("apply", "-k", folder["k"])
    #expect(again.output.split(separator: "\n").allSatisfy { $0.hasSuffix("unchanged") })
  }

  @Test func objectsOfTheHelmValuesAreApplied() throws {
    let made = try TestSupport.gatecheck(
      ["rbac", "generate", "--name", "f-helm", "--form", "helm", "--watch-endpoint-slices"])
    #expect(made.status == 0, "\(made.errors)")
    let objects = try #require(made.output.components(separatedBy: "extraDeploy:\n").last)
    let applied = try cluster.trying(
      "apply", "-f", "-", input: "apiVersion: v1\nkind: List\nitems:\n" + objects)
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(applied.output.split(separator: "\n").count == 3)
  }

  @Test func projectedTokenIsPatchedIn() throws {
    try kubectl("-n", "default", "create", "deployment", "f-apisix", "--image=apache/apisix:3.18.0")
    let made = try TestSupport.gatecheck(["rbac", "generate", "--name", "f-apisix", "--projected"])
    let patch = made.output.replacingOccurrences(of: "name: apisix", with: "name: apisix")
    try kubectl("-n", "default", "patch", "deployment", "f-apisix", "--patch", patch)
    let got = try cluster.trying(
      "-n", "default", "get", "deployment", "f-apisix", "-o",
      "jsonpath={.spec.template.spec.serviceAccountName} {.spec.template.spec.volumes[0].projected.sources[0]"
        + ".serviceAccountToken.path}")
    #expect(got.output == "f-apisix token")
  }

  @Test func oneFileForEachCluster() throws {
    let folder = try Folder([
      "config.yaml": """
      discovery:
        kubernetes:
          - {id: east, service: {host: a, port: "6443"}, client: {token: x}}
          - {id: west, service: {host: b, port: "6443"}, client: {token: y}, watch_endpoint_slices: true}
      """
    ])
    let made = try TestSupport.gatecheck(
      ["rbac", "generate", "--name", "f-several", "--config", folder["config.yaml"], "--output-dir", folder["out"]])
    #expect(made.status == 0, "\(made.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder["out"]).sorted() == ["east.yaml", "west.yaml"])
    let west = try folder.read("out/west.yaml")
    #expect(west.contains("endpointslices") && !west.contains("[endpoints]"))
    #expect(try !folder.read("out/east.yaml").contains("endpointslices"))
    for file in ["out/east.yaml", "out/west.yaml"] {
      #expect(try cluster.trying("apply", "-f", folder[file]).status == 0)
    }
  }

  // MARK: token create

}
