import Foundation
import TestSupport
import Testing

/// Findings that need an answer or an input of their own, each as a user meets it.
@Suite struct RareRuleTests {
  private static let endpoints = """
    {"kind": "Endpoints", "apiVersion": "v1", "metadata": {"name": "cms", "namespace": "default"},
     "subsets": [{"addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "http", "port": PORT}]}]}
    """

  private func endpoints(port: some BinaryInteger) -> String {
    Self.endpoints.replacingOccurrences(of: "PORT", with: "\(port)")
  }

  @Test func aPortWithoutAnAddressHasAnEmptyListOfNodes() throws {
    let folder = try Folder([
      "endpoints.json": endpoints(port: 80).replacingOccurrences(of: "{\"ip\": \"127.0.0.1\"}", with: "")
    ])
    let ended = try gatecheck("resolve", "default/cms:http", "--from", "endpoints.json", "-o", "json", in: folder.path)
    #expect(ended.rules.first == "resolve/empty-nodes" && ended.status == 1)
  }

  @Test func aLabelSelectorThatTheServerRefusesIsTold() throws {
    let folder = try Folder([
      "endpoints.json": endpoints(port: 80), "config.yaml": "discovery: {kubernetes: {label_selector: a=b=c}}\n",
    ])
    let ended = try gatecheck(
      "resolve", "default/cms:http", "--from", "endpoints.json", "--config", "config.yaml", "-o", "json",
      in: folder.path)
    #expect(ended.rules.first == "resolve/label-selector" && ended.status == 1)
  }

  @Test func upstreamsOfAnotherRegistryAreCounted() throws {
    let folder = try Folder([
      "endpoints.json": endpoints(port: 80),
      "config.yaml": "discovery: {kubernetes: {}, nacos: {host: [\"http://127.0.0.1:8848\"]}}\n",
      "apisix.yaml": """
      upstreams:
        - {id: a, service_name: X, discovery_type: nacos}
      routes:
        - {uri: /x, upstream_id: a}
      #END
      """,
    ])
    let ended = try gatecheck(
      "resolve", "--referenced", "apisix.yaml", "--from", "endpoints.json", "--config", "config.yaml", in: folder.path)
    #expect(ended.output.contains("1 upstream with discovery_type nacos: not asked [resolve/other-registry]"))
    #expect(ended.status == 0)
  }

  // MARK: Handshakes

  @Test func aNodeThatSpeaksNoTLSIsTold() throws {
    let server = try StubServer { _ in .init() }
    defer { server.stop() }
    let folder = try Folder(["endpoints.json": endpoints(port: server.port)])
    let ended = try gatecheck(
      "resolve", "default/cms:http", "--from", "endpoints.json", "--probe=tls", "-o", "json", in: folder.path)
    #expect(ended.rules == ["resolve/node-tls"] && ended.status == 1)
  }

  @Test(
    .enabled(if: (try? bash("openssl version").status == 0) ?? false, "needs openssl"))
  func aNodeWhoseCertificateDoesNotVerifyIsTold() throws {
    let folder = try Folder([
      "serve.py": """
      import socket, ssl
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain("cert.pem", "key.pem")
      listener = socket.create_server(("127.0.0.1", 0))
      open("port.new", "w").write(str(listener.getsockname()[1]))
      __import__("os").rename("port.new", "port")
      # Ends by itself: signals are blocked in what a test starts.
      listener.settimeout(5)
      for _ in range(4):
          try:
              context.wrap_socket(listener.accept()[0], server_side=True)
          except OSError:
              pass
      """,
      "endpoints.in": Self.endpoints,
      "run.sh": """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=node \
        -keyout key.pem -out cert.pem 2>/dev/null
      python3 serve.py </dev/null >/dev/null 2>&1 & server=$!
      for _ in $(seq 100); do [ -e port ] && break; sleep 0.1; done
      sed "s/PORT/$(cat port)/" endpoints.in >endpoints.json
      gatecheck resolve default/cms:http --from endpoints.json --probe=tls -o json
      status=$?
      kill -KILL $server
      exit $status
      """,
    ])
    let ended = try bash("bash run.sh", in: folder.path)
    #expect(ended.rules == ["resolve/node-certificate"], "\(ended.errors)")
    #expect(ended.status == 0)
  }

  // MARK: token create

  /// An API server that has the account apisix, one Secret, and gives tokens for an hour whatever is asked.
  private func server(secret type: String) throws -> StubServer {
    let claims = #"{"iat":1700000000,"exp":1700003600,"sub":"system:serviceaccount:default:apisix"}"#
    let payload = Data(claims.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
    return try StubServer { asked in
      switch (asked.method, asked.path) {
      case ("GET", "/api/v1/namespaces/default/serviceaccounts/apisix"):
        .init(body: #"{"kind": "ServiceAccount", "apiVersion": "v1", "metadata": {"name": "apisix"}}"#)
      case ("GET", "/api/v1/namespaces/default/secrets/apisix-token"):
        .init(
          body: """
            {"kind": "Secret", "apiVersion": "v1", "type": "\(type)", "metadata": {"name": "apisix-token",
             "annotations": {"kubernetes.io/service-account.name": "apisix"}}}
            """)
      case ("POST", "/api/v1/namespaces/default/serviceaccounts/apisix/token"):
        .init(
          status: 201,
          body: """
            {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "status": {
             "token": "eyJhbGciOiJSUzI1NiJ9.\(payload).c2lnbmF0dXJl", "expirationTimestamp": "2023-11-14T23:13:20Z"}}
            """)
      default: .init(status: 404, body: #"{"kind": "Status", "apiVersion": "v1", "code": 404, "reason": "NotFound"}"#)
      }
    }
  }

  private func create(secret type: String = "kubernetes.io/service-account-token", _ more: String...) throws -> Ended {
    let server = try server(secret: type)
    defer { server.stop() }
    let folder = try Folder([
      "admin.conf": """
      apiVersion: v1
      kind: Config
      current-context: a
      clusters: [{name: a, cluster: {server: "\(server.url)"}}]
      users: [{name: a, user: {}}]
      contexts: [{name: a, context: {cluster: a, user: a}}]
      """,
      "config.yaml": "discovery: {kubernetes: {client: {token: a, token_file: b}}}\n",
    ])
    return try gatecheck(["token", "create", "--kubeconfig", "admin.conf", "-o", "json"] + more, in: folder.path)
  }

  @Test func aSecretOfAnotherKindIsNotTaken() throws {
    let ended = try create(secret: "Opaque", "--output-file", "token")
    #expect(ended.rules == ["token/other-secret"] && ended.status == 1)
  }

  @Test func aSecretThatStaysEmptyIsTold() throws {
    let ended = try create("--output-file", "token", "--timeout", "1")
    #expect(ended.rules == ["rbac/secret-empty"] && ended.status == 1)
  }

  @Test func aTokenThatEndsSoonerThanAskedIsTold() throws {
    let ended = try create("--duration", "8760h", "--confirm", "--output-file", "token")
    #expect(ended.rules == ["token/shorter-than-asked"] && ended.status == 0)
  }

  @Test func aFileThatTheTokenCannotGoIntoIsTold() throws {
    let ended = try create("--duration", "1h", "--confirm", "--into", "config.yaml")
    #expect(ended.rules == ["token/not-placed"] && ended.status == 1)
  }
}
