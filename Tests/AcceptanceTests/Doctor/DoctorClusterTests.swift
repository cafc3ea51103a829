import Foundation
import TestSupport
import Testing

/// `doctor` with nothing but a kubeconfig, on a real API server.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"), .serialized)
struct DoctorClusterTests {
  /// One of its own: what runs in the cluster is what is looked for.
  static let cluster = Result { try Cluster() }

  static func objects(
    _ space: String, kind: String = "Deployment", config: String = "kubernetes: {}", more: String = "",
    deployment: String = "role: data_plane, role_data_plane: {config_provider: yaml}"
  ) -> String {
    """
    apiVersion: v1
    kind: Namespace
    metadata: {name: \(space)}
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: conf, namespace: \(space)}
    data:
      config.yaml: |
        deployment: {\(deployment)}
        discovery: {\(config)}
    ---
    apiVersion: apps/v1
    kind: \(kind)
    metadata: {name: gateway, namespace: \(space)}
    spec:
      \(kind == "StatefulSet" ? "serviceName: gateway" : "{}")
      selector: {matchLabels: {app: apisix}}
      template:
        metadata: {labels: {app: apisix}}
        spec:
          serviceAccountName: gateway
          \(more)
          containers:
            - name: apisix
              image: registry.example.com/apache/apisix:3.13.0-debian
              env: [{name: ADMIN_KEY, valueFrom: {secretKeyRef: {name: keys, key: admin}}}]
              volumeMounts: [{name: conf, mountPath: /usr/local/apisix/conf/config.yaml, subPath: config.yaml}]
            - {name: dashboard, image: apache/apisix-dashboard:3.0.1}
          volumes: [{name: conf, configMap: {name: conf}}]

    """.replacingOccurrences(of: "  {}\n  selector", with: "  selector")
  }

  /// So that no other test sees it.
  static func remove(_ kind: String, in space: String) throws {
    try cluster.get().kubectl("delete", "-n", space, kind, "gateway")
  }

  func doctor(_ arguments: String...) throws -> Ended {
    let cluster = try Self.cluster.get()
    return try cluster.gatecheck(["doctor", "--kubeconfig", cluster.kubeconfig] + arguments)
  }

  @Test func whatRunsThereIsFound() throws {
    let cluster = try Self.cluster.get()
    expect(try doctor(), "cluster/no-gateway", status: 0)
    defer { try? Self.remove("deployment", in: "edge") }
    try cluster.kubectl("apply", "-f", "-", input: Self.objects("edge"))
    let unbound = try doctor()
    expect(
      unbound, "rbac/not-bound", "Deployment edge/gateway",
      "✓ ok       APISIX 3.13.0 takes ConfigMap/edge/conf/config.yaml",
      "system:serviceaccount:edge:gateway")
    let objects = try gatecheck("rbac", "generate", "--name", "gateway", "--namespace", "edge").output
    try cluster.kubectl("apply", "-f", "-", input: objects)
    let well = try Cluster.eventually { try doctor().status == 0 }
    let bound = try doctor()
    #expect(well && bound.status == 0, "\(bound.output)")
    #expect(bound.output.contains("[cluster/no-nodes]"), "\(bound.output)")
    try cluster.kubectl("apply", "-f", "-", input: endpointsText("web", "edge", at: "10.1.0.1", port: 8080))
    let clean = try doctor("-o", "json")
    #expect(clean.status == 0 && clean.rules.isEmpty, "\(clean.output)")
    // It only reads.
    _ = try doctor("-v").readingRequests()
    // Several, one of them with a mistake in its configuration.
    defer { try? Self.remove("statefulset", in: "inner") }
    try cluster.kubectl(
      "apply", "-f", "-",
      input: Self.objects("inner", kind: "StatefulSet", config: "kubernetes: {service: {port: 6443}}"))
    let several = try doctor()
    expect(several, "kubernetes/port-not-string", "StatefulSet inner/gateway", "Deployment edge/gateway")
    #expect(several.output.contains("\nhealthy: "), "\(several.output)")
  }
}
