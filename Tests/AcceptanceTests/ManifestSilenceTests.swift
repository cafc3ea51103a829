import TestSupport
import Testing

/// What kustomize, a mounted volume or another environment makes right is no finding, and gets no fix.
@Suite struct ManifestSilenceTests {
  /// The rules of the findings.
  static func rules(_ files: [String: String]) throws -> [String] {
    try Installation.lint(files).map { String($0.split(separator: "[").last?.dropLast() ?? "") }
  }

  static func role(_ verbs: String = "list, watch") -> String {
    """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: apisix-reader}
    rules: [{apiGroups: [""], resources: [endpoints], verbs: [\(verbs)]}]

    """
  }

  static func binding(_ account: String, _ namespace: String = "edge") -> String {
    """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: apisix-reader}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: apisix-reader}
    subjects: [{kind: ServiceAccount, name: \(account), namespace: "\(namespace)"}]

    """
  }

  @Test(arguments: [
    "patches:\n- target: {kind: ClusterRole}\n  patch: |-\n    - {op: add, path: /rules/0/verbs/-, value: watch}\n",
    "patchesStrategicMerge: [verbs.yaml]\n", "components: [../watching]\n",
  ])
  func aPatchMayAddTheVerb(patch: String) throws {
    let patched = ["role.yaml": Self.role("list"), "kustomization.yaml": "resources: [role.yaml]\n" + patch]
    let folder = try Folder(patched)
    #expect(try Installation.lint(patched) == [])
    #expect(try gatecheck("lint", "--fix", in: folder.path).status == 0)
    #expect(try folder.read("role.yaml") == Self.role("list"))
    // As a hook names it, without the kustomization.
    #expect(try gatecheck("lint", "role.yaml", in: folder.path).status == 0)
    let plain = patched.merging(["kustomization.yaml": "resources: [role.yaml]\n"]) { $1 }
    #expect(try Self.rules(plain) == ["rbac/missing-verb"])
  }

  @Test func aPatchedRoleGrantsWhatTheOverlaySays() throws {
    let base = ["base/kustomization.yaml": "resources: [rbac.yaml]\n", "base/rbac.yaml": Self.role()]
    let overlay = [
      "prod/role.yaml": """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: apisix-reader}
      rules: [{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch]}]
      """,
      "prod/config.yaml": "discovery:\n  kubernetes: {watch_endpoint_slices: true}\n",
    ]
    func lint(_ kustomization: String) throws -> [String] {
      try Self.rules(base.merging(overlay) { $1 }.merging(["prod/kustomization.yaml": kustomization]) { $1 })
    }
    #expect(try lint("resources: [../base]\npatches: [{path: role.yaml}]\n") == [])
  }

