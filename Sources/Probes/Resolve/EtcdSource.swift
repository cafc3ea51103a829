import Findings
import HTTP
import Inputs
import JSON
import Registries

/// The etcd in which an APISIX keeps its configuration, as a source of upstreams.
struct EtcdSource {
  let settings: EtcdSettings
  /// How long a request may take, and whether a credential may go over plain http.
  let access: AccessOptions
  /// Where the certificate files are read.
  let context: Context

  /// The objects that may hold upstreams, of the first host that can be reached: no certificates, no secrets.
  func resources(_ http: HTTPClient) -> APISIXEndpoint.Resources {
    var refusal: APISIXEndpoint.Resources?
    for host in settings.hosts {
      do throws(EtcdClient.Failure) { return try read(host, http) } catch {
        refusal = ([], [finding(error, host)])
        guard case .connection(let error) = error, error.kind != .cancelled else { break }
      }
    }
    return refusal ?? ([], [])
  }

  private func read(_ host: String, _ http: HTTPClient) throws(EtcdClient.Failure) -> APISIXEndpoint.Resources {
    var endpoint = access.endpoint(host)
    endpoint.tls = tls
    var client = EtcdClient(endpoint, http: http)
    if let user = settings.user { try client.authenticate(user, settings.password ?? Secret("")) }
    var documents: [(source: String, JSONValue)] = []
    for kind in APISIXEndpoint.kinds {
      try client.read(below: "\(settings.prefix)/\(kind)/") { entry in
        // A folder is a key whose value is `init_dir`.
        guard let value = try? JSONValue.parse(entry.value) else { return }
        documents.append((URLText(host).withoutUser, ["key": .string(entry.key), "value": value]))
      }
    }
    return (documents, [])
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

  private func finding(_ failure: EtcdClient.Failure, _ host: String) -> Finding {
    let host = URLText(host).withoutUser
    switch failure {
    case .connection(let error): return APISIXEndpoint.finding("etcd", error)
    case .notEtcd:
      return Finding(
        ResolveRules.apisixRefused, "\(host) does not answer as etcd does",
        help: "deployment.etcd.host of config.yaml lists the addresses; mostly port 2379")
    case .refused(let status, let message):
      let said = settings.password.map { $0.redacted(in: message) } ?? message
      return Finding(
        ResolveRules.apisixRefused, "etcd at \(host) answers \(status)\(said.isEmpty ? "" : ": \(said)")",
        help: help(status, message))
    }
  }

  private func help(_ status: Int, _ message: String) -> String {
    if let unset = settings.unset { return "the user or password hangs on a variable that is not set: \(unset)" }
    if message.contains("user name is empty") {
      return "it has users: write deployment.etcd.user and password, and name the file with --config"
    }
    if message.contains("invalid user ID or password") {
      return "mend deployment.etcd.user and password in config.yaml"
    }
    if message.contains("permission denied") {
      return "etcdctl role grant-permission ROLE --prefix=true read \(settings.prefix)"
    }
    return status == 404 ? "its JSON gateway is switched off: --enable-grpc-gateway=true" : "is this APISIX's etcd?"
  }
}
