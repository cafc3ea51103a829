import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

/// The etcd in which an APISIX keeps its configuration, as a source of upstreams.
struct EtcdSource {
  let settings: EtcdSettings
  /// How long a request may take, and whether a credential may go over plain http.
  let access: AccessOptions
  /// Where the certificate files are read.
  let context: Context

  /// The objects of these kinds, of the first host that can be reached.
  /// - Parameter kinds: those that may hold upstreams: no certificates, no secrets.
  func resources(_ http: HTTPClient, _ kinds: [String] = APISIXEndpoint.kinds) -> UpstreamDocuments {
    var found = UpstreamDocuments()
    for host in settings.hosts {
      var client = client(host, http)
      defer {
        found.secrets += client.secrets.map(\.value)
        context.secrets.add(found.secrets)
      }
      do throws(EtcdClient.Failure) {
        let revision: Int
        (found.documents, found.findings, revision) = try read(kinds, host, &client)
        found.origin = (client, revision)
        break
      } catch {
        var told = finding(error, host)
        if told.rule.id.hasPrefix("registry/") {
          told = Finding(ResolveRules.apisixRefused, told.message, help: told.help)
        }
        found.findings = [told]
        guard case .connection(let error) = error, error.kind != .cancelled else { break }
      }
    }
    return found
  }

  /// Where the objects of a kind are.
  func folder(of kind: String) -> String { "\(settings.prefix)/\(kind)/" }

  /// Asks one of the hosts, over TLS as APISIX does.
  func client(_ host: String, _ http: HTTPClient) -> EtcdClient {
    var endpoint = access.endpoint(host)
    endpoint.tls = tls
    endpoint.proxy = .direct
    return EtcdClient(endpoint, http: http)
  }

  /// As the user of the settings, if they have one: once for all questions that remember answers.
  /// - Returns: false where etcd has no users, and so takes none.
  func login(_ client: inout EtcdClient) throws(EtcdClient.Failure) -> Bool {
    guard let user = settings.user, let password = settings.password else { return true }
    return try client.authenticate(user, password, known: context.answers?.logins)
  }

  private func read(
    _ kinds: [String], _ host: String, _ client: inout EtcdClient
  ) throws(EtcdClient.Failure) -> (documents: [(source: String, JSONValue)], findings: [Finding], revision: Int) {
    _ = try login(&client)
    var documents: [(source: String, JSONValue)] = []
    var (isEmpty, first) = (true, 0)
    for (index, kind) in kinds.enumerated() {
      let revision = try client.read(below: folder(of: kind)) { entry in
        isEmpty = false
        // A folder is a key whose value is `init_dir`.
        guard let value = try? JSONValue.parse(entry.value) else { return }
        documents.append((URLText(host).withoutUser, ["key": .string(entry.key), "value": value]))
      }
      if index == 0 { first = revision }
    }
    let holdsNothing = isEmpty && (try? client.hasKeys(below: settings.prefix + "/")) == false
    return (documents, holdsNothing ? [empty(host, client)] : [], first)
  }

  /// Nothing lies below the prefix, not even the folders that APISIX makes: which prefixes have something?
  func empty(_ host: String, _ client: EtcdClient) -> Finding {
    let others = (try? prefixes(client)) ?? []
    let help =
      others.isEmpty
      ? "is this APISIX's etcd? deployment.etcd.prefix of config.yaml says where APISIX writes, /apisix by default"
      : "there is \(others.joined(separator: ", ")); deployment.etcd.prefix of config.yaml says which is APISIX's"
    return Finding(
      ResolveRules.emptyPrefix,
      "etcd at \(URLText(host).withoutUser) holds nothing below \(settings.prefix)/", help: help)
  }

  /// What stands before `/upstreams/` and the like in etcd's keys; ten at most. Kubernetes' own keys are passed over.
  private func prefixes(_ client: EtcdClient) throws(EtcdClient.Failure) -> [String] {
    var found: [String] = []
    var start: [UInt8] = [0]
    for _ in 0..<50 where found.count < 10 {
      let keys = try client.keys(from: start)
      guard let last = keys.last else { break }
      if let prefix = keys.lazy.compactMap(Self.prefix).first(where: { !found.contains($0) }) {
        found.append(prefix)
        start = EtcdClient.end(of: prefix + "/")
      } else {
        let first = last.split(separator: "/").first.map { "/\($0)/" } ?? last
        start = EtcdClient.end(of: last.hasPrefix(first) ? first : last)
      }
    }
    return found
  }

