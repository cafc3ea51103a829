import TestSupport
import Testing

/// The words that a first user of the program meets on a real API server.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct FirstUseClusterTests {
  let cluster: Cluster

  init() throws { cluster = try Cluster.shared.get() }

  /// A config.yaml with the token of an account of its own.
  private func account(_ name: String, in space: String) throws -> (config: String, token: String) {
    try cluster.kubectl("-n", space, "create", "serviceaccount", name)
    try cluster.kubectl(
      "apply", "-f", "-",
      input: """
        ---
        {apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {name: \(name)-token,
         namespace: \(space), annotations: {kubernetes.io/service-account.name: \(name)}}}
        """)
    let token = try cluster.token("\(name)-token", in: space)
    return (try cluster.config("\(space)-\(name)", token: token), token)
  }

  private func ask(_ command: String, _ arguments: String...) throws -> Ended {
    try cluster.gatecheck(command.split(separator: " ").map(String.init) + arguments)
  }

  @Test func aWrongPortIsToldAtThePort() throws {
    let space = try cluster.namespace("fu-port")
    let token = try account("apisix", in: space).token
    let config = try cluster.config("fu-port", token: token, port: "1")
    let ended = try ask("token verify", "--config", config)
    #expect(ended.status == 3)
    #expect(ended.output.contains(":3:55: error: 127.0.0.1:1 refused the connection [connect/refused]"))
    #expect(ended.output.contains("help: is the port right?"), "\(ended.output)")
  }

  @Test func anAdministratorIsNotAPISIX() throws {
    let ended = try ask("rbac verify", "--kubeconfig", cluster.kubeconfig)
    #expect(ended.output.hasPrefix("the user of --kubeconfig \(cluster.kubeconfig) on \(cluster.server)\n"))
    #expect(ended.output.contains("*      *.*        cluster  no      yes"))
    #expect(ended.output.contains("--name NAME --namespace NAMESPACE, or --config FILE"))
    #expect(!ended.output.contains("--user") && !ended.output.contains("kubectl create"), "\(ended.output)")
  }

  @Test func whoeverIsActedForIsNamed() throws {
    let space = try cluster.namespace("fu-as")
    try cluster.kubectl("-n", space, "create", "serviceaccount", "apisix")
    let generated = try ask("rbac generate", "-n", space, "--name", "fu-as", "--no-token-secret").output
    try cluster.kubectl("apply", "-f", "-", input: generated)
    let user = "system:serviceaccount:\(space):fu-as"
    let ended = try ask("token verify", "--kubeconfig", cluster.kubeconfig, "--as", user)
    #expect(ended.output.hasPrefix("ok: \(user) may list and watch endpoints on "), "\(ended.output)")
    let short = try ask("rbac verify", "--kubeconfig", cluster.kubeconfig, "--as", "\(space):apisix")
    #expect(short.output.contains("did you mean --as system:serviceaccount:\(space):apisix?"), "\(short.output)")
    #expect(!short.output.contains("kubectl"))
  }

  @Test func wideRolesAreNotAdvised() throws {
    let space = try cluster.namespace("fu-wide")
    // Five are named, in the order of their names, of all that other tests have made.
    try cluster.kubectl("create", "clusterrole", "a-fits", "--verb=list,watch", "--resource=endpoints")
    let ended = try ask(
      "rbac verify", "--config", try account("apisix", in: space).config, "--kubeconfig", cluster.kubeconfig)
    let line = ended.output.split(separator: "\n").first { $0.contains("that grant it and no more") }
    #expect(line?.contains("a-fits") == true && line?.contains("cluster-admin") == false, "\(ended.output)")
  }

  /// One mistake is one error, whose help is one command; the table has no verb that Kubernetes lacks.
  @Test func oneStringOfVerbs() throws {
    let space = try cluster.namespace("fu-string")
    let config = try account("apisix", in: space).config
    try cluster.kubectl(
      "apply", "-f", "-",
      input: """
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: fu-string},
         rules: [{apiGroups: [""], resources: [endpoints], verbs: ["get,list,watch"]}]}
        """)
    try cluster.kubectl(
      "create", "clusterrolebinding", "fu-string", "--clusterrole=fu-string", "--serviceaccount=\(space):apisix")
    let ended = try ask("rbac verify", "--config", config, "--kubeconfig", cluster.kubeconfig)
    #expect(ended.output.contains("\"get,list,watch\" in verbs of the ClusterRole fu-string is one string"))
    #expect(ended.output.hasSuffix("\n1 error\n"))
    #expect(ended.output.split(separator: "\n").filter { $0.contains("  cluster  ") }.count == 2)
    let blind = try ask("token verify", "--config", config, "--certificate-authority", cluster.authority)
    #expect(blind.output.contains("\"get,list,watch\" in verbs of one of its roles is one string"), "\(blind.output)")
  }

  /// With --config and --kubeconfig what APISIX may not see is asked as that administrator.
  @Test func theAdministratorsView() throws {
    let space = try cluster.namespace("fu-view")
    let config = try account("apisix", in: space).config
    try cluster.kubectl(
      "apply", "-f", "-",
      input: try ask(
        "rbac generate", "-n", space, "--name", "apisix", "--cluster-role", "fu-view",
        "--cluster-role-binding", "fu-view", "--no-token-secret"
      ).output)
    try cluster.kubectl("-n", space, "create", "service", "externalname", "ext", "--external-name", "a.example.com")
    let ended = try ask("resolve", "--config", config, "--kubeconfig", cluster.kubeconfig, "\(space)/ext:http")
    #expect(ended.output.contains("[resolve/external-name]") && !ended.output.contains("403"), "\(ended.output)")
    #expect(ended.output.contains("nodes: {\"a.example.com:"))
  }
}
