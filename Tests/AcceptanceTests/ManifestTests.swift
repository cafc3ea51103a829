import TestSupport
import Testing

/// Manifests of one installation, as users have them: kustomize, several environments, and the pods themselves.
@Suite struct ManifestTests {
  private static let account = """
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: apisix}

    """
  private static let role = """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: apisix}
    rules: [{apiGroups: [""], resources: [endpoints], verbs: [list, watch]}]

    """
  private static let binding = """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: apisix}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: apisix}
    subjects: [{kind: ServiceAccount, name: apisix}]

    """
  private static let secret = """
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-token
      annotations: {kubernetes.io/service-account.name: apisix}
    type: kubernetes.io/service-account-token

    """
  private static let base = ["sa.yaml": account, "role.yaml": role, "crb.yaml": binding, "secret.yaml": secret]
  private static let resources = "resources: [sa.yaml, role.yaml, crb.yaml, secret.yaml]\n"

  /// What lint says of a folder, a line a finding; of some of its files where these are named.
  private static func lint(_ files: [String: String], _ arguments: String...) throws -> [String] {
    let folder = try Folder(files)
    return try gatecheck(["lint", "-q", "-o", "short"] + arguments, in: folder.path).output
      .split(separator: "\n").map(String.init)
  }

  private static func below(_ folder: String, _ files: [String: String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0)", $1) })
  }

  @Test(arguments: ["namespace: apisix\n", "namespace: \"0123\"\n", ""])
  func aKustomizationMayFillNamespacesIn(namespace: String) throws {
    #expect(try Self.lint(Self.base.merging(["kustomization.yaml": namespace + Self.resources]) { $1 }) == [])
    let overlay = [
      "overlays/prod/kustomization.yml": namespace + "resources: [../../base]\n",
      "base/Kustomization": "kind: Kustomization\n" + Self.resources,
    ]
    #expect(try Self.lint(Self.below("base", Self.base).merging(overlay) { $1 }) == [])
  }

  @Test func aKustomizationOfOtherFilesFillsNothingIn() throws {
    let lines = try Self.lint(
      Self.below("apisix", Self.base).merging(["shop/kustomization.yaml": "resources: [web.yaml]\n"]) { $1 })
    #expect(lines.count == 1 && lines[0].hasSuffix("[rbac/subject-namespace-missing]"))
  }

  @Test func aKustomizationThatIsNotInTheRunCountsAsWell() throws {
    let files = Self.base.merging(["kustomization.yaml": "namespace: apisix\n" + Self.resources]) { $1 }
    #expect(try Self.lint(files, "crb.yaml") == [])
    #expect(try Self.lint(Self.base, "crb.yaml").count == 1)
  }