  private static func prefix(of key: String) -> String? {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    let kinds = ["upstreams", "routes", "services", "ssls", "plugin_metadata", "global_rules", "consumers"]
    guard let index = parts.firstIndex(where: { kinds.contains(String($0)) }), index > 1, index + 1 < parts.count,
      !["registry", "kubernetes.io", "openshift.io"].contains(parts[1])
    else { return nil }
    return parts[..<index].joined(separator: "/")
  }

  private var tls: TLSSettings {
    var tls = TLSSettings(verify: settings.verifies, serverName: settings.serverName)
    if let path = settings.trustedCertificate, let bytes = context.contents(path) { tls.authorities = .pem(bytes) }
    if let certificate = settings.certificate.flatMap(context.contents),
      let key = settings.key.flatMap(context.contents)
    {
      tls.clientCertificate = .init(certificate: certificate, key: Secret(bytes: key))
    }
    return tls
  }

  private static let place = "deployment.etcd.host of config.yaml lists its addresses; the default port is 2379"

  private func connection(_ error: HTTPError, _ host: String) -> Finding {
    let cure: String? =
      switch error.kind {
      case .untrustedCertificate: "name its CA in config.yaml: apisix.ssl.ssl_trusted_certificate"
      case .clientCertificateWanted, .clientCertificateRefused:
        "give it one in config.yaml: deployment.etcd.tls.cert and key"
      default: nil
      }
    return APISIXEndpoint.finding(
      "etcd", error, access.endpoint(host), help: Self.place, cure, odd: RegistryRules.oddAnswer)
  }

  /// Why one of the hosts does not answer, or not with what was asked for.
  func finding(_ failure: EtcdClient.Failure, _ host: String) -> Finding {
    let host = URLText(host).withoutUser
    switch failure {
    case .connection(let error): return connection(error, host)
    case .notEtcd:
      return Finding(RegistryRules.oddAnswer, "\(host) does not answer as etcd does", help: "\(Self.place)")
    case .refused(let status, let message):
      let (rule, help) = reason(status, message)
      return Finding(
        rule, "etcd at \(host) answers \(status)\(message.isEmpty ? "" : ": \(message)")",
        help: settings.unset.map { "the user or password depends on a variable that is not set: \($0)" } ?? help)
    }
  }

  private func reason(_ status: Int, _ message: String) -> (Rule, help: String) {
    if message.has("user name is empty") {
      return (
        EtcdRules.login, "it has users: write deployment.etcd.user and password, and name the file with --config"
      )
    }
    if message.has("invalid user ID or password") {
      return (EtcdRules.login, "correct deployment.etcd.user and password in config.yaml")
    }
    if message.has("permission denied") { return (EtcdRules.role, Self.grant(settings)) }
    if message.has("CommonName of client") {
      return (
        EtcdRules.certificateUsers,
        "give APISIX a certificate without a CommonName (deployment.etcd.tls), and deployment.etcd.user and password"
      )
    }
    return switch status {
    case 404: (EtcdRules.noGateway, "its JSON gateway is switched off: --enable-grpc-gateway=true")
    case 503: (EtcdRules.noLeader, "start the other members: etcdctl endpoint status --cluster -w table")
    default: (RegistryRules.trouble, "is this APISIX's etcd?")
    }
  }

  /// What root of etcd runs to let the user do what APISIX does.
  /// - Parameter role: that the user has; nil makes one.
  static func grant(_ settings: EtcdSettings, to role: String? = nil) -> String {
    let (name, prefix) = (Shell.quoted(role ?? "apisix"), Shell.quoted(settings.prefix + "/"))
    let grant = "etcdctl role grant-permission \(name) --prefix=true readwrite \(prefix)"
    if role != nil { return grant }
    return
      "etcdctl role add \(name)\n\(grant)\netcdctl user grant-role \(Shell.quoted(settings.user ?? "apisix")) \(name)"
  }
}
