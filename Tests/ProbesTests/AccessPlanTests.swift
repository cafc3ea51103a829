import APISIX
import Common
import Findings
import HTTP
import Inputs
import Kubernetes
import Lint
import Registries
import Testing

@testable import Probes

/// Whose identity, which server and which CA: the orders of precedence, on files that are only in memory.
@Suite struct AccessPlanTests {
  static let config = """
    apisix:
      ssl:
        ssl_trusted_certificate: /etc/trusted.pem
    discovery:
      kubernetes:
        service: {host: "${KUBE_HOST}", port: "6443"}
        client: {token_file: /run/token}
    """
  static let several = """
    discovery:
      kubernetes:
        - {id: a, service: {host: a.example, port: "6443"}, client: {token: token-of-cluster-a}}
        - {id: b, service: {host: b.example, port: "6443"}, client: {token: token-of-cluster-b}}
    """
  static let kubeconfig = """
    apiVersion: v1
    kind: Config
    current-context: c
    contexts: [{name: c, context: {cluster: k, user: u}}]
    clusters: [{name: k, cluster: {server: "https://10.0.0.1:6443", certificate-authority-data: S1VCRUNBCg==}}]
    users: [{name: u, user: {token: token-of-the-kubeconfig}}]
    """
  static let files = [
    "config.yaml": config, "several.yaml": several, "kube.yaml": kubeconfig, "/run/token": "token-of-the-file\n",
    "/run/ca.crt": "FILECA", "/etc/trusted.pem": "TRUSTED", "ca.pem": "FLAGCA", "my.token": "token-of-the-flag",
    "/home/u/.kube/config": kubeconfig,
  ]

  private func plan(
    _ environment: [String: String] = ["KUBE_HOST": "10.0.0.1"], files: [String: String] = files,
    _ set: (inout AccessOptions) -> Void
  ) -> AccessPlan {
    var options = AccessOptions()
    set(&options)
    return options.plan(
      in: Context(environment: environment, now: { 0 }) { path, _ throws(FileError) in
        guard let text = files[path] else { throw FileError(.notFound, path: path, reason: "no such file") }
        return Array(text.utf8)
      })
  }

  private func ca(_ plan: AccessPlan) -> String? {
    if case .pem(let bytes)? = plan.targets.first?.endpoint.tls.authorities {
      return String(decoding: bytes, as: UTF8.self)
    }
    return nil
  }

  /// What Kubernetes mounts into a pod is not there to be written.
  @Test(arguments: [
    ("/var/run/secrets/kubernetes.io/serviceaccount/token", false), ("/run/secrets/apisix/token", false),
    ("/host/var/run/secrets/kubernetes.io/serviceaccount/token", false), ("/nowhere/token", true),
  ])
  func noCommandWritesIntoAMount(path: String, isHome: Bool) {
    #expect((Target.TokenHome(file: path) != nil) == isHome)
  }

  @Test func configGivesServerTokenAndCA() {
    let plan = plan { $0.config = "config.yaml" }
    #expect(plan.findings == [])
    #expect(plan.targets.first?.endpoint.server == "https://10.0.0.1:6443")
    #expect(plan.targets.first?.token?.sent == Secret("token-of-the-file"))
    #expect(ca(plan) == "TRUSTED")
  }

