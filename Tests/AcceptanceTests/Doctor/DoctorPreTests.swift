import Foundation
import TestSupport
import Testing

/// `doctor --pre`, on a real API server: whether APISIX will work where it is to be installed.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"), .serialized)
struct DoctorPreTests {
  private static let cluster = Result { try Cluster() }

  private func pre(_ arguments: String...) throws -> Ended { try pre(arguments) }

  private func pre(_ arguments: [String], in folder: Folder? = nil) throws -> Ended {
    let cluster = try Self.cluster.get()
    return try gatecheck(
      ["doctor", "--pre", "--kubeconfig", cluster.kubeconfig] + arguments, in: folder?.path ?? Checkout.examples,
      environment: ["HOME": cluster.folder])
  }

  /// With the kubeconfig of an account.
  private static func folder(of account: String) throws -> Folder {
    let cluster = try cluster.get()
    let user = "{token: \(try cluster.token(of: account))}"
    return try Folder(["kube": kubeconfig(server: cluster.server, authority: cluster.authority, user: user)])
  }

  private func generate(_ arguments: String...) throws -> String {
    try gatecheck(["rbac", "generate"] + arguments).output
  }

  /// Names that are free, and what `rbac generate` makes by them.
  @Test func namesThatAreFreeAndThenOnesOwn() throws {
    let cluster = try Self.cluster.get()
    let free = try pre("--name", "edge")
    let names = "the names that rbac generate gives for default/edge are free, or its own"
    #expect(free.status == 0, "\(free.output)")
    for line in [
      "  ✓ ok       \(names): free: ServiceAccount edge, ClusterRole edge, ClusterRoleBinding edge",
      "  ✓ ok       what is still to be made can be made by whoever asks: in default: ServiceAccount, ClusterRole,",
      "  - skipped  the account may list and watch endpoints: there is no ServiceAccount default/edge yet",
      "answers as an API server does: \(try cluster.version)",
    ] {
      #expect(free.output.contains(line), "\(line)\n\(free.output)")
    }
    // Nothing that only runs.
    #expect(!free.output.contains("control API") && !free.output.contains("error.log"), "\(free.output)")

    for more in [[], ["--minimal"], ["--watch-endpoint-slices=both"]] {
      let objects = try gatecheck(["rbac", "generate", "--name", "edge"] + more).output
      try cluster.kubectl("apply", "-f", "-", input: objects)
      let own = try Cluster.eventually { try pre("--name", "edge").output.contains("✓ ok       the account may list") }
      let ended = try pre("--name", "edge")
      #expect(own && ended.status == 0, "\(ended.output)")
      #expect(
        ended.output.contains("there: ServiceAccount edge, ClusterRole edge, ClusterRoleBinding edge"),
        "\(ended.output)")
    }
  }

  /// What bears the name is somebody else's.
  @Test func namesThatAreTaken() throws {
    let cluster = try Self.cluster.get()
    try cluster.kubectl("create", "clusterrole", "taken", "--verb=get", "--resource=pods")
    expect(
      try pre("--name", "taken"), "rbac/object-differs", "ClusterRole taken has other rules than wanted", "- get pods",
      "free: ServiceAccount taken, ClusterRoleBinding taken")
    try cluster.kubectl("delete", "clusterrole", "taken")
    try cluster.kubectl("create", "clusterrolebinding", "taken", "--clusterrole=view", "--serviceaccount=default:other")
    expect(
      try pre("--name", "taken"), "rbac/role-ref-differs", "ClusterRoleBinding taken has other roleRef than wanted")
    // An account that has its rights already, by other names, needs none of these.
    try cluster.kubectl("create", "serviceaccount", "taken")
    try cluster.kubectl("create", "clusterrole", "elsewhere", "--verb=list,watch", "--resource=endpoints")
    try cluster.kubectl(
      "create", "clusterrolebinding", "elsewhere", "--clusterrole=elsewhere", "--serviceaccount=default:taken")
    let well = try Cluster.eventually { try pre("--name", "taken").status == 0 }
    let last = try pre("--name", "taken")
    #expect(well && last.status == 0, "\(last.output)")
  }

  /// Those who may look at little learn that, and it is no "free".
  @Test func whoMaySeeLittle() throws {
    let cluster = try Self.cluster.get()
    try cluster.kubectl("create", "serviceaccount", "few")
    let folder = try Self.folder(of: "few")
    let ended = try gatecheck("doctor", "--pre", "--kubeconfig", "kube", in: folder.path)
    expect(ended, "connect/not-allowed", "may not see the ServiceAccount apisix (403)", status: 3)
    #expect(!ended.output.contains("free: ") && !ended.output.contains("there is no ServiceAccount"), "\(ended.output)")
  }

  /// Who may look and make nothing, in a namespace that is not there; then as its fix says.
  @Test func whoMayMakeNothing() throws {
    let cluster = try Self.cluster.get()
    try cluster.kubectl("create", "serviceaccount", "viewer")
    try cluster.kubectl(
      "create", "clusterrole", "viewer", "--verb=get,list",
      "--resource=serviceaccounts,clusterroles,clusterrolebindings,namespaces,endpoints")
    try cluster.kubectl(
      "create", "clusterrolebinding", "viewer", "--clusterrole=viewer", "--serviceaccount=default:viewer")
    let folder = try Self.folder(of: "viewer")
    let command = ["doctor", "--pre", "--kubeconfig", "kube", "--name", "gw", "--namespace", "new-space"]
    let told = try Cluster.eventually { try gatecheck(command, in: folder.path).output.contains("free: Service") }
    let ended = try gatecheck(command, in: folder.path)
    #expect(told && ended.status == 0, "\(ended.output)")
    for line in [
      "! warning  what is still to be made can be made by whoever asks", "there is no namespace new-space yet",
      "kubectl --kubeconfig kube create namespace new-space", "[rbac/namespace-missing]", "[rbac/may-not-create]",
      "may not create: ServiceAccount, ClusterRole, ClusterRoleBinding",
      "somebody who may has to apply what this prints: gatecheck rbac generate --name gw --namespace new-space",
    ] { #expect(ended.output.contains(line), "\(line)\n\(ended.output)") }

    try cluster.kubectl("create", "namespace", "new-space")
    let well = try pre("--name", "gw", "--namespace", "new-space")
    #expect(well.status == 0 && well.output.contains("✓ ok       what is still to be made"), "\(well.output)")
    try cluster.kubectl("apply", "-f", "-", input: try generate("--name", "gw", "--namespace", "new-space"))
  }

  /// With the configuration and routes: its mistakes, its selectors, what the upstreams name.
  @Test func theConfigurationIsJudgedWithTheCluster() throws {
    let cluster = try Self.cluster.get()
    let space = try cluster.namespace("pre-shop")
    try cluster.kubectl("apply", "-f", "-", input: endpointsText("web", space, at: "10.1.0.1", port: 8080))
    let route = { (name: String) in
      "routes:\n  - uri: /\n    upstream: {type: roundrobin, discovery_type: kubernetes, service_name: \(name)}\n#END\n"
    }
    let folder = try Folder([
      "config.yaml": """
      deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
      discovery: {kubernetes: {namespace_selector: {equal: \(space)}}}

      """,
      "good.yaml": route("\(space)/web:http"), "bad.yaml": route("\(space)/wep:http"),
    ])
    let flags = ["--config", "config.yaml", "--name", "gateway", "--apisix-file"]
    let good = try pre(flags + ["good.yaml"], in: folder)
    #expect(good.status == 0, "\(good.output)\(good.errors)")
    #expect(
      good.output.contains("have nodes: 1 service, 1 node") || good.output.contains("has nodes: 1 service, 1 node"))
    expect(try pre(flags + ["bad.yaml"], in: folder), "resolve/unknown-service", "wep")
  }

  /// The token of a configuration, before and after it got its rights.
  @Test func theTokenOfAConfiguration() throws {
    let cluster = try Self.cluster.get()
    try cluster.kubectl("create", "serviceaccount", "early")
    let flags = [
      "--config", try cluster.config("early", token: try cluster.token(of: "early")), "--certificate-authority",
      cluster.authority,
    ]
    expect(
      try pre(flags), "rbac/not-bound", "free: ClusterRole early, ClusterRoleBinding early",
      "system:serviceaccount:default:early")
    try cluster.kubectl("apply", "-f", "-", input: try generate("--name", "early"))
    let well = try Cluster.eventually { try pre(flags).status == 0 }
    let last = try pre(flags)
    #expect(well && last.status == 0, "\(last.output)")
  }
}
