import APISIX
import Common
import Findings
import HTTP
import Inputs
import Kubernetes
import Registries

/// Decides on each target: first whose identity, then which server, then which CA.
struct PlanBuilder {
  let options: AccessOptions
  let context: Context
  /// The configuration that the options name, where it is read already and what is wrong with it told.
  let known: DiscoveryConfig?
  var plan = AccessPlan()
  /// What kubectl would use; looked up once.
  var kubeconfig: KubeconfigChoice?

  init(_ options: AccessOptions, _ context: Context, _ known: DiscoveryConfig? = nil) {
    self.options = options
    self.context = context
    self.known = known
  }

  var hostFiles: HostFiles { HostFiles(root: options.root) }

  mutating func build() {
    let config = configPath()
    do throws(KubeconfigError) { kubeconfig = try KubeconfigChoice.find(options, context) } catch {
      // With a configuration the kubeconfig only lends: one that nobody named may be broken.
      if config == nil && options.server == nil || options.kubeconfig != nil || options.context != nil {
        plan.findings.append(error.finding)
        return
      }
    }
    if let config { build(config: config) } else { buildWithoutConfig() }
    if options.insecureSkipTLSVerify || plan.targets.contains(where: { $0.trust == .nothing }) {
      plan.notices.append("the server's certificate is not verified: the credential may go to the wrong server")
    }
  }

  mutating func configPath() -> String? {
    if let config = options.config { return config }
    guard let found = options.usualConfig(in: context) else { return nil }
    plan.notices.append("using \(found)")
    return found
  }

  // MARK: without one

  /// A file that KUBECONFIG names and that cannot be read; like kubectl we pass it by.
  private var lostKubeconfig: String? {
    context.environment["KUBECONFIG"]?.split(separator: ":").map(String.init).first { context.contents($0) == nil }
  }

  mutating func buildWithoutConfig() {
    let server: (url: ServerURL, origin: String)
    if let given = options.server {
      guard let url = checked(given, "--server") else { return }
      server = (url, "--server")
    } else if let kubeconfig {
      guard let url = checked(kubeconfig.access.server, kubeconfig.origin) else { return }
      server = (url, kubeconfig.origin)
    } else {
      plan.findings += Finding(
        ConnectRules.noServer, "nothing says which API server to ask",
        help: (lostKubeconfig.map { "KUBECONFIG names \(terminalSafe($0)), which cannot be read; " } ?? "")
          + "give \(options.takesConfig ? "--config" : "--kubeconfig") FILE, or --server https://HOST:PORT")
      return
    }
    let identity = explicitToken() ?? environmentToken()
    if let identity, identity.token == nil { return }
    guard let (way, trust) = way(to: server.url, tokenFile: identity?.file) else { return }
    var endpoint = way
    var token = identity?.token
    var origin = identity?.origin ?? "nobody (no token is sent)"
    if let token {
      endpoint.credential = credential(token)
      endpoint.asAPISIX(trust)
    } else if let kubeconfig, kubeconfig.isExplicit || kubeconfig.server?.isSame(as: server.url) == true {
      guard let access = credentials(of: kubeconfig) else { return }
      token = take(access, into: &endpoint)
      origin = kubeconfig.origin
      if token == nil, endpoint.credential == nil, endpoint.tls.clientCertificate == nil {
        origin += " (no token is sent)"
      }
    } else {
      // The server then sees an anonymous user.
      endpoint.asAPISIX(trust)
    }
    plan.targets.append(
      Target(
        id: nil, endpoint: endpoint, token: token,
        administrator: identity == nil && options.impersonate == nil ? nil : administrator(of: server.url, way),
        tokenHome: identity?.file.flatMap(Target.TokenHome.init(file:)),
        // Of a configuration that is read elsewhere, what APISIX asks for stands there.
        settings: known.flatMap { try? $0.clusters(options.cluster).first?.settings }
          ?? ClusterSettings(release: options.release), serverOrigin: server.origin, identityOrigin: origin,
        trust: trust, place: nil, apisixVerifies: false, lentPath: lentPath(of: server.url)))
  }

  /// `--token-file`. The outer nil: it is not given; the token is nil when it cannot be read.
  mutating func explicitToken() -> (token: GivenToken?, origin: String, file: String?)? {
    guard let file = options.tokenFile else { return nil }
    do throws(FileError) {
      let token = GivenToken(try context.read(file), source: .file, release: options.release)
      return (remember(token), "--token-file", file == "-" ? nil : file)
    } catch {
      plan.findings.append(error.finding)
      return (nil, "", nil)
    }
  }

  mutating func environmentToken() -> (token: GivenToken?, origin: String, file: String?)? {
    guard let text = context.environment["GATECHECK_TOKEN"], !text.isEmpty else { return nil }
    let token = GivenToken(Array(text.utf8), source: .file, release: options.release)
    return (remember(token), "GATECHECK_TOKEN", nil)
  }

  /// The identity of a kubeconfig; its token, where that is what it has.
  mutating func take(_ access: ClusterAccess, into endpoint: inout Endpoint) -> GivenToken? {
    if endpoint.headers.isEmpty { endpoint.headers = access.impersonation.requestHeaders }
    if let certificate = access.clientCertificate, let key = access.clientKey {
      endpoint.tls.clientCertificate = .init(certificate: certificate, key: key)
      plan.secrets.append(key.value)
    }
    if let token = access.token {
      let given = GivenToken(token.bytes, source: .file, release: options.release)
      endpoint.credential = credential(given)
      return remember(given)
    }
    if let user = access.username {
      let password = access.password ?? Secret("")
      endpoint.credential = .basic(user: user, password: password)
      plan.secrets.append(password.value)
      return nil
    }
    return nil
  }

  // MARK: parts

  /// The identity of a kubeconfig that was named beside a token, where it names the same server.
  mutating func administrator(of server: ServerURL, _ way: Endpoint) -> Endpoint? {
    guard let kubeconfig, kubeconfig.isExplicit || options.impersonate != nil,
      kubeconfig.server?.isSame(as: server) == true, let access = credentials(of: kubeconfig)
    else { return nil }
    // The kubeconfig's own address: it may have a path, which a configuration cannot.
    var endpoint = way
    endpoint.server = (kubeconfig.server ?? server).text
    endpoint.headers = []
    _ = take(access, into: &endpoint)
    let hasIdentity = endpoint.credential != nil || endpoint.tls.clientCertificate != nil
    return hasIdentity ? endpoint : nil
  }

  /// The kubeconfig's address of `server`, where that has a path and `server` has not.
  func lentPath(of server: ServerURL) -> String? {
    guard server.path.isEmpty, let lent = kubeconfig?.server, lent.isSame(as: server), !lent.path.isEmpty else {
      return nil
    }
    return lent.text
  }

  mutating func checked(_ server: String, _ origin: String) -> ServerURL? {
    if let url = ServerURL(server) { return url }
    plan.findings += Finding(
      ConnectRules.invalidServer, "the server of \(origin) is not the address of an API server",
      help: "write https://HOST:PORT")
    return nil
  }

  mutating func remember(_ token: GivenToken?) -> GivenToken? {
    guard let token else { return nil }
    plan.secrets.append(token.raw.value)
    if let mended = token.text.mended { plan.secrets.append(mended.value) }
    return token
  }

  func credential(_ token: GivenToken) -> Credential? {
    token.sent.flatMap { $0.isEmpty ? nil : Credential.bearer($0) }
  }
}
