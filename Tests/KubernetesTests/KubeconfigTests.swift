import Inputs
import JSON
import SourceText
import Testing

@testable import Kubernetes

private let files: [String: String] = [
  "/home/ada/.kube/config": """
  apiVersion: v1
  kind: Config
  current-context: dev
  clusters:
    - name: dev
      cluster:
        server: https://10.0.0.1:6443/
        certificate-authority: pki/../ca.crt
        tls-server-name: kubernetes
    - name: open
      cluster: {server: "https://10.0.0.2", insecure-skip-tls-verify: true, proxy-url: "socks5://127.0.0.1:1080"}
  users:
    - name: ada
      user: {client-certificate: ada.crt, client-key: /keys/ada.key}
    - name: robot
      user: {token: inline, tokenFile: robot.token}
  contexts:
    - name: dev
      context: {cluster: dev, user: ada, namespace: shop}
    - name: robot
      context: {cluster: open, user: robot}
    - name: ghost
      context: {cluster: dev, user: nobody}
  """,
  "/other": """
  current-context: other
  clusters: [{name: dev, cluster: {server: "https://192.0.2.1"}}, {name: extra, cluster: {server: "https://192.0.2.2"}}]
  contexts: [{name: extra, context: {cluster: extra}}]
  """,
  "/home/ada/.kube/ca.crt": "CA",
  "/home/ada/.kube/ada.crt": "CERT",
  "/keys/ada.key": "KEY",
  "/home/ada/.kube/robot.token": "from-file\n",
]

private func read(_ path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }

private func problem(_ text: String) -> KubeconfigError.Kind? {
  do throws(KubeconfigError) {
    _ = try Kubeconfig.parse(Array(text.utf8), file: "/home/ada/.kube/config").access(read: read)
    return nil
  } catch { return error.kind }
}

private func config(cluster: String = #"server: "https://a""#, user: String = "token: t") -> String {
  """
  current-context: c
  clusters: [{name: k, cluster: {\(cluster)}}]
  users: [{name: u, user: {\(user)}}]
  contexts: [{name: c, context: {cluster: k, user: u}}]
  """
}

@Suite struct KubeconfigTests {
  @Test func theCurrentContextWithItsFiles() throws {
    let config = try Kubeconfig.load(file: "/home/ada/.kube/config", read: read)
    let access = try config.access(read: read)
    #expect(access.context == "dev" && access.namespace == "shop")
    #expect(access.server == "https://10.0.0.1:6443")
    #expect(access.certificateAuthority == Array("CA".utf8) && access.tlsServerName == "kubernetes")
    #expect(access.clientCertificate == Array("CERT".utf8) && access.clientKey?.value == "KEY")
    #expect(access.token == nil)
  }

  @Test func aTokenFileWinsOverAToken() throws {
    let config = try Kubeconfig.load(file: "/home/ada/.kube/config", read: read)
    let access = try config.access(context: "robot", read: read)
    #expect(access.token?.value == "from-file")
    #expect(access.insecureSkipTLSVerify && access.proxyURL == "socks5://127.0.0.1:1080")
    // The token stands in where the file cannot be read.
    let without = try config.access(context: "robot") { $0.hasSuffix(".token") ? nil : read($0) }
    #expect(without.token?.value == "inline")
  }

  @Test func aListIsMergedAndTheFirstWins() throws {
    let config = try Kubeconfig.load(list: "/missing::/home/ada/.kube/config:/other:/other", read: read)
    #expect(config.currentContext == "dev")
    #expect(config.clusters.map(\.name) == ["dev", "open", "extra"])
    #expect(config.clusters[0].server == "https://10.0.0.1:6443/")
    #expect(config.contexts.map(\.name) == ["dev", "robot", "ghost", "extra"])
    #expect(try Kubeconfig.load(list: "/missing", read: read).isEmpty)
  }

