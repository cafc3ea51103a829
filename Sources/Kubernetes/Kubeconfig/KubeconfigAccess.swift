extension Kubeconfig {
  /// Chooses a context as kubectl does, and reads the files it names.
  /// - Parameter read: the bytes of a file, nil when it cannot be read.
  /// - Throws: what kubectl refuses, and two things that it lets pass and then asks localhost:8080: no current context,
  ///   and a context whose cluster is not there.
  public func access(
    _ overrides: ClusterAccess.Overrides = .init(), read: (String) -> [UInt8]?
  ) throws(KubeconfigError) -> ClusterAccess {
    let context = try chosenContext(overrides)
    let cluster = try chosenCluster(overrides, context)
    guard let server = overrides.server ?? cluster?.server else {
      if let cluster { throw KubeconfigError(.noServer(cluster: cluster.name), at: cluster.place) }
      throw KubeconfigError(isEmpty ? .empty : .noCurrentContext(contexts: contexts.map(\.name)))
    }
    var access = ClusterAccess(server: try Self.normal(server, cluster))
    access.context = context?.name
    access.namespace = overrides.namespace ?? context?.namespace ?? "default"
    access.proxyURL = try cluster.flatMap { (cluster) throws(KubeconfigError) in try Self.proxy(cluster) }
    // A server of one's own needs a name of its own; the file's belongs to the file's server.
    access.tlsServerName =
      overrides.server != nil || overrides.tlsServerName != nil ? overrides.tlsServerName : cluster?.tlsServerName
    access.execConfig = cluster?.execConfig
    try trust(&access, cluster, overrides, read)

    let name = overrides.user ?? context?.user
    if let name, let user = users.first(where: { $0.name == name }) {
      try authenticate(&access, user, read)
    } else if let name = overrides.user {
      throw KubeconfigError(.unknownUser(name))
    } else {
      access.missingUser = name
    }
    try impersonate(&access, overrides.impersonation, user: name ?? "")
    // kubectl looks at no credentials for a server without TLS, and so goes there as nobody.
    if access.server.hasPrefix("http://") { access.dropCredentials() }
    return access
  }

  private func chosenContext(_ overrides: ClusterAccess.Overrides) throws(KubeconfigError) -> Context? {
    guard let name = overrides.context ?? currentContext else { return nil }
    guard let context = contexts.first(where: { $0.name == name }) else {
      throw KubeconfigError(.unknownContext(name, contexts: contexts.map(\.name)))
    }
    return context
  }

  private func chosenCluster(
    _ overrides: ClusterAccess.Overrides, _ context: Context?
  ) throws(KubeconfigError) -> Cluster? {
    guard let name = overrides.cluster ?? context?.cluster else { return nil }
    if let cluster = clusters.first(where: { $0.name == name }) { return cluster }
    if overrides.cluster != nil { throw KubeconfigError(.unknownCluster(name, context: nil)) }
    // With --server the cluster is not needed.
    if overrides.server != nil { return nil }
    throw KubeconfigError(.unknownCluster(name, context: context?.name), at: context?.place)
  }

  /// `HOST`, `HOST:PORT` and URLs, as kubectl takes them: without a scheme it is http.
  private static func normal(_ server: String, _ cluster: Cluster?) throws(KubeconfigError) -> String {
    var text = server
    while text.hasSuffix("/"), !text.hasSuffix("://") { text.removeLast() }
    if !text.contains("://") { text = "http://" + text }
    let host = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
    let valid =
      !host.isEmpty && !host.hasPrefix("/") && !host.unicodeScalars.contains { $0.value <= 0x20 || $0.value == 0x7F }
    guard valid else { throw KubeconfigError(.badServer(server), at: cluster?.place) }
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

  private func trust(
    _ access: inout ClusterAccess, _ cluster: Cluster?, _ overrides: ClusterAccess.Overrides,
    _ read: (String) -> [UInt8]?
  ) throws(KubeconfigError) {
    // Either flag replaces all that the cluster says about trust.
    if overrides.insecureSkipTLSVerify || overrides.certificateAuthority != nil {
      guard !overrides.insecureSkipTLSVerify || overrides.certificateAuthority == nil else {
        throw KubeconfigError(.authorityWithInsecure(cluster: cluster?.name ?? ""))
      }
      access.insecureSkipTLSVerify = overrides.insecureSkipTLSVerify
      if let path = overrides.certificateAuthority {
        access.certificateAuthority = try Self.file(path, "certificate-authority", cluster?.name ?? "", nil, read)
      }
      return
    }
    guard let cluster else { return }
    if cluster.certificateAuthority != nil, cluster.certificateAuthorityData != nil {
      throw KubeconfigError(
        .bothSpecified(data: "certificate-authority-data", file: "certificate-authority", of: cluster.name),
        at: cluster.place)
    }
    access.insecureSkipTLSVerify = cluster.insecureSkipTLSVerify
    access.certificateAuthority = cluster.certificateAuthorityData
    if let path = cluster.certificateAuthority {
      access.certificateAuthority = try Self.file(path, "certificate-authority", cluster.name, cluster.place, read)
    }
    if cluster.insecureSkipTLSVerify, access.certificateAuthority != nil {
      throw KubeconfigError(.authorityWithInsecure(cluster: cluster.name), at: cluster.place)
    }
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
    try certificate(&access, user, read)
    access.token = user.token
    if let path = user.tokenFile {
      let token = read(path).map(Text.trimmed) ?? ""
      if !token.isEmpty {
        access.token = TokenSecret(token)
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

  private func certificate(
    _ access: inout ClusterAccess, _ user: User, _ read: (String) -> [UInt8]?
  ) throws(KubeconfigError) {
    let hasCertificate = user.clientCertificate != nil || user.clientCertificateData != nil
    let hasKey = user.clientKey != nil || user.clientKeyData != nil
    // kubectl leaves a key without a certificate unused.
    guard hasCertificate else { return }
    guard hasKey else { throw KubeconfigError(.certificateWithoutKey(user: user.name), at: user.place) }
    if user.clientCertificate != nil, user.clientCertificateData != nil {
      throw KubeconfigError(
        .bothSpecified(data: "client-certificate-data", file: "client-certificate", of: user.name), at: user.place)
    }
    if user.clientKey != nil, user.clientKeyData != nil {
      throw KubeconfigError(.bothSpecified(data: "client-key-data", file: "client-key", of: user.name), at: user.place)
    }
    access.clientCertificate = user.clientCertificateData
    if let path = user.clientCertificate {
      access.clientCertificate = try Self.file(path, "client-certificate", user.name, user.place, read)
    }
    access.clientKey = user.clientKeyData
    if let path = user.clientKey {
      let key = try Self.file(path, "client-key", user.name, user.place, read)
      access.clientKey = TokenSecret(String(decoding: key, as: UTF8.self))
    }
  }

  private func impersonate(
    _ access: inout ClusterAccess, _ flags: Impersonation, user: String
  ) throws(KubeconfigError) {
    if let user = flags.user { access.impersonation.user = user }
    if let uid = flags.uid { access.impersonation.uid = uid }
    if !flags.groups.isEmpty { access.impersonation.groups = flags.groups }
    if !flags.extra.isEmpty { access.impersonation.extra = flags.extra }
    guard access.impersonation.isEmpty || access.impersonation.user != nil else {
      throw KubeconfigError(.impersonationWithoutUser(user: user))
    }
  }

  private static func file(
    _ path: String, _ field: String, _ name: String, _ place: Place?, _ read: (String) -> [UInt8]?
  ) throws(KubeconfigError) -> [UInt8] {
    guard let bytes = read(path) else {
      throw KubeconfigError(.unreadable(field: field, of: name, path: path), at: place)
    }
    return bytes
  }
}
