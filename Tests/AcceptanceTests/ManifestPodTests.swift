import TestSupport
import Testing

/// The pods of an installation: their account, and where its token lies.
@Suite struct ManifestPodTests {
  private static func pods(
    _ account: String = "apisix", bound: String = "default", config: String = "{}", more: String = ""
  )
    -> String
  {
    """
    \(Installation.account.replacing("{name: apisix}", with: "{name: apisix, namespace: apisix}"))---
    \(Installation.role)---
    \(Installation.binding.replacing("name: apisix}]", with: "name: \(bound), namespace: apisix}]"))---
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
    let wrong = try Installation.lint(["apisix.yaml": Self.pods()])
    #expect(wrong.count == 1)
    #expect(
      wrong[0].hasSuffix(
        "error: the pods run as ServiceAccount apisix/apisix, which no binding here names; ClusterRoleBinding apisix "
          + "names apisix/default [rbac/pod-account]"))
    #expect(try Installation.lint(["apisix.yaml": Self.pods(bound: "apisix")]) == [])
    #expect(try Installation.lint(["apisix.yaml": Self.pods("default")]) == [])
    #expect(try Installation.lint(["apisix.yaml": Self.pods("\"{{ .Values.account }}\"")]) == [])
    // Another cluster's API server, and a token of its own, make the pod's account no matter.
    #expect(try Installation.lint(["apisix.yaml": Self.pods(config: "{service: {host: api.example.com}}")]) == [])
    #expect(try Installation.lint(["apisix.yaml": Self.pods(config: "{client: {token: \"${K8S_TOKEN}\"}}")]) == [])
    #expect(
      try Installation.lint(["apisix.yaml": Self.pods().replacing("apache/apisix:", with: "apache/apisix-dashboard:")])
        == [])
    #expect(
      try Installation.lint([
        "apisix.yaml": Self.pods().replacing("kubernetes: {}", with: "dns: {servers: [\"10.0.0.2:53\"]}")
      ])
        == [])
  }

  @Test func thePodsOfAnOverlayRunAsTheAccountThatIsBound() throws {
    let deployment = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: apisix}
      spec: {template: {spec: {serviceAccountName: apisix, containers: [{name: apisix, image: apache/apisix:3.9.0}]}}}
      """
    var files = Installation.below("base", Installation.base)
    files["base/deployment.yaml"] = deployment
    files["base/config.yaml"] = "discovery:\n  kubernetes: {}\n"
    files["base/kustomization.yaml"] = Installation.resources.replacing("]", with: ", deployment.yaml]")
    files["overlays/dev/kustomization.yaml"] = "namespace: dev\nresources: [../../base]\n"
    #expect(try Installation.lint(files) == [])
    files["base/deployment.yaml"] = deployment.replacing("serviceAccountName: apisix, ", with: "")
    let lines = try Installation.lint(files)
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
    #expect(try Installation.lint(files) == [])
  }

  @Test func theTokenLiesWhereTheConfigurationReadsIt() throws {
    let off = "      automountServiceAccountToken: false"
    let message = "automountServiceAccountToken: false: there is none [manifest/token-not-mounted]"
    let none = try Installation.lint(["apisix.yaml": Self.pods(bound: "apisix", more: off)])
    #expect(none.count == 1 && none[0].hasSuffix("the pod has \(message)"))
    let account = Self.pods(bound: "apisix").replacing(
      "namespace: apisix}\n---", with: "namespace: apisix}\nautomountServiceAccountToken: false\n---",
      maxReplacements: 1)
    let byAccount = try Installation.lint(["apisix.yaml": account])
    #expect(byAccount.count == 1 && byAccount[0].hasSuffix("ServiceAccount apisix has \(message)"))
    let on = account.replacing("      containers:", with: "      automountServiceAccountToken: true\n      containers:")
    #expect(try Installation.lint(["apisix.yaml": on]) == [])

    func projected(_ file: String, at path: String = "/var/run/secrets/tokens") throws -> [String] {
      let volume = """
                  volumeMounts: [{name: token, mountPath: \(path)}]
              volumes:
                - name: token
                  projected: {sources: [{serviceAccountToken: {path: apisix, expirationSeconds: 7200}}]}
        """
      return try Installation.lint([
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

  /// Without a configuration in sight it may be right: a note.
  @Test func thePodsOfAnInstallationWithoutItsConfiguration() throws {
    let all = Self.pods(bound: "apisix-reader")
    let pods = String(all[..<(all.firstRange(of: "---\napiVersion: v1\nkind: ConfigMap")?.lowerBound ?? all.endIndex)])
    let found = try Installation.lint(["apisix.yaml": pods])
    #expect(
      found.count == 1
        && found[0].hasSuffix(
          "note: the pods run as ServiceAccount apisix/apisix, which no binding here names; ClusterRoleBinding apisix "
            + "names apisix/apisix-reader [rbac/pod-account]")
    )
    let secret = Installation.secret.replacing("name: apisix}", with: "name: apisix-reader}")
      .replacing("name: apisix-token", with: "name: apisix-token\n  namespace: apisix")
    let reader = Installation.account.replacing("{name: apisix}", with: "{name: apisix-reader, namespace: apisix}")
    for right in [
      pods.replacing(
        "- name: gateway",
        with:
          "- env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: reader, key: token}}}]\n          name: gateway"),
      pods + "---\n" + secret + "---\n" + reader, pods.replacing("apache/apisix:", with: "apache/apisix-dashboard:"),
      pods.replacing("name: apisix-reader, namespace: apisix}", with: "name: apisix-reader, namespace: edge}"),
      pods.replacing("name: apisix-reader, namespace: apisix}", with: "name: apisix, namespace: apisix}"),
    ] { #expect(try Installation.lint(["apisix.yaml": right]) == []) }
    let elsewhere = pods.replacing("resources: [endpoints]", with: "resources: [secrets]")
    #expect(try Installation.lint(["apisix.yaml": elsewhere]) == [])
  }
}