  @Test func caIsTheFlagsThenTheKubeconfigsThenTheConfigsThenTheTokens() {
    #expect(
      ca(
        plan {
          $0.config = "config.yaml"
          $0.kubeconfig = "kube.yaml"
          $0.certificateAuthority = "ca.pem"
        }) == "FLAGCA")
    #expect(
      ca(
        plan {
          $0.config = "config.yaml"
          $0.kubeconfig = "kube.yaml"
        }) == "KUBECA\n")
    #expect(
      ca(
        plan(["KUBE_HOST": "10.0.0.2"]) {
          $0.config = "config.yaml"
          $0.kubeconfig = "kube.yaml"
        }) == "TRUSTED")
    var files = Self.files
    files["/etc/trusted.pem"] = nil
    #expect(ca(plan(["KUBE_HOST": "10.0.0.2"], files: files) { $0.config = "config.yaml" }) == "FILECA")
  }

  @Test func theConfigsIdentityWinsOverTheVariable() {
    let plan = plan(["KUBE_HOST": "10.0.0.1", "GATECHECK_TOKEN": "token-of-the-variable"]) {
      $0.config = "config.yaml"
    }
    #expect(plan.targets.first?.token?.sent == Secret("token-of-the-file"))
    #expect(plan.notices.contains { $0.contains("GATECHECK_TOKEN is ignored") })
  }

  @Test func flagsOverrideTheConfig() {
    let plan = plan {
      $0.config = "config.yaml"
      $0.server = "https://other.example:443/"
      $0.tokenFile = "my.token"
    }
    #expect(plan.targets.first?.endpoint.server == "https://other.example:443")
    #expect(plan.targets.first?.token?.sent == Secret("token-of-the-flag"))
  }

  @Test func theVariableWinsOverTheKubeconfig() {
    let plan = plan(["GATECHECK_TOKEN": "token-of-the-variable"]) { $0.kubeconfig = "kube.yaml" }
    #expect(plan.targets.first?.token?.sent == Secret("token-of-the-variable"))
    #expect(plan.targets.first?.endpoint.server == "https://10.0.0.1:6443")
  }

  @Test func homesKubeconfigIsTheLastResort() {
    let plan = plan(["HOME": "/home/u"]) { _ in }
    #expect(plan.targets.first?.serverOrigin == "~/.kube/config")
    #expect(plan.targets.first?.token?.sent == Secret("token-of-the-kubeconfig"))
  }

  @Test func aCredentialNobodyNamedDoesNotGoToAnotherServer() {
    let plan = plan(["HOME": "/home/u"]) { $0.server = "https://10.9.9.9:6443" }
    #expect(plan.targets.first?.endpoint.credential == nil)
  }

  @Test func unsetVariable() {
    let plan = plan([:]) { $0.config = "config.yaml" }
    #expect(plan.findings.map(\.rule.id) == ["config/unset-variable"])
    #expect(plan.targets.isEmpty)
  }

  @Test func variablesOfFlagsAreTheOnlyOnes() {
    let plan = plan {
      $0.config = "config.yaml"
      $0.variables = ["KUBE_HOST": "10.7.7.7"]
    }
    #expect(plan.targets.first?.endpoint.server == "https://10.7.7.7:6443")
  }

  @Test func severalClusters() {
    #expect(plan { $0.config = "several.yaml" }.targets.map(\.id) == ["a", "b"])
    #expect(
      plan {
        $0.config = "several.yaml"
        $0.cluster = "b"
      }.targets.map(\.endpoint.server) == ["https://b.example:6443"])
    #expect(
      plan {
        $0.config = "several.yaml"
        $0.cluster = "c"
      }.findings.map(\.rule.id) == ["config/unknown-cluster"])
    #expect(
      plan {
        $0.config = "several.yaml"
        $0.tokenFile = "my.token"
      }.findings.map(\.rule.id) == ["config/several-clusters"])
  }

  @Test func usualConfigIsFoundAndTold() {
    let plan = plan { $0.looksForConfig = true }
    #expect(plan.notices == ["using config.yaml"])
    #expect(plan.targets.count == 1)
  }

  @Test func whatIsMissingIsTold() {
    #expect(plan([:]) { $0.tokenFile = "my.token" }.findings.map(\.rule.id) == ["connect/no-server"])
    #expect(
      plan(["KUBECONFIG": "/none/config"]) { $0.takesConfig = true }.findings.map(\.help) == [
        "KUBECONFIG names /none/config, which cannot be read; give --config FILE, or --server https://HOST:PORT"
      ])
    #expect(
      plan([:], files: [:]) { _ in }.findings.map(\.help) == ["give --kubeconfig FILE, or --server https://HOST:PORT"])
    #expect(plan { $0.config = "nowhere.yaml" }.findings.map(\.rule.id) == ["input/not-found"])
    #expect(plan { $0.kubeconfig = "nowhere.yaml" }.findings.map(\.rule.id) == ["kubeconfig/invalid"])
    #expect(
      plan(files: ["e.yaml": "apisix: {}\n"]) { $0.config = "e.yaml" }.findings.map(\.rule.id) == [
        "config/no-kubernetes"
      ])
    #expect(
      plan {
        $0.server = "https://user:password@10.0.0.1:6443"
      }.findings.map(\.rule.id) == ["connect/invalid-server"])
  }

  @Test func numberAsPortIsToldAndAskedAllTheSame() {
    let config = """
      discovery:
        kubernetes:
          service: {host: 10.0.0.1, port: 6443}
          client: {token: token-in-the-config}
      """
    let plan = plan(files: ["c.yaml": config]) { $0.config = "c.yaml" }
    #expect(plan.findings.map(\.rule.id) == ["config/refused"])
    #expect(plan.targets.first?.endpoint.server == "https://10.0.0.1:6443")
  }

  @Test func tokensAreTrimmedAsTheReleaseTrims() {
    func sent(_ release: Release) -> Secret? {
      GivenToken(Array(" a b\n".utf8), source: .file, release: release).sent
    }
    #expect(sent(Release(3, 18)) == Secret("a b"))
    #expect(sent(Release(3, 2)) == Secret("ab"))
    #expect(GivenToken(Array("a\nb".utf8), source: .file, release: .newest).sent == nil)
  }

  /// A kubeconfig is read once for all that ask, and anew where it changed.
  @Test func aKubeconfigThatChanges() throws {
    let known = KnownKubeconfigs()
    for name in ["c", "c", "other"] {
      let text = Self.kubeconfig.replacing("name: c,", with: "name: \(name),")
      #expect(try known.parsed(Array(text.utf8), file: "kube.yaml").contexts.map(\.name) == [name])
    }
    #expect(throws: KubeconfigError.self) { try known.parsed(Array("a: [".utf8), file: "kube.yaml") }
  }
}
