import TestSupport
import Testing

/// Pods, their accounts and their tokens.
extension ManifestSilenceTests {
  static func pods(
    _ map: String = "gateway", tokenFile: String = "/etc/tok/token", mounted: String = "gateway", spec: String = "",
    path: String = "/etc/tok", volume: String = "emptyDir: {}", annotations: String = ""
  ) -> String {
    config(map, tokenFile) + """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: \(mounted), namespace: edge}
      spec:
        template:
          metadata: {labels: {app: apisix}\(annotations)}
          spec:
            serviceAccountName: apisix\(spec)
            containers:
            - name: apisix
              image: apache/apisix:3.9.0-debian
              volumeMounts:
              - {name: conf, mountPath: /usr/local/apisix/conf/config.yaml, subPath: config.yaml}
              - {name: extra, mountPath: \(path)}
            volumes:
            - {name: conf, configMap: {name: \(mounted)}}
            - {name: extra, \(volume)}

      """
  }

  static func config(_ map: String, _ tokenFile: String) -> String {
    """
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: \(map), namespace: edge}
    data:
      config.yaml: |
        discovery:
          kubernetes:
            service: {host: "${KUBERNETES_SERVICE_HOST}", port: "${KUBERNETES_SERVICE_PORT}"}
            client: {token_file: \(tokenFile)}
    ---

    """
  }

  static let own = "/var/run/secrets/kubernetes.io/serviceaccount"

  @Test(arguments: [
    "secret: {secretName: reader-token}", "hostPath: {path: /etc/tok}", "csi: {driver: secrets-store.csi.k8s.io}",
    "projected: {sources: [{secret: {name: reader-token}}]}",
  ])
  func aMountedTokenIsOfWhomeverItIs(volume: String) throws {
    let rbac = Self.role() + "---\n" + Self.binding("reader") + "---\n"
    #expect(try Self.rules(["all.yaml": rbac + Self.pods(volume: volume)]) == [])
    let over = Self.pods(
      tokenFile: Self.own + "/token", spec: "\n      automountServiceAccountToken: false", path: Self.own,
      volume: volume)
    #expect(try Self.rules(["all.yaml": rbac + over]) == [])
    let account = "projected: {sources: [{serviceAccountToken: {path: token}}]}"
    #expect(try Self.rules(["all.yaml": rbac + Self.pods(volume: account)]) == ["rbac/pod-account"])
    #expect(
      try Self.rules(["all.yaml": rbac + Self.pods(tokenFile: Self.own + "/token", volume: volume)])
        == ["rbac/pod-account"])
  }

  @Test func theConfigMapThatThePodsMountCounts() throws {
    let off = "\n      automountServiceAccountToken: false"
    let first = Self.pods(tokenFile: Self.own + "/token")
    let token = "projected: {sources: [{serviceAccountToken: {path: token}}]}"
    let second = Self.pods("other", mounted: "other", spec: off, volume: token)
    #expect(try Self.rules(["all.yaml": first + "---\n" + second]) == [])
    #expect(try Self.rules(["one.yaml": first, "two.yaml": second]) == [])
    // The one that is mounted is not in sight.
    let unseen = Self.pods(tokenFile: Self.own + "/token", mounted: "unseen", spec: off)
    #expect(try Self.rules(["all.yaml": first + "---\n" + unseen]) == [])
    #expect(
      try Self.rules(["all.yaml": Self.pods(tokenFile: Self.own + "/token", spec: off)])
        == ["manifest/token-not-mounted"])
  }

  @Test func anotherFolderAndNamespaceIsAnotherInstallation() throws {
    let rbac = Self.role() + "---\n" + Self.binding("reader", "dev")
    let pods = Self.pods(tokenFile: Self.own + "/token")
    #expect(try Self.rules(["dev/rbac.yaml": rbac, "prod/apisix.yaml": pods]) == [])
  }

  @Test func aTokenForAnotherServiceIsNotTheOneThatIsRead() throws {
    let vault = "projected: {sources: [{serviceAccountToken: {path: token, audience: vault}}]}"
    let plain = "projected: {sources: [{serviceAccountToken: {path: token}}]}"
    func rules(_ file: String, _ volume: String, annotations: String = "") throws -> [String] {
      try Self.rules([
        "all.yaml": Self.pods(tokenFile: file, path: "/var/run/secrets/x", volume: volume, annotations: annotations)
      ])
    }
    #expect(try rules("/etc/remote/token", vault) == [])
    #expect(try rules("/etc/remote/token", plain) == ["manifest/token-path"])
    #expect(try rules("/vault/secrets/token", plain) == [])
    let injected = ", annotations: {vault.hashicorp.com/agent-inject: \"true\"}"
    #expect(try rules("/etc/remote/token", plain, annotations: injected) == [])
  }

  @Test func aTokenIsHeldAgainstTheBindingsOfItsOwnEnvironment() throws {
    let token =
      "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZp"
      + "Y2VhY2NvdW50OmRldjphcGlzaXgifQ." + String(repeating: "c2ln", count: 85) + "c2"
    let dev = "discovery:\n  kubernetes:\n    service: {host: 10.0.0.2}\n    client: {token: \(token)}\n"
    let rbac = Self.role() + "---\n" + Self.binding("apisix", "prod")
    func rules(_ files: [String: String]) throws -> Bool {
      try Self.rules(files.merging(["dev/config.yaml": dev]) { $1 }).contains("rbac/token-subject")
    }
    #expect(try !rules(["prod/rbac.yaml": rbac, "prod/config.yaml": "discovery:\n  kubernetes: {}\n"]))
    #expect(try rules(["dev/rbac.yaml": rbac]))
  }
}
