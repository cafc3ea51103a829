import Foundation
import TestSupport
import Testing

/// What lint says of manifests, and what a real API server makes of the same.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct ManifestClusterTests {
  /// Values as they are written in YAML.
  static let values = [
    "5", "yes", "n", "On", "0x10", "0o17", "0123", "089", "1_000", ".5", "5.", "+1", "-1", "1e3", "0b11", "0b12",
    "1.10",
    "1.2.3", "12:30", "2020-01-01", "yEs", "0x", "1e400", "9223372036854775808", "'5'", "!!str 5", "a", "~a", "=",
  ]

  @Test(arguments: values) func aStringIsWhatKubernetesTakesForOne(value: String) throws {
    let text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: not-a-string\n  labels: {}\ndata:\n  key: \(value)\n"
    let created = try Cluster.shared.get().trying("create", "--dry-run=server", "-f", "-", input: text)
    let folder = try Folder(["cm.yaml": text])
    let ended = try gatecheck("lint", "-q", "-o", "short", in: folder.path)
    #expect(ended.output.contains("[manifest/not-a-string]") == (created.status != 0), "\(created.errors)")
    guard created.status != 0 else { return }
    #expect(try gatecheck("lint", "--fix", in: folder.path).status == 0)
    let mended = try Cluster.shared.get().trying(
      "create", "--dry-run=server", "-f", "-", input: folder.read("cm.yaml"))
    #expect(mended.status == 0, "\(mended.errors)")
  }

  @Test func everyPlaceWantsAString() throws {
    let objects = try ["not-a-string", "not-a-string+map"].flatMap { name in
      try String(contentsOfFile: Checkout.fixtures + "/err/manifest/\(name).yaml", encoding: .utf8)
        .components(separatedBy: "---\n")
    }
    #expect(objects.count > 5)
    for object in objects {
      let created = try Cluster.shared.get().trying("create", "--dry-run=server", "-f", "-", input: object)
      #expect(created.status != 0, "\(object)")
    }
  }

  @Test func aRoleBindingNeedsNoNamespaceOfItsSubject() throws {
    let cluster = try Cluster.shared.get()
    let home = try cluster.namespace("rolebinding-\(UUID().uuidString.prefix(8).lowercased())")
    func binding(_ kind: String) -> String {
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: \(kind)
      metadata: {name: \(home), namespace: \(home)}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: \(home)}
      subjects: [{kind: ServiceAccount, name: app}]
      """
    }
    try cluster.kubectl("create", "clusterrole", home, "--verb=list", "--resource=endpoints")
    try cluster.kubectl("create", "-f", "-", input: binding("RoleBinding"))
    let user = "system:serviceaccount:\(home):app"
    #expect(
      try Cluster.eventually {
        try cluster.trying("auth", "can-i", "list", "endpoints", "-n", home, "--as", user).status == 0
      })
    #expect(try cluster.trying("auth", "can-i", "list", "endpoints", "--as", user).status != 0)
    let refused = try cluster.trying("create", "-f", "-", input: binding("ClusterRoleBinding"))
    #expect(refused.errors.contains("subjects[0].namespace: Required value"))
  }

  @Test func noTokenIsMountedWhereItIsSwitchedOff() throws {
    let cluster = try Cluster.shared.get()
    let home = try cluster.namespace("automount-\(UUID().uuidString.prefix(8).lowercased())")
    try cluster.kubectl(
      "create", "-n", home, "-f", "-",
      input: "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: quiet}\nautomountServiceAccountToken: false\n")
    func mounts(_ name: String, _ setting: String) throws -> String {
      let pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name)}
        spec: {\(setting)serviceAccountName: quiet, containers: [{name: apisix, image: apache/apisix}]}
        """
      #expect(try Cluster.eventually { try cluster.trying("apply", "-n", home, "-f", "-", input: pod).status == 0 })
      return try cluster.kubectl("get", "pod", name, "-n", home, "-o", "jsonpath={.spec.containers[0].volumeMounts}")
    }
    #expect(try mounts("by-account", "") == "")
    #expect(try mounts("by-pod", "automountServiceAccountToken: true, ").contains("/var/run/secrets/kubernetes.io"))
  }
}
