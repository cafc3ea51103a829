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

  static let usualConfigs = ["/usr/local/apisix/conf/config.yaml", "conf/config.yaml", "config.yaml"]

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
      plan.notices.append("the server's certificate is not verified; the credential goes to whoever answers")
    }
  }

  mutating func configPath() -> String? {
    if let config = options.config { return config }
    guard options.looksForConfig, options.server == nil, options.kubeconfig == nil, options.context == nil else {
      return nil
    }
    guard let found = Self.usualConfigs.first(where: { context.contents($0) != nil }) else { return nil }
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
      plan.findings.append(
        Finding(
          rule: ConnectRules.noServer, message: "nothing says which API server to ask",
          help: (lostKubeconfig.map { "KUBECONFIG names \(terminalSafe($0)), which cannot be read; " } ?? "")
            + "give --config FILE, or --server https://HOST:PORT"))
      return
    }
    let identity = explicitToken() ?? environmentToken()
    if let identity, identity.token == nil { return }
    guard let trust = trust(server.url, tokenFile: identity?.file, trustedCertificate: nil) else { return }
    var connection = connection(to: server.url, trust)
    var token = identity?.token
    var origin = identity?.origin ?? "nobody"
    if let token {
      connection.credential = credential(token)
    } else if let kubeconfig, kubeconfig.isExplicit || kubeconfig.server?.isSame(as: server.url) == true {
      guard let access = credentials(of: kubeconfig) else { return }
      token = take(access, into: &connection)
      origin = kubeconfig.origin
    } else {
      // Nobody's token: the server then sees an anonymous user.
      token = GivenToken([], source: .file, release: options.release)
    }
    plan.targets.append(
      Target(
        id: nil, connection: connection, token: token,
        administrator: identity == nil && options.impersonate == nil ? nil : administrator(of: server.url, trust),
        settings: ClusterSettings(release: options.release), serverOrigin: server.origin, identityOrigin: origin,
        trust: trust.kind, place: nil, apisixVerifies: false, lentPath: lentPath(of: server.url)))
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
  mutating func take(_ access: ClusterAccess, into connection: inout KubernetesConnection) -> GivenToken? {
    if connection.impersonation.isEmpty { connection.impersonation = access.impersonation }
    if let certificate = access.clientCertificate, let key = access.clientKey {
      connection.tls.clientCertificate = .init(certificate: certificate, key: key)
      plan.secrets.append(key.value)
    }
    if let token = access.token {
      let given = GivenToken(token.bytes, source: .file, release: options.release)
      connection.credential = credential(given)
      return remember(given)
    }
    if let user = access.username {
      let password = access.password ?? Secret("")
      connection.credential = .basic(user: user, password: password)
      plan.secrets.append(password.value)
      return nil
    }
    return access.hasCredentials ? nil : GivenToken([], source: .file, release: options.release)
  }

  // MARK: parts

  /// The identity of a kubeconfig that was named beside a token, where it names the same server.
  mutating func administrator(of server: ServerURL, _ trust: TrustChoice) -> KubernetesConnection? {
    guard let kubeconfig, kubeconfig.isExplicit || options.impersonate != nil,
      kubeconfig.server?.isSame(as: server) == true, let access = credentials(of: kubeconfig)
    else { return nil }
    // The kubeconfig's own address: it may have a path, which a configuration cannot.
    var connection = connection(to: kubeconfig.server ?? server, trust)
    connection.impersonation = Impersonation()
    _ = take(access, into: &connection)
    let hasIdentity = connection.credential != nil || connection.tls.clientCertificate != nil
    return hasIdentity ? connection : nil
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
    plan.findings.append(
      Finding(
        rule: ConnectRules.invalidServer, message: "the server of \(origin) is no address of an API server",
        help: "write https://HOST:PORT"))
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

  func connection(to server: ServerURL, _ trust: TrustChoice) -> KubernetesConnection {
    KubernetesConnection(
      server: server.text, tls: trust.settings, impersonation: Impersonation(user: options.impersonate),
      proxy: trust.proxy, requestTimeout: options.requestTimeout, allowPlainHTTP: options.allowPlainHTTP)
  }

  mutating func trust(
    _ server: ServerURL, tokenFile: String?, trustedCertificate: (path: String, origin: String)?
  ) -> TrustChoice? {
    do throws(FileError) {
      return try TrustChoice.find(
        for: server, options, kubeconfig, tokenFile: tokenFile, trustedCertificate: trustedCertificate, context)
    } catch {
      plan.findings.append(error.finding)
      return nil
    }
  }
}