  @Test func aPatchIsNoWholeObject() throws {
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: mq-1, namespace: edge}\n"
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: db, namespace: edge}\nsubsets:\n"
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: edge"
    let type = "\ntype: kubernetes.io/service-account-token\n"
    let patches = [
      "slice.yaml": slice + "endpoints: [{addresses: [10.5.10.111]}]\n", "endpoints.yaml": endpoints,
      "type.yaml": secret + "}" + type,
      "account.yaml": secret + ", annotations: {kubernetes.io/service-account.name: apisix}}\n",
    ]
    let list = "{path: slice.yaml}, {path: endpoints.yaml}, {path: type.yaml}, {path: account.yaml}"
    let kustomization = "resources: [https://example.com/base]\n"
    #expect(
      try Self.rules(patches.merging(["kustomization.yaml": kustomization + "patches: [\(list)]\n"]) { $1 }) == [])
    let merged = "patchesStrategicMerge: [slice.yaml, endpoints.yaml, type.yaml, account.yaml]\n"
    #expect(try Self.rules(patches.merging(["kustomization.yaml": kustomization + merged]) { $1 }) == [])
    #expect(
      try Set(Self.rules(patches)) == [
        "endpoints/slice-without-service", "endpoints/null-list", "secret/account-missing", "secret/not-a-token-secret",
      ])
  }

  @Test func aKustomizationGivesLabelsAndAnnotations() throws {
    let objects = """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: mq-1, namespace: edge}
      addressType: IPv4
      ports: [{name: amqp, port: 5672}]
      endpoints: [{addresses: [10.5.10.109]}]
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: t, namespace: edge}
      type: kubernetes.io/service-account-token
      """
    func rules(_ more: String) throws -> Set<String> {
      try Set(Self.rules(["all.yaml": objects, "kustomization.yaml": "resources: [all.yaml]\n" + more]))
    }
    #expect(
      try rules("labels: [{pairs: {kubernetes.io/service-name: mq}}]\n") == ["secret/account-missing"])
    #expect(
      try rules("commonAnnotations: {kubernetes.io/service-account.name: apisix}\n")
        == ["endpoints/slice-without-service"])
    #expect(try rules("labels: [{pairs: {team: edge}}]\n").count == 2)
  }

  @Test func aChartWritesTheVersionThatTheClusterHas() throws {
    let role = Self.role()
    let either = """
      {{- if semverCompare "<1.22" .Capabilities.KubeVersion.Version }}
      apiVersion: rbac.authorization.k8s.io/v1beta1
      {{- else }}
      apiVersion: rbac.authorization.k8s.io/v1
      {{- end }}
      """
    #expect(
      try Self.rules(["rbac.yaml": role.replacing("apiVersion: rbac.authorization.k8s.io/v1", with: either)]) == [])
    #expect(
      try Self.rules(["rbac.yaml": role.replacing("io/v1", with: "io/v1beta1")]) == ["manifest/removed-api-version"])
  }

  @Test func anAddressOfIPv4MayBeWrittenAsOneOfIPv6() throws {
    func rules(_ address: String) throws -> [String] {
      try Self.rules([
        "e.yaml": """
        apiVersion: v1
        kind: Endpoints
        metadata: {name: db, namespace: edge}
        subsets: [{addresses: [{ip: "\(address)"}], ports: [{name: sql, port: 3306}]}]
        """
      ])
    }
    #expect(try rules("::ffff:10.0.0.1") == [])
    #expect(try rules("fd00::1") == [])
    #expect(try rules("10.0.0.1:80") == ["endpoints/address"])
    #expect(try rules("::ffff:10.0.0.300") == ["endpoints/address"])
  }

  @Test(arguments: [
    "{scheme: grpcs, passHost: rewrite, upstreamHost: web.example.com, loadbalancer: {type: least_conn}}",
    "{loadbalancer: {type: chash, hashOn: vars, key: remote_addr}}",
    "{loadbalancer: {type: chash, hashOn: consumer}}", "{loadbalancer: {type: \"\"}, scheme: \"\"}",
    "{upstreamHost: web.example.com, portLevelSettings: [{port: 80, passHost: rewrite}, {port: 81, scheme: https}]}",
    "{loadbalancer: {type: \"{{ .Values.balancer }}\"}, scheme: \"{{ .Values.scheme }}\"}",
  ])
  func theIngressControllerTakesTheseSettings(spec: String) throws {
    let head = "apiVersion: apisix.apache.org/v2\nkind: ApisixUpstream\nmetadata: {name: web, namespace: edge}\n"
    #expect(try Self.rules(["web.yaml": head + "spec: \(spec)\n"]) == [])
  }

  @Test func anotherGroupHasKindsOfTheSameName() throws {
    let foreign = """
      apiVersion: authorization.openshift.io/v1
      kind: ClusterRoleBinding
      metadata: {name: apisix}
      userNames: ["system:serviceaccount:edge:apisix"]
      subjects: [{kind: ServiceAccount, name: apisix}]
      roleRef: {name: apisix}
      """
    #expect(try Self.rules(["rb.yaml": foreign]) == [])
    #expect(try Self.rules(["rb.yaml": Self.binding("apisix", "")]) == ["rbac/subject-namespace-missing"])
  }

  @Test func whatAnAliasRepeatsIsNotQuoted() throws {
    let text = """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        labels: {port: &port 8080}
      spec: {ports: [{name: http, port: *port}]}

      """
    let folder = try Folder(["web.yaml": text])
    #expect(try Self.rules(["web.yaml": text]) == ["manifest/not-a-string"])
    #expect(try gatecheck("lint", "--fix", in: folder.path).status == 1)
    #expect(try folder.read("web.yaml") == text)
  }

  @Test func aKustomizationHasStringsOfItsOwn() throws {
    let text = "resources: []\nnamespace: yes\nnamePrefix: yes\nimages: [{name: apache/apisix, newTag: 3.10}]\n"
    #expect(try Self.rules(["kustomization.yaml": text]) == Array(repeating: "manifest/not-a-string", count: 3))
  }

  static let web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"

  /// Only a patch that can touch the role may add its verb.
  @Test(arguments: [
    (
      "patches: [{target: {kind: Deployment, name: web}, patch: \"[{op: replace, path: /spec/replicas, value: 2}]\"}]\n",
      true
    ),
    ("patches: [{target: {kind: Deployment|StatefulSet}, path: replicas.json}]\n", true),
    ("patches: [{target: {kind: ClusterRole, name: other}, path: verbs.json}]\n", true),
    ("patches: [{target: {kind: ClusterRole, name: apisix-.*}, path: verbs.json}]\n", false),
    ("patches: [{target: {name: apisix-reader}, path: verbs.json}]\n", false),
    ("patches: [{target: {labelSelector: app=web}, path: verbs.json}]\n", true),
    ("patches: [{target: {labelSelector: \"app in (web, apisix)\"}, path: verbs.json}]\n", false),
    ("labels: [{pairs: {app: web}}]\npatches: [{target: {labelSelector: app=web}, path: verbs.json}]\n", false),
    ("patches: [{path: web.yaml}]\n", true), ("patchesStrategicMerge: [web.yaml]\n", true),
    ("patchesStrategicMerge:\n- |\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: web}\n", true),
    ("patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n", true),
    (
      "patches:\n- patch: |\n    kind: ClusterRole\n    apiVersion: rbac.authorization.k8s.io/v1\n"
        + "    metadata: {name: apisix-reader}\n", false
    ),
    ("patchesJson6902: [{target: {version: v1, kind: ClusterRole, name: apisix-reader}, path: verbs.json}]\n", false),
    ("patchesJson6902: [{target: {version: v1, kind: Deployment, name: web}, path: verbs.json}]\n", true),
    ("patches: [{path: unseen.yaml}]\n", false), ("replacements: [{path: r.yaml}]\n", false),
    ("namePrefix: dev-\npatches: [{target: {kind: ClusterRole, name: dev-apisix-reader}, path: verbs.json}]\n", false),
  ])
  func aPatchOfAnotherObjectIsNoExcuse(patch: String, isFound: Bool) throws {
    let files = [
      "role.yaml": Self.role("list"), "web.yaml": Self.web, "kustomization.yaml": "resources: [role.yaml]\n" + patch,
    ]
    #expect(try Self.rules(files) == (isFound ? ["rbac/missing-verb"] : []))
    let overlay = [
      "base/kustomization.yaml": "resources: [role.yaml]\n", "base/role.yaml": Self.role("list"),
      "prod/kustomization.yaml": "resources: [../base]\n" + patch, "prod/web.yaml": Self.web,
    ]
    #expect(try Self.rules(overlay) == (isFound ? ["rbac/missing-verb"] : []))
  }
}
