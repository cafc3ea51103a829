import Foundation
import TestSupport
import Testing

/// What the pods of an installation tell, on a real API server. No kubelet runs: where a log is to come, a stub stands
/// before the server and gives that one.
extension DoctorClusterTests {
  private static let log = """
    2026/02/11 03:42:11 [error] 45#45: *3201 [lua] informer_factory.lua:347: list_watch(): list failed, kind: \
    Endpoints, reason: Forbidden, message : {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
    "message":"endpoints is forbidden: User \\"system:serviceaccount:podlog:gateway\\" cannot list resource \
    \\"endpoints\\" in API group \\"\\" at the cluster scope","reason":"Forbidden","code":403}
    , context: ngx.timer
    10.1.2.3 - - [11/Feb/2026:03:42:12 +0000] shop "GET /orders HTTP/1.1" 503 0 0.000 "-" "curl/8" - - - ""

    """

  /// A stub before the real server: it passes on what it is asked, as an administrator, but for the logs of pods.
  private static func inFront(
    of cluster: Cluster, _ log: @escaping @Sendable (StubServer.Asked) -> StubServer.Answer
  ) throws -> StubServer {
    try StubServer { asked in
      if asked.path.hasSuffix("/log") { return log(asked) }
      let told =
        asked.method == "GET"
        ? try? cluster.trying("get", "--raw", asked.target)
        : try? cluster.trying("create", "--raw", asked.target, "-f", "-", input: asked.body)
      guard let told, told.status == 0 else {
        return .init(status: 404, body: #"{"kind":"Status","message":"not found","reason":"NotFound","code":404}"#)
      }
      return .init(status: asked.method == "GET" ? 200 : 201, body: told.output)
    }
  }

  private static func pod(_ name: String, in space: String) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: \(name), namespace: \(space), labels: {app: apisix}}
    spec:
      serviceAccountName: gateway
      containers: [{name: apisix, image: "registry.example.com/apache/apisix:3.13.0-debian"}]
    ---