  /// kubectl asks a plain http server as nobody; whether a token may go there is for whoever sends it.
  @Test(arguments: ["http://a:8080", "a:8080", "a:8080/"])
  func noCertificateForAServerWithoutTLS(server: String) throws {
    let text = config(cluster: "server: \"\(server)\", certificate-authority: ca.crt")
    let access = try Kubeconfig.parse(Array(text.utf8), file: "/home/ada/.kube/config").access(read: read)
    #expect(access.server == "http://a:8080" && access.clientCertificate == nil && access.clientKey == nil)
  }

  @Test func aContextMayNameAUserThatIsNotThere() throws {
    let access = try Kubeconfig.load(file: "/home/ada/.kube/config", read: read).access(context: "ghost", read: read)
    #expect(access.token == nil && access.clientCertificate == nil && access.username == nil && access.exec == nil)
  }

  @Test func anExecPlugin() throws {
    let text = config(
      cluster: #"""
        server: "https://a", certificate-authority-data: Q0E=,
        extensions: [{name: client.authentication.k8s.io/exec, extension: {region: eu}}]
        """#,
      user: """
        exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/get, args: [-x, "1"],
        env: [{name: A, value: b}], interactiveMode: Never, provideClusterInfo: true, installHint: install it}
        """)
    let access = try Kubeconfig.parse(Array(text.utf8), file: "/home/ada/.kube/config").access(read: read)
    let exec = try #require(access.exec)
    #expect(exec.command == "/home/ada/.kube/bin/get" && exec.arguments == ["-x", "1"])
    #expect(exec.environment == [ExecPlugin.Variable(name: "A", value: "b")] && exec.installHint == "install it")
    #expect(
      exec.input(interactive: false, access: access) == [
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "spec": [
          "cluster": ["server": "https://a", "certificate-authority-data": "Q0E=", "config": ["region": "eu"]],
          "interactive": false,
        ],
      ])
  }

  @Test(arguments: [
    (
      "server: \"https://a\", certificate-authority: ca.crt, insecure-skip-tls-verify: true", "token: t",
      KubeconfigError.Kind.authorityWithInsecure(cluster: "k")
    ),
    (
      "server: \"https://a\", certificate-authority: ca.crt, certificate-authority-data: Q0E=", "token: t",
      .bothSpecified(data: "certificate-authority-data", file: "certificate-authority", of: "k")
    ),
    (
      "server: \"https://a\", certificate-authority: no.crt", "token: t",
      .unreadable(field: "certificate-authority", of: "k", path: "/home/ada/.kube/no.crt")
    ),
    (
      "server: \"https://a\", certificate-authority-data: \"*\"", "token: t",
      .badBase64(path: "kubeconfig.clusters[0].cluster.certificate-authority-data")
    ),
    ("server: \"\"", "token: t", .noServer(cluster: "k")),
    ("server: \"https://\"", "token: t", .badServer("https://")),
    ("server: \"ftp://a\"", "token: t", .badServer("ftp://a")),
    ("server: \"https://a\", proxy-url: \"ftp://x:pass@p\"", "token: t", .badProxy("***@p", cluster: "k")),
    (
      "server: 1", "token: t",
      .wrongType(path: "kubeconfig.clusters[0].cluster.server", expected: "a string (quote it)")
    ),
    (
      "server: \"https://a\"", "token: 1e3",
      .wrongType(path: "kubeconfig.users[0].user.token", expected: "a string (quote it)")
    ),
    (
      "server: \"https://a\"", "token: t, username: a, password: b",
      .severalMethods(["token", "username and password"], user: "u")
    ),
    ("server: \"https://a\"", "client-certificate: ada.crt", .certificateWithoutKey(user: "u")),
    (
      "server: \"https://a\"", "tokenFile: none",
      .unreadable(field: "tokenFile", of: "u", path: "/home/ada/.kube/none")
    ),
    ("server: \"https://a\"", "auth-provider: {name: gcp}", .authProvider("gcp", user: "u")),
    ("server: \"https://a\"", "as-groups: [g]", .impersonationWithoutUser(user: "u")),
    ("server: \"https://a\"", "exec: {apiVersion: client.authentication.k8s.io/v1}", .exec(.noCommand, user: "u")),
    ("server: \"https://a\"", "exec: {command: x}", .exec(.noAPIVersion, user: "u")),
    (
      "server: \"https://a\"", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1}",
      .exec(.noInteractiveMode, user: "u")
    ),
    (
      "server: \"https://a\"", "exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}",
      .exec(.unknownAPIVersion("client.authentication.k8s.io/v1alpha1"), user: "u")
    ),
  ])
  func whatIsRefused(cluster: String, user: String, kind: KubeconfigError.Kind) {
    #expect(problem(config(cluster: cluster, user: user)) == kind)
  }

  @Test func whatIsNotThere() {
    #expect(problem("") == .empty)
    #expect(problem("kind: Pod") == .notAKubeconfig(kind: "Pod"))
    #expect(problem("current-context: x") == .unknownContext("x", contexts: []))
    #expect(problem("contexts: [{name: a, context: {}}]") == .noCurrentContext(contexts: ["a"]))
    #expect(
      problem("{current-context: a, contexts: [{name: a, context: {cluster: z}}]}")
        == .unknownCluster("z", context: "a"))
    #expect(problem("clusters: [{name: a}, {name: a}]") == .duplicateName(list: "clusters", name: "a"))
    #expect(throws: KubeconfigError.self) { try Kubeconfig.load(file: "/missing", read: read) }
    #expect(throws: KubeconfigError.self) { try Kubeconfig.parse(Array("a: [".utf8), file: "x") }
  }

  @Test func anErrorNamesItsPlace() throws {
    let text = "clusters:\n- name: a\n- name: a\n"
    do throws(KubeconfigError) {
      _ = try Kubeconfig.parse(Array(text.utf8), file: "x")
      Issue.record("it is refused")
    } catch {
      #expect(error.place?.range.start.line == 3)
      #expect(error.message == "clusters has two entries named \"a\"")
    }
  }

  @Test func insideACluster() throws {
    let folder = "/var/run/secrets/kubernetes.io/serviceaccount"
    let pod = ["\(folder)/token": "t\n", "\(folder)/ca.crt": "CA", "\(folder)/namespace": "shop\n"]
    let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
    let access = try ClusterAccess.inCluster(environment: { environment[$0] }, read: { pod[$0].map { Array($0.utf8) } })
    #expect(access.server == "https://[fd00::1]:443" && access.namespace == "shop")
    #expect(access.token?.value == "t" && access.certificateAuthority == Array("CA".utf8))
    #expect(throws: KubeconfigError.self) {
      try ClusterAccess.inCluster(environment: { environment[$0] }, read: { _ in nil })
    }
    #expect(throws: KubeconfigError.self) { try ClusterAccess.inCluster(environment: { _ in nil }, read: { _ in [] }) }
  }
}

@Suite struct ExecCredentialTests {
  private func credential(_ text: String) throws(ExecCredential.Problem) -> ExecCredential {
    try ExecCredential(Array(text.utf8), expecting: "client.authentication.k8s.io/v1")
  }

  @Test func aToken() throws {
    let credential = try credential(
      """
      {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
       "status":{"token":"t","expirationTimestamp":"2026-11-23T00:58:44Z"}}
      """)
    #expect(credential.token?.value == "t" && credential.expiresAt == 1_795_395_524)
  }

  @Test(arguments: [
    ("", ExecCredential.Problem.notJSON), ("<html>", .notJSON), (#"{"kind":"Status"}"#, .wrongKind("Status")),
    (
      #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}"#,
      .wrongVersion("client.authentication.k8s.io/v1beta1", expected: "client.authentication.k8s.io/v1")
    ),
    (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}"#, .noStatus),
    (#"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}"#, .noCredential),
    (
      #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"k"}}"#,
      .certificateWithoutKey
    ),
    (
      #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t","expirationTimestamp":"soon"}}"#,
      .badTime("soon")
    ),
  ])
  func whatIsRefused(output: String, problem: ExecCredential.Problem) {
    #expect(throws: problem) { try credential(output) }
  }
}
