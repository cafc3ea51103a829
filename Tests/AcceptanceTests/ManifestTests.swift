import TestSupport
import Testing

/// Manifests of one installation, as users have them: kustomize, and several environments.
@Suite struct ManifestTests {
  @Test(arguments: ["namespace: apisix\n", "namespace: \"0123\"\n", ""])
  func aKustomizationMayFillNamespacesIn(namespace: String) throws {
    #expect(
      try Installation.lint(
        Installation.base.merging(["kustomization.yaml": namespace + Installation.resources]) { $1 }) == [])
    let overlay = [
      "overlays/prod/kustomization.yml": namespace + "resources: [../../base]\n",
      "base/Kustomization": "kind: Kustomization\n" + Installation.resources,
    ]
    #expect(try Installation.lint(Installation.below("base", Installation.base).merging(overlay) { $1 }) == [])
  }

  @Test func aKustomizationOfOtherFilesFillsNothingIn() throws {
    let lines = try Installation.lint(
      Installation.below("apisix", Installation.base).merging(["shop/kustomization.yaml": "resources: [web.yaml]\n"]) {
        $1
      })
    #expect(lines.count == 1 && lines[0].hasSuffix("[rbac/subject-namespace-missing]"))
  }

  @Test func aKustomizationThatIsNotInTheRunCountsAsWell() throws {
    let files = Installation.base.merging(["kustomization.yaml": "namespace: apisix\n" + Installation.resources]) { $1 }
    #expect(try Installation.lint(files, "crb.yaml") == [])
    #expect(try Installation.lint(Installation.base, "crb.yaml").count == 1)
  }

  @Test func aPrefixRenamesTheAccountAndNotTheAnnotation() throws {
    let prefix = "namePrefix: prod-\nnameSuffix: -v2\nnamespace: apisix\n" + Installation.resources
    #expect(
      try Installation.lint(Installation.base.merging(["kustomization.yaml": prefix]) { $1 }) == [
        "secret.yaml:5:53: error: kustomization.yaml renames ServiceAccount apisix to prod-apisix-v2, and leaves this "
          + "annotation as it is [secret/account-not-found]"
      ])
    let named = Installation.base.merging([
      "kustomization.yaml": prefix,
      "secret.yaml": Installation.secret.replacing("account.name: apisix", with: "account.name: prod-apisix-v2"),
    ]) { $1 }
    #expect(try Installation.lint(named) == [])
    for more in ["patches: [{path: secret-patch.yaml}]\n", "components: [../prefix]\n", "vars: [{name: ACCOUNT}]\n"] {
      #expect(try Installation.lint(Installation.base.merging(["kustomization.yaml": prefix + more]) { $1 }) == [])
    }
  }

  @Test func aRoleBindingGrantsInItsOwnNamespace() throws {
    let text = Installation.binding.replacing(
      "ClusterRoleBinding\nmetadata: {name: apisix}", with: "RoleBinding\nmetadata: {name: app, namespace: default}"
    )
    .replacing("apisix", with: "app")
    #expect(try Installation.lint(["rb.yaml": text]) == [])
    let account = Installation.account.replacing("{name: apisix}", with: "{name: app, namespace: default}")
    #expect(try Installation.lint(["rb.yaml": text + "---\n" + account]) == [])
  }

  @Test func aNamespaceThatIsANumberIsWrittenInQuotes() throws {
    let account = Installation.account.replacing("{name: apisix}", with: "{name: apisix, namespace: \"0123\"}")
    let binding = Installation.binding.replacing("name: apisix}]", with: "name: apisix, namespace: default}]")
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
    let dev = Installation.below("envs/dev", Self.environment("dev", slices: true))
    let prod = Installation.below("envs/prod", Self.environment("prod", slices: false))
    #expect(try Installation.lint(dev.merging(prod) { $1 }, "--apisix-version", "3.17") == [])
    let mixed = dev.merging(prod) { $1 }.merging(
      ["envs/dev/routes/apisix.yaml": Self.environment("x", slices: false)["routes/apisix.yaml"] ?? ""]) { $1 }
    #expect(
      try Installation.lint(mixed, "--apisix-version", "3.17") == [
        "envs/dev/routes/apisix.yaml:3:50: error: discovery dns is not enabled: envs/dev/conf/config.yaml has only "
          + "consul, kubernetes [discovery-type/not-enabled]"
      ])
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
    let kustomized = try Installation.lint([
      "cm.yaml": text, "kustomization.yaml": "resources: [cm.yaml]\nnamespace: 0123\n",
    ])
    #expect(kustomized.count == 6 && !kustomized.contains { $0.contains("canary") })
    let secret = try Installation.lint(
      ["s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: pin}\ndata: {pin: 1234}\n"], "--diff")
    #expect(secret == [])
    #expect(
      try Installation.lint(["pack.yaml": "apiVersion: packs.example.com/v1\nkind: Pack\nmetadata: {name: 123}\n"])
        == [])
  }
}
