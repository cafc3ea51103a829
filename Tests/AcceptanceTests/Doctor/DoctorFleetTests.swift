import Foundation
import TestSupport
import Testing

/// The files of templates/fleet: on a real API server, a real Pushgateway and a real Prometheus.
@Suite(.serialized) struct DoctorFleetTests {
  private static let fleet = Checkout.path("templates/fleet")

  @Test(.enabled(if: PrometheusServer.isThere, "prometheus and pushgateway of Debian are not to be had"))
  func theAlertsFireAsTheyShould() throws {
    let promtool = PrometheusServer.promtool ?? ""
    let folder = try Folder()
    for path in [Self.fleet + "/alerts.yaml", Checkout.path("Tests/Fixtures/fleet/alerts-test.yaml")] {
      try FileManager.default.copyItem(atPath: path, toPath: folder[(path as NSString).lastPathComponent])
    }
    for words in [["check", "rules", "alerts.yaml"], ["test", "rules", "alerts-test.yaml"]] {
      let ended = try execute(promtool, words, in: folder.path)
      #expect(ended.status == 0 && ended.output.contains("SUCCESS"), "\(ended.output)\(ended.errors)")
    }
  }

  /// The CronJob's own script, by the image's own shell, as its own account.
  @Test(
    .enabled(
      if: Cluster.isThere && PrometheusServer.isThere && DebianProgram("busybox") != nil,
      "it needs GATECHECK_KUBE_ASSETS, and prometheus, pushgateway and busybox of Debian"))
  func theJobTellsPrometheus() throws {
    let cluster = try Cluster()
    defer { cluster.down() }
    let prometheus = try PrometheusServer(rules: Self.fleet + "/alerts.yaml")
    try cluster.kubectl("apply", "-f", "-", input: Self.apisix)
    let account = try gatecheck("rbac", "generate", "--name", "apisix", "--namespace", "apisix").output
    let objects = account.components(separatedBy: "---\n")
    try cluster.kubectl(
      "apply", "-f", "-",
      input: objects.filter { !$0.contains("kind: ClusterRoleBinding") }.joined(separator: "---\n"))
    try cluster.kubectl("apply", "-f", Self.fleet + "/rbac.yaml")
    // Kubernetes 1.20 has CronJobs as a beta only.
    let isOld = try cluster.trying("explain", "cronjobs", "--api-version=batch/v1").status != 0
    let job = try String(contentsOfFile: Self.fleet + "/cronjob.yaml", encoding: .utf8)
    try cluster.kubectl(
      "apply", "-f", "-", input: isOld ? job.replacingOccurrences(of: "batch/v1", with: "batch/v1beta1") : job)

    let pod = try Pod(cluster)
    let broken = try pod.run(prometheus.gateway)
    #expect(broken.output.contains("[rbac/not-bound]"), "\(broken.output)\(broken.errors)")
    #expect(broken.output.contains("gone\n") && broken.output.contains("[connect/refused]"), "\(broken.output)")
    let told = try Cluster.eventually {
      try !prometheus.query("ALERTS_FOR_STATE{rule=\"rbac/not-bound\",cluster=\"here\"}").isEmpty
    }
    #expect(told)
    for query in try Self.queries() {
      #expect(try !prometheus.query(query).isEmpty, "\(query)")
    }
    #expect(try prometheus.values(of: "cluster", in: "gatecheck_healthy") == ["gone", "here"])

    // Bound as well, it is clean, and nothing of what was is left.
    try cluster.kubectl("apply", "-f", "-", input: account)
    let heals = try Cluster.eventually { try !pod.run(prometheus.gateway).output.contains("rbac/not-bound") }
    #expect(heals)
    #expect(try !prometheus.pushed().contains("rbac/not-bound"))
    let clean = try pod.run(prometheus.gateway)
    #expect(clean.output.contains("\nhealthy: 12 checks: 9 ok, 3 skipped\n"), "\(clean.output)")
    // It only reads, and is refused nothing but what it can do without: why a right is missing.
    let requests = clean.readingRequests()
    #expect(requests.count > 8, "\(clean.errors)")
    // None is sent twice.
    let sent = requests.map { $0.components(separatedBy: ": ").dropFirst().first ?? "" }
    #expect(Set(sent).count == sent.count, "\(sent)")
    for request in requests where request.contains(": 403 ") {
      #expect(request.contains("rbac.authorization") || request.contains("selfsubjectreviews"), "\(request)")
    }
    let metrics = try execute(PrometheusServer.promtool ?? "", ["check", "metrics"], input: try pod.metrics())
    #expect(metrics.status == 0 && metrics.errors.isEmpty, "\(metrics.errors)")
    withExtendedLifetime(prometheus) {}
  }