  @Test func aPrefixRenamesTheAccountAndNotTheAnnotation() throws {
    let prefix = "namePrefix: prod-\nnameSuffix: -v2\nnamespace: apisix\n" + Self.resources
    #expect(
      try Self.lint(Self.base.merging(["kustomization.yaml": prefix]) { $1 }) == [
        "secret.yaml:5:53: error: kustomization.yaml renames ServiceAccount apisix to prod-apisix-v2, and leaves this "
          + "annotation as it is [secret/account-not-found]"
      ])
    let named = Self.base.merging([
      "kustomization.yaml": prefix,
      "secret.yaml": Self.secret.replacing("account.name: apisix", with: "account.name: prod-apisix-v2"),
    ]) { $1 }
    #expect(try Self.lint(named) == [])
    for more in ["patches: [{path: secret-patch.yaml}]\n", "components: [../prefix]\n", "vars: [{name: ACCOUNT}]\n"] {
      #expect(try Self.lint(Self.base.merging(["kustomization.yaml": prefix + more]) { $1 }) == [])
    }
  }

  @Test func aRoleBindingGrantsInItsOwnNamespace() throws {
    let text = Self.binding.replacing(
      "ClusterRoleBinding\nmetadata: {name: apisix}", with: "RoleBinding\nmetadata: {name: app, namespace: default}"
    )
    .replacing("apisix", with: "app")
    #expect(try Self.lint(["rb.yaml": text]) == [])
    let account = Self.account.replacing("{name: apisix}", with: "{name: app, namespace: default}")
    #expect(try Self.lint(["rb.yaml": text + "---\n" + account]) == [])
  }

  @Test func aNamespaceThatIsANumberIsWrittenInQuotes() throws {
    let account = Self.account.replacing("{name: apisix}", with: "{name: apisix, namespace: \"0123\"}")
    let binding = Self.binding.replacing("name: apisix}]", with: "name: apisix, namespace: default}]")
    let folder = try Folder(["rbac.yaml": account + "---\n" + binding])
    let ended = try gatecheck("lint", "--fix", "--unsafe-fixes", "rbac.yaml", in: folder.path)
    #expect(ended.status == 0, "\(ended.output)")
    #expect(try folder.read("rbac.yaml").contains("name: apisix, namespace: \"0123\"}]"))
  }

  private static func environment(_ namespace: String, slices: Bool, token: Bool = false) -> [String: String] {
    let resource = slices ? "endpointslices" : "endpoints"
    return [
      "rbac/role.yaml": """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: apisix-\(namespace)}
      rules: [{apiGroups: ["\(slices ? "discovery.k8s.io" : "")"], resources: [\(resource)], verbs: [list, watch]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: apisix-\(namespace)}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: apisix-\(namespace)}
      subjects: [{kind: ServiceAccount, name: apisix, namespace: \(namespace)}]
      """,
      "conf/config.yaml": """
      apisix: {node_listen: 9080}
      deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
      discovery:
        \(slices ? "kubernetes: {watch_endpoint_slices: true}" : "kubernetes: {}")
        \(slices ? "consul: {servers: [\"http://consul:8500\"]}" : "dns: {servers: [\"10.0.0.2:53\"]}")
      """,
      "routes/apisix.yaml": """
      routes:
        - uri: /
          upstream: {type: roundrobin, discovery_type: \(slices ? "consul" : "dns"), service_name: shop.local}
      #END
      """,
    ]
  }

  @Test func eachEnvironmentIsHeldAgainstItsOwnConfiguration() throws {
    let dev = Self.below("envs/dev", Self.environment("dev", slices: true))
    let prod = Self.below("envs/prod", Self.environment("prod", slices: false))
    #expect(try Self.lint(dev.merging(prod) { $1 }, "--apisix-version", "3.17") == [])
    let mixed = dev.merging(prod) { $1 }.merging(
      ["envs/dev/routes/apisix.yaml": Self.environment("x", slices: false)["routes/apisix.yaml"] ?? ""]) { $1 }
    #expect(
      try Self.lint(mixed, "--apisix-version", "3.17") == [
        "envs/dev/routes/apisix.yaml:3:50: error: discovery dns is not enabled: envs/dev/conf/config.yaml has only "
          + "consul, kubernetes [discovery-type/not-enabled]"
      ])
  }

  private static func pods(
    _ account: String = "apisix", bound: String = "default", config: String = "{}", more: String = ""
  )
    -> String
  {
    """
    \(Self.account.replacing("{name: apisix}", with: "{name: apisix, namespace: apisix}"))---
    \(Self.role)---
    \(Self.binding.replacing("name: apisix}]", with: "name: \(bound), namespace: apisix}]"))---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: apisix, namespace: apisix}
    spec:
      selector: {matchLabels: {app: apisix}}
      template:
        metadata: {labels: {app: apisix}}
        spec:
          serviceAccountName: \(account)
          containers:
            - name: gateway
              image: docker.io/apache/apisix:3.9.0-debian
    \(more)
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: apisix, namespace: apisix}
    data:
      config.yaml: |
        discovery:
          kubernetes: \(config)
    """
  }

  @Test func thePodsRunAsTheAccountThatIsBound() throws {
    let wrong = try Self.lint(["apisix.yaml": Self.pods()])
    #expect(wrong.count == 1)
    #expect(
      wrong[0].hasSuffix(
        "error: the pods run as ServiceAccount apisix/apisix, which no binding here names; ClusterRoleBinding apisix "
          + "names apisix/default [rbac/pod-account]"))
    #expect(try Self.lint(["apisix.yaml": Self.pods(bound: "apisix")]) == [])
    #expect(try Self.lint(["apisix.yaml": Self.pods("default")]) == [])
    #expect(try Self.lint(["apisix.yaml": Self.pods("\"{{ .Values.account }}\"")]) == [])
    // Another cluster's API server, and a token of its own, make the pod's account no matter.
    #expect(try Self.lint(["apisix.yaml": Self.pods(config: "{service: {host: api.example.com}}")]) == [])
    #expect(try Self.lint(["apisix.yaml": Self.pods(config: "{client: {token: \"${K8S_TOKEN}\"}}")]) == [])
    #expect(
      try Self.lint(["apisix.yaml": Self.pods().replacing("apache/apisix:", with: "apache/apisix-dashboard:")]) == [])
    #expect(
      try Self.lint(["apisix.yaml": Self.pods().replacing("kubernetes: {}", with: "dns: {servers: [\"10.0.0.2:53\"]}")])
        == [])
  }

  @Test func thePodsOfAnOverlayRunAsTheAccountThatIsBound() throws {
    let deployment = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: apisix}
      spec: {template: {spec: {serviceAccountName: apisix, containers: [{name: apisix, image: apache/apisix:3.9.0}]}}}
      """
    var files = Self.below("base", Self.base)
    files["base/deployment.yaml"] = deployment
    files["base/config.yaml"] = "discovery:\n  kubernetes: {}\n"
    files["base/kustomization.yaml"] = Self.resources.replacing("]", with: ", deployment.yaml]")
    files["overlays/dev/kustomization.yaml"] = "namespace: dev\nresources: [../../base]\n"
    #expect(try Self.lint(files) == [])
    files["base/deployment.yaml"] = deployment.replacing("serviceAccountName: apisix, ", with: "")
    let lines = try Self.lint(files)
    #expect(
      lines.count == 1
        && lines[0].hasSuffix("ClusterRoleBinding apisix in base/crb.yaml names apisix [rbac/pod-account]"))
  }

  @Test func anAccountThatAnotherWorkloadUsesIsNoMistake() throws {
    let other = """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: apisix-edge, namespace: apisix}
      spec: {template: {spec: {serviceAccountName: edge, containers: [{name: apisix, image: apache/apisix:3.9.0}]}}}
      """
    let files = ["apisix.yaml": Self.pods(bound: "edge"), "edge.yaml": other]
    #expect(try Self.lint(files) == [])
  }

  @Test func theTokenLiesWhereTheConfigurationReadsIt() throws {
    let off = "      automountServiceAccountToken: false"
    let message = "automountServiceAccountToken: false: there is none [manifest/token-not-mounted]"
    let none = try Self.lint(["apisix.yaml": Self.pods(bound: "apisix", more: off)])
    #expect(none.count == 1 && none[0].hasSuffix("the pod has \(message)"))
    let account = Self.pods(bound: "apisix").replacing(
      "namespace: apisix}\n---", with: "namespace: apisix}\nautomountServiceAccountToken: false\n---",
      maxReplacements: 1)
    let byAccount = try Self.lint(["apisix.yaml": account])
    #expect(byAccount.count == 1 && byAccount[0].hasSuffix("ServiceAccount apisix has \(message)"))
    let on = account.replacing("      containers:", with: "      automountServiceAccountToken: true\n      containers:")
    #expect(try Self.lint(["apisix.yaml": on]) == [])

    func projected(_ file: String, at path: String = "/var/run/secrets/tokens") throws -> [String] {
      let volume = """
                  volumeMounts: [{name: token, mountPath: \(path)}]
              volumes:
                - name: token
                  projected: {sources: [{serviceAccountToken: {path: apisix, expirationSeconds: 7200}}]}
        """
      return try Self.lint([
        "apisix.yaml": Self.pods(bound: "apisix", config: "{client: {token_file: \(file)}}", more: volume + "\n" + off)
      ])
    }
    #expect(try projected("/var/run/secrets/tokens/apisix") == [])
    #expect(try projected("/run/secrets/tokens/apisix") == [])
    let elsewhere = try projected("/var/run/secrets/tokens/token")
    #expect(
      elsewhere.count == 1
        && elsewhere[0].hasSuffix(
          "the token lies at /var/run/secrets/tokens/apisix in the pods; token_file in apisix.yaml is "
            + "/var/run/secrets/tokens/token [manifest/token-path]")
    )
  }

  private static func queue(_ slice: String, kind: String = "EndpointSlice", selector: String = "") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: queue, namespace: mq}
    spec: {clusterIP: None, \(selector)ports: [{name: http, port: 8080}]}
    ---
    apiVersion: \(kind == "Endpoints" ? "v1" : "discovery.k8s.io/v1")
    kind: \(kind)
    metadata:
      name: queue
    \(slice)
    """
  }

  @Test func slicesByHandLieBesideTheirServiceAndAreRead() throws {
    let slice = """
        namespace: default
        labels: {kubernetes.io/service-name: queue}
      addressType: IPv4
      ports: [{name: http, port: 8080}]
      endpoints: [{addresses: [10.180.4.62], conditions: {ready: true}}]
      """
    let reading = "discovery:\n  kubernetes: {watch_endpoint_slices: true}\n"
    func lint(_ text: String, _ config: String = reading) throws -> [String] {
      try Self.lint(["objects.yaml": text, "config.yaml": config]).map { String($0.split(separator: "[").last ?? "") }
    }
    let noNamespace = slice.replacing("  namespace: default\n", with: "")
    let right = slice.replacing("default", with: "mq")
    #expect(try lint(Self.queue(right)) == [])
    #expect(try lint(Self.queue(slice)) == ["endpoints/other-namespace]"])
    #expect(try lint(Self.queue(noNamespace)) == ["endpoints/other-namespace]"])
    #expect(try lint(Self.queue(right), "discovery:\n  kubernetes: {}\n") == ["endpoints/slices-not-read]"])
    #expect(try lint(Self.queue(right), "discovery:\n  dns: {servers: [\"10.0.0.2:53\"]}\n") == [])
    // The controller gives this Service addresses; one of the slices may be another Service's.
    #expect(try lint(Self.queue(slice, selector: "selector: {app: queue}, ")) == [])
    #expect(try lint(Self.queue(slice) + "\n---\n" + Self.queue(right).split(separator: "---\n")[1]) == [])
    let made = slice.replacing(
      "{kub", with: "{endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io, kub")
    #expect(try lint(Self.queue(made)) == [])
    let endpoints = Self.queue(
      "subsets: [{addresses: [{ip: 10.180.4.62}], ports: [{name: http, port: 8080}]}]", kind: "Endpoints")
    #expect(try lint(endpoints, "discovery:\n  kubernetes: {}\n") == ["endpoints/other-namespace]"])

    let folder = try Folder(["objects.yaml": Self.queue(noNamespace), "config.yaml": "discovery:\n  kubernetes: {}\n"])
    let resolve = ["resolve", "mq/queue:http", "--from", "objects.yaml"]
    let ended = try gatecheck(resolve + ["--config", "config.yaml"], in: folder.path)
    #expect(
      ended.output.contains("the EndpointSlice queue, which names it, has no namespace [resolve/no-ready-address]"))
    #expect(ended.output.contains("write namespace: mq into it, and set watch_endpoint_slices: true"))
    try folder.write("objects.yaml", Self.queue(slice))
    #expect(try gatecheck(resolve, in: folder.path).output.contains("which names it, lies in namespace default ["))
  }

  @Test func whatIsNoStringIsWrittenInQuotes() throws {
    let text = """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: 123, namespace: 0123, labels: {version: 1.10, canary: yes, date: 2024-01-01, time: 12:30}}
      data: {a: "1", b: 1e3, c: null, d: 0b12, e: .5}
      """
    let folder = try Folder(["cm.yaml": text])
    #expect(try gatecheck("lint", "-q", "-o", "short", in: folder.path).output.split(separator: "\n").count == 6)
    #expect(try gatecheck("lint", "--fix", in: folder.path).status == 0)
    #expect(
      try folder.read("cm.yaml").hasSuffix(
        """
        metadata: {name: "123", namespace: "0123", labels: {version: "1.10", canary: "yes", date: 2024-01-01, time: 12:30}}
        data: {a: "1", b: "1e3", c: null, d: 0b12, e: ".5"}
        """))
    // kustomize writes the words of YAML 1.1 in quotes, and no numbers.
    let kustomized = try Self.lint(["cm.yaml": text, "kustomization.yaml": "resources: [cm.yaml]\nnamespace: 0123\n"])
    #expect(kustomized.count == 6 && !kustomized.contains { $0.contains("canary") })
    let secret = try Self.lint(
      ["s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: pin}\ndata: {pin: 1234}\n"], "--diff")
    #expect(secret == [])
    #expect(try Self.lint(["pack.yaml": "apiVersion: packs.example.com/v1\nkind: Pack\nmetadata: {name: 123}\n"]) == [])
  }
}
