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

  /// What lint calls refused, and what it says nothing of.
  @Test(arguments: [
    ("kind: ClusterRole, name", "kind: Clusterrole, name"),
    ("apiGroup: rbac.authorization.k8s.io", "apiGroup: rbac.k8s.io/v1"),
    ("kind: ServiceAccount", "kind: serviceaccount"), ("roleRef", "roleref"), ("apiGroups", "apiGroup"),
    ("resources", "resource"), ("kind: ServiceAccount", "kind: User"), ("apiGroup: rbac.authorization.k8s.io, ", ""),
  ]) func aBindingIsRefused(_ old: String, _ new: String) throws {
    let text = """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: refused}
      rules: [{apiGroups: [""], resources: [endpoints], verbs: [list, watch]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: refused}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: refused}
      subjects: [{kind: ServiceAccount, name: refused, namespace: default}]
      """.replacingOccurrences(of: old, with: new)
    let created = try Cluster.shared.get().trying(
      "create", "--dry-run=server", "--validate=false", "-f", "-", input: text)
    let folder = try Folder(["rbac.yaml": text])
    let ended = try gatecheck("lint", "-q", "-o", "short", in: folder.path)
    #expect((ended.status == 1) == (created.status != 0), "\(ended.output) \(created.errors)")
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

  @Test func numbersStandWhereKubernetesTakesThem() throws {
    let text = """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: apisix, generation: 2}
      spec:
        replicas: 3
        serviceName: apisix
        selector: {matchLabels: {app: apisix}}
        updateStrategy: {rollingUpdate: {partition: 1}}
        template:
          metadata: {labels: {app: apisix}}
          spec:
            terminationGracePeriodSeconds: 30
            hostNetwork: false
            securityContext: {runAsUser: 1000, runAsNonRoot: true}
            tolerations: [{key: dedicated, operator: Exists, tolerationSeconds: 60}]
            affinity:
              podAntiAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    podAffinityTerm: {labelSelector: {matchLabels: {app: apisix}}, topologyKey: zone}
            topologySpreadConstraints:
              - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}
            containers:
              - name: apisix
                image: apache/apisix:3.9.0-debian
                ports: [{containerPort: 9080, hostPort: 9080}]
                livenessProbe: {tcpSocket: {port: 9080}, periodSeconds: 5}
                lifecycle: {preStop: {httpGet: {port: 9080}}}
                resources: {limits: {cpu: 1, memory: 1073741824}, requests: {cpu: 0.5}}
                env: [{name: CPUS, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1}}}]
                securityContext: {privileged: true}
                tty: true
                volumeMounts: [{name: scratch, mountPath: /scratch, readOnly: true}]
            volumes:
              - {name: scratch, emptyDir: {sizeLimit: 1000}}
              - {name: conf, configMap: {name: apisix, defaultMode: 0644, optional: true}}
        volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1000}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: apisix}
      spec:
        publishNotReadyAddresses: true
        ports: [{name: http, port: 80, targetPort: 9080, nodePort: 30080}]
        type: NodePort
        sessionAffinity: ClientIP
        sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: apisix}
      spec: {defaultBackend: {service: {name: apisix, port: {number: 80}}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: apisix}
      spec: {podSelector: {}, ingress: [{ports: [{port: 9080}]}]}
      ---
      apiVersion: policy/v1beta1
      kind: PodDisruptionBudget
      metadata: {name: apisix}
      spec: {minAvailable: 1, selector: {matchLabels: {app: apisix}}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: edge}
      spec: {hard: {pods: 10, requests.cpu: 4}}
      ---
      apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: {name: etcd}
      provisioner: example.com/nfs
      allowVolumeExpansion: true
      ---
      apiVersion: scheduling.k8s.io/v1
      kind: PriorityClass
      metadata: {name: gateway}
      value: 1000
      globalDefault: false
      """
    let created = try Cluster.shared.get().trying("create", "--dry-run=server", "-f", "-", input: text)
    #expect(created.status == 0, "\(created.errors)")
    let folder = try Folder(["all.yaml": text])
    let ended = try gatecheck("lint", "--select", "manifest/not-a-string", "-o", "short", in: folder.path)
    #expect(ended.output == "")
  }

  static let addresses = [
    "10.5.10.109", "0.0.0.0", "0.1.2.3", "127.0.0.1", "169.254.1.1", "169.253.1.1", "224.0.0.251", "224.0.1.1",
    "239.1.2.3", "240.0.0.1", "255.255.255.255", "10.0.0", "10.0.0.256", "10.0.0.1.", "::", "0:0:0:0:0:0:0:0", "::1",
    "0:0:0:0:0:0:0:1", "::2", "fe80::1", "FEBF::1", "fec0::1", "ff00::1", "ff02::1", "ff12::1", "ff05::1", "fd00::1",
    "fd00:1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8:9", "1::2:3:4:5:6:7:8", "::ffff:10.0.0.1",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:224.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "10.0.0.1::", ":::1",
    "12345::1", "fe80::1%eth0", "1::2::3", ":1:2:3:4:5:6:7",
  ]

  @Test(arguments: addresses) func theAddressesThatKubernetesRefuses(address: String) throws {
    let text = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{addresses: [{ip: \"\(address)\"}]}]\n"
    let created = try Cluster.shared.get().trying("create", "--dry-run=server", "-f", "-", input: text)
    let folder = try Folder(["db.yaml": text])
    let ended = try gatecheck("lint", "--select", "endpoints/address", "-o", "short", in: folder.path)
    #expect((ended.output != "") == (created.status != 0), "\(created.errors)")
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