    """
  }

  @Test func theLogOfItsPods() throws {
    let cluster = try Self.cluster.get()
    try cluster.kubectl("apply", "-f", "-", input: Self.objects("podlog"))
    defer { try? Self.remove("deployment", in: "podlog") }
    let objects = try gatecheck("rbac", "generate", "--name", "gateway", "--namespace", "podlog").output
    try cluster.kubectl("apply", "-f", "-", input: objects)
    #expect(try doctor().output.contains("- skipped  the log of Deployment podlog/gateway"))
    // The real server has nobody to ask for the log of a pod that runs nowhere.
    try cluster.kubectl("apply", "-f", "-", input: Self.pod("one", in: "podlog") + Self.pod("two", in: "podlog"))
    let real = try doctor()
    let reasons = ["pod one: it has no log yet", "does not have a host assigned"]
    #expect(real.status == 0 && reasons.contains(where: real.output.contains), "\(real.output)")
    #expect(real.output.contains("? unknown  the log of Deployment podlog/gateway"), "\(real.output)")

    let stub = try Self.inFront(of: cluster) { asked in
      asked.path.hasSuffix("/one/log")
        ? .init(type: "text/plain", body: Self.log)
        : .init(status: 403, body: #"{"kind":"Status","message":"pods \"two\" is forbidden","code":403}"#)
    }
    defer { stub.stop() }
    let folder = try Folder()
    try folder.write("kubeconfig", kubeconfig(server: stub.url, user: "{}"))
    let told = try gatecheck("doctor", "--kubeconfig", folder["kubeconfig"], in: folder.path)
    expect(
      told, "log/list-forbidden", "✗ error    the log of Deployment podlog/gateway",
      "1 pod, the last 5000 lines at most; pod two: 403, pods \"two\" is forbidden")
    let logs = stub.asked.filter { $0.path.hasSuffix("/log") }
    #expect(logs.allSatisfy { $0.method == "GET" && $0.target.contains("container=apisix&tailLines=5000&limitBytes=") })
    #expect(logs.count == 2)
  }

  @Test func theTokenOfItsPods() throws {
    let cluster = try Self.cluster.get()
    defer { try? Self.remove("deployment", in: "token") }
    try cluster.kubectl(
      "apply", "-f", "-", input: Self.objects("token", more: "automountServiceAccountToken: false"))
    try cluster.kubectl(
      "label", "-n", "token", "deployment", "gateway", "app.kubernetes.io/managed-by=Helm",
      "helm.sh/chart=apisix-2.10.0")
    try cluster.kubectl("annotate", "-n", "token", "deployment", "gateway", "meta.helm.sh/release-name=gw")
    expect(
      try doctor(), "manifest/token-not-mounted", "Deployment token/gateway (Helm release gw, chart apisix-2.10.0)",
      "change it in the chart's values, below apisix.discovery.registry, then helm upgrade gw",
      "not read, so not judged: ADMIN_KEY of Secret keys")

    // One of its own, beside the place where it is read.
    let elsewhere = Self.objects("token", config: "kubernetes: {client: {token_file: /var/run/secrets/apisix/token}}")
    try cluster.kubectl("apply", "-f", "-", input: elsewhere)
    let volume =
      #"{"name":"token","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":7200}}]}}"#
    let mount = #"{"name":"token","mountPath":"/var/run/secrets/FOLDER"}"#
    func patch(_ operation: String, _ folder: String, _ index: String, audience: String? = nil) throws {
      let pod = "/spec/template/spec"
      let volume = audience.map { volume.replacing(#""path""#, with: #""audience":"\#($0)","path""#) } ?? volume
      let volumes = #"{"op":"\#(operation)","path":"\#(pod)/volumes/\#(index)","value":\#(volume)}"#
      let mounted = mount.replacingOccurrences(of: "FOLDER", with: folder)
      let mounts =
        #"{"op":"\#(operation)","path":"\#(pod)/containers/0/volumeMounts/\#(index)","value":\#(mounted)}"#
      try cluster.kubectl(
        "patch", "-n", "token", "deployment", "gateway", "--type", "json", "-p", "[\(volumes),\(mounts)]")
    }
    try patch("add", "tokens", "-")
    expect(
      try doctor(), "manifest/token-path",
      "/var/run/secrets/tokens/token, for the API server, which ends after 7200 s")
    try patch("replace", "apisix", "1")
    let well = try doctor()
    #expect(well.output.contains("✓ ok       the pods get the token that ConfigMap/token/"), "\(well.output)")

    // For somebody else, and for the server by its own name.
    try patch("replace", "apisix", "1", audience: "vault")
    expect(
      try doctor(), "token/wrong-audience", "the pods' token at /var/run/secrets/apisix/token is for \"vault\"; the",
      "leave audience out of the projected volume")
    try patch("replace", "apisix", "1", audience: "https://kubernetes.default.svc")
    #expect(try doctor().output.contains("✓ ok       the pods get the token that ConfigMap/token/"))
  }

  @Test func whatTheIngressControllerDrives() throws {
    let cluster = try Self.cluster.get()
    defer { try? Self.remove("deployment", in: "driven") }
    let gateway = Self.objects("driven", deployment: "role: traditional, role_traditional: {config_provider: yaml}")
    let controller = """
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: controller, namespace: driven}
      spec:
        selector: {matchLabels: {app: controller}}
        template:
          metadata: {labels: {app: controller}}
          spec: {containers: [{name: manager, image: "apache/apisix-ingress-controller:2.0.0"}]}

      """
    try cluster.kubectl("apply", "-f", "-", input: gateway + controller)
    defer { _ = try? cluster.kubectl("delete", "-n", "driven", "deployment", "controller") }
    let told = try doctor().output
    #expect(
      told.contains("the cluster runs APISIX: with the ingress controller Deployment driven/controller"), "\(told)")
    #expect(told.contains("they come through its Admin API, as from the ingress controller"), "\(told)")
  }
}
