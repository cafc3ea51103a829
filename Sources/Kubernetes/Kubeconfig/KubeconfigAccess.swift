import Inputs
import SourceText

extension Kubeconfig {
  /// Chooses a context as kubectl does, and reads the files it names.
  /// - Parameters:
  ///   - context: its name; nil: the current one.
  ///   - read: the bytes of a file, nil when it cannot be read.
  /// - Throws: what kubectl refuses, and two things that it lets pass and then asks localhost:8080: no current context,
  ///   and a context whose cluster is not there.
  public func access(context: String? = nil, read: (String) -> [UInt8]?) throws(KubeconfigError) -> ClusterAccess {
    let name = context ?? currentContext
    let chosen = contexts.first { $0.name == name }
    if let name, chosen == nil { throw KubeconfigError(.unknownContext(name, contexts: contexts.map(\.name))) }
    guard let chosen, let wanted = chosen.cluster else {
      throw KubeconfigError(isEmpty ? .empty : .noCurrentContext(contexts: contexts.map(\.name)))
    }
    guard let cluster = clusters.first(where: { $0.name == wanted }) else {
      throw KubeconfigError(.unknownCluster(wanted, context: chosen.name), at: chosen.place)
    }
    guard let server = cluster.server else {
      throw KubeconfigError(.noServer(cluster: cluster.name), at: cluster.place)
    }

    var access = ClusterAccess(server: try Self.normal(server, cluster), namespace: chosen.namespace ?? "default")
    access.context = chosen.name
    access.proxyURL = try Self.proxy(cluster)
    access.tlsServerName = cluster.tlsServerName
    access.execConfig = cluster.execConfig
    access.insecureSkipTLSVerify = cluster.insecureSkipTLSVerify
    access.certificateAuthority = try cluster.certificateAuthority.bytes(of: cluster.name, at: cluster.place, read)
    if cluster.insecureSkipTLSVerify, access.certificateAuthority != nil {
      throw KubeconfigError(.authorityWithInsecure(cluster: cluster.name), at: cluster.place)
    }
    // As for a user that no file has kubectl goes on as nobody.
    if let user = users.first(where: { $0.name == chosen.user }) { try authenticate(&access, user, read) }
    guard access.impersonation.isEmpty || access.impersonation.user != nil else {
      throw KubeconfigError(.impersonationWithoutUser(user: chosen.user ?? ""))
    }
    // kubectl goes to a server without TLS as nobody. Here a token goes along where the way is safe; a certificate
    // cannot.
    if access.server.hasPrefix("http://") { (access.clientCertificate, access.clientKey) = (nil, nil) }
    return access
  }

  /// `HOST`, `HOST:PORT` and URLs, as kubectl takes them: without a scheme it is http.
  private static func normal(_ server: String, _ cluster: Cluster) throws(KubeconfigError) -> String {
    var text = server
    while text.hasSuffix("/"), !text.hasSuffix("://") { text.removeLast() }
    if !text.has("://") { text = "http://" + text }
    let host = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
    let valid =
      !host.isEmpty && !host.hasPrefix("/") && !host.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }
    guard valid else { throw KubeconfigError(.badServer(server), at: cluster.place) }
    return text
  }

  private static func proxy(_ cluster: Cluster) throws(KubeconfigError) -> String? {
    guard let proxy = cluster.proxyURL else { return nil }
    for scheme in ["http://", "https://", "socks5://"] where proxy.hasPrefix(scheme) && proxy != scheme { return proxy }
    // The user's part of the URL may hold a password.
    let shown = proxy.split(separator: "@", omittingEmptySubsequences: false)
    throw KubeconfigError(
      .badProxy(shown.count > 1 ? "***@" + (shown.last ?? "") : proxy, cluster: cluster.name), at: cluster.place)
  }

  private func authenticate(
    _ access: inout ClusterAccess, _ user: User, _ read: (String) -> [UInt8]?
  ) throws(KubeconfigError) {
    var methods: [String] = []
    if user.token != nil || user.tokenFile != nil { methods.append("token") }
    if user.username != nil || user.password != nil { methods.append("username and password") }
    // A token and a token file together are one method: the file wins, and the token stands in for it.
    guard methods.count < 2 else { throw KubeconfigError(.severalMethods(methods, user: user.name), at: user.place) }
    if let exec = user.exec, let problem = exec.problem(withAuthProvider: user.authProvider != nil) {
      throw KubeconfigError(.exec(problem, user: user.name), at: user.place)
    }
    if let provider = user.authProvider {
      throw KubeconfigError(.authProvider(provider, user: user.name), at: user.place)
    }
    // kubectl leaves a key without a certificate unused.
    if user.clientCertificate.isGiven {
      guard user.clientKey.isGiven else {
        throw KubeconfigError(.certificateWithoutKey(user: user.name), at: user.place)
      }
      access.clientCertificate = try user.clientCertificate.bytes(of: user.name, at: user.place, read)
      access.clientKey = try user.clientKey.bytes(of: user.name, at: user.place, read).map(Secret.init(bytes:))
    }
    access.token = user.token
    if let path = user.tokenFile {
      if let token = read(path)?.trimmed, !token.isEmpty {
        access.token = Secret(String(decoding: token, as: UTF8.self))
      } else if user.token == nil {
        throw read(path) == nil
          ? KubeconfigError(.unreadable(field: "tokenFile", of: user.name, path: path), at: user.place)
          : KubeconfigError(.emptyTokenFile(path: path), at: user.place)
      }
    }
    access.username = user.username
    access.password = user.password
    access.exec = user.exec
    access.impersonation = user.impersonation
  }
}

extension Kubeconfig.Material {
  var isGiven: Bool { file != nil || data != nil }

  /// - Parameter name: of the cluster or user that it belongs to.
  func bytes(
    of name: String, at place: Kubeconfig.Place, _ read: (String) -> [UInt8]?
  ) throws(KubeconfigError) -> [UInt8]? {
    if file != nil, data != nil {
      throw KubeconfigError(.bothSpecified(data: field + "-data", file: field, of: name), at: place)
    }
    guard let file else { return data?.bytes }
    guard let bytes = read(file) else {
      throw KubeconfigError(.unreadable(field: field, of: name, path: file), at: place)
    }
    return bytes
  }
}