  /// Every query of the dashboard, for all clusters.
  private static func queries() throws -> [String] {
    let data = try Data(contentsOf: URL(fileURLWithPath: fleet + "/dashboard.json"))
    let board = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let targets = (board?["panels"] as? [[String: Any]] ?? []).flatMap { $0["targets"] as? [[String: Any]] ?? [] }
    let queries = targets.compactMap { $0["expr"] as? String }
    #expect(queries.count > 8)
    return queries.map { $0.replacingOccurrences(of: "$cluster", with: ".*") }
  }

  private static let apisix = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: apisix}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: apisix, namespace: apisix}
    data:
      config.yaml: |
        deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
        discovery: {kubernetes: {}}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: web, namespace: apisix}
    subsets: [{addresses: [{ip: 10.1.0.1}], ports: [{name: http, port: 8080}]}]
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: apisix, namespace: apisix}
    spec:
      selector: {matchLabels: {app: apisix}}
      template:
        metadata: {labels: {app: apisix}}
        spec:
          serviceAccountName: apisix
          containers:
            - name: apisix
              image: apache/apisix:3.13.0-debian
              volumeMounts: [{name: conf, mountPath: /usr/local/apisix/conf/config.yaml, subPath: config.yaml}]
          volumes: [{name: conf, configMap: {name: apisix}}]

    """
}

/// What the CronJob's pod has, but the image: its files, its variables, its script.
private struct Pod {
  private let folder: Folder
  private let script: String

  init(_ cluster: Cluster) throws {
    func value(_ kind: String, _ path: String) throws -> String {
      try cluster.kubectl("-n", "gatecheck", "get", kind, "gatecheck-doctor", "-o", "jsonpath={\(path)}")
    }
    try cluster.kubectl(
      "apply", "-f", "-",
      input: """
        apiVersion: v1
        kind: Secret
        type: kubernetes.io/service-account-token
        metadata:
          {name: token, namespace: gatecheck, annotations: {kubernetes.io/service-account.name: gatecheck-doctor}}
        """)
    let folder = try Folder(["account/token": try cluster.token("token", in: "gatecheck")])
    try folder.link("account/ca.crt", to: cluster.authority)
    let here = try value("configmap", ".data.kubeconfig")
      .replacingOccurrences(of: "/var/run/secrets/kubernetes.io/serviceaccount", with: folder["account"])
      .replacingOccurrences(of: "https://kubernetes.default.svc", with: cluster.server)
    try folder.write("kubeconfig", here)
    // Of another cluster, as it stands in the Secret.
    let port = try StubNameServer.closedPort(withTCP: true)
    try folder.write(
      "fleet",
      kubeconfig(server: "https://127.0.0.1:\(port)", user: "{token: abc}").replacingOccurrences(
        of: "{name: c,", with: "{name: gone,"))
    let busybox = DebianProgram("busybox")?.path ?? ""
    try FileManager.default.createDirectory(atPath: folder["bin"], withIntermediateDirectories: true)
    for applet in ["sh", "wget"] { try folder.link("bin/\(applet)", to: busybox) }
    script = try value("cronjob", ".spec.jobTemplate.spec.template.spec.containers[0].command[2]")
      .replacingOccurrences(of: "/tmp/metrics", with: folder["metrics"])
    self.folder = folder
  }

  func run(_ gateway: String) throws -> Ended {
    let bin = (Checkout.binary as NSString).deletingLastPathComponent
    return try execute(
      folder["bin/sh"], ["-c", script], in: folder.path,
      environment: [
        "PATH": "\(folder["bin"]):\(bin)", "ARGUMENTS": "--context here --context gone --timeout 60 -v",
        "PUSHGATEWAY": gateway, "KUBECONFIG": "\(folder["kubeconfig"]):\(folder["fleet"]):\(folder["nowhere"])",
      ], inherits: false)
  }

  func metrics() throws -> String { try folder.read("metrics") }
}
