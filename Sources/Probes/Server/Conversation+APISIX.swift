import Findings
import HTTP
import Inputs
import Registries

/// What only APISIX trips over, because it asks otherwise than kubectl.
extension Conversation {
  /// The list or watch was answered so that APISIX cannot read it.
  var isUnreadable: Bool { !http.compressed.isEmpty }

  /// What was odd in answers that came.
  var oddities: [Finding] {
    var found: [Finding] = []
    if let encoding = http.compressed.values.first {
      found += finding(
        ServerRules.compressed,
        "the answers come compressed (\(encoding)), which nobody asked for: APISIX cannot read them",
        at: target.place,
        help: "something before the API server compresses: turn that off there (nginx: gzip off), or use the API "
          + "server's own address")
    }
    if let address = http.wrongHosts.first {
      found += HTTPError(.wrongHost, address: address).finding(for: target) { certificate() }
    }
    return found
  }

  /// For a watch that got no answer where the list got one; nil where that says nothing of the watch.
  func watchBroken(_ error: HTTPError) -> Finding? {
    switch error.kind {
    case .timedOut(.answer, _, _), .timedOut(.headers, _, _), .timedOut(.body, _, _), .connectionLost, .truncatedBody,
      .badAnswer, .headTooLarge:
      watchBroken("\(error)")
    default: nil
    }
  }

  /// For one whose answer came whole and empty. API servers begin at once, and end it after the second that was asked
  /// for.
  func emptyWatch(after milliseconds: Double) -> Finding {
    milliseconds < 900
      ? watchBroken("it ends at once, with nothing in it", severity: .warning)
      : watchBroken("it comes as a whole, at its end", severity: .note)
  }

  private func watchBroken(_ message: String, severity: Severity? = nil) -> Finding {
    finding(
      ServerRules.watchBroken, severity: severity, "the list is answered, but the watch is not: \(message)",
      at: target.place,
      help: "a proxy before the API server holds the watch back or cuts it: let it through as it comes (nginx: "
        + "proxy_buffering off, proxy_read_timeout 1h), or use the API server's own address")
  }

  // MARK: the name in the handshake

  /// The certificate that the server shows, to APISIX or to whoever names it.
  func certificate(named: Bool = false) -> ServerCertificate? {
    var tls = target.endpoint.tls
    tls.verify = false
    if tls.name != .asked { tls.name = named ? .asked : .ignored }
    return try? http.certificate(
      of: target.endpoint.server, tls: tls, proxy: target.endpoint.proxy, nameServers: target.endpoint.nameServers)
  }

  /// Whether a handshake that names the server is all that was lacking.
  func nameWanted(after error: HTTPError) -> Finding? {
    switch error.kind {
    case .tlsFailed, .connectionLost(.tlsHandshake), .timedOut(.tlsHandshake, _, false):
      // A wrong name is another matter.
      handshakes(orFailsBy: .wrongHost)
        ? nameWanted("\(error.address) accepts no TLS connection without a server name (SNI), and APISIX sends none")
        : nil
    case .untrustedCertificate, .expiredCertificate, .notYetValidCertificate, .wrongHost:
      handshakes() ? otherServer(error.address) : nil
    default: nil
    }
  }

  /// For an answer that is none of an API server's: whether another server would answer to the name.
  func otherServer() -> Finding? {
    guard let address = ServerURL(target.endpoint.server)?.address, handshakes(),
      certificate(named: true) != certificate()
    else { return nil }
    return otherServer(address)
  }

  private func otherServer(_ address: String) -> Finding {
    nameWanted("\(address) leads to another server without a server name (SNI), and APISIX sends none")
  }

  private func nameWanted(_ message: String) -> Finding {
    let name = target.endpoint.tls.serverName ?? ServerURL(target.endpoint.server)?.host ?? ""
    return finding(
      ServerRules.nameWanted, message, at: target.place,
      help:
        "with the name \(name) it is reached, so kubectl works: use an address that leads to this API server alone, "
        + "past the router that looks at the name")
  }

  /// Whether a verified handshake with the server's name succeeds, where APISIX's has none; nothing is sent.
  private func handshakes(orFailsBy kind: HTTPError.Kind? = nil) -> Bool {
    var tls = target.endpoint.tls
    guard tls.name != .asked, target.isTLS, let url = ServerURL(target.endpoint.server),
      addressBytes(tls.serverName ?? url.host.filter { $0 != "[" && $0 != "]" }) == nil
    else { return false }
    tls.name = .asked
    do throws(HTTPError) {
      _ = try http.certificate(
        of: target.endpoint.server, tls: tls, proxy: target.endpoint.proxy, nameServers: target.endpoint.nameServers)
      return true
    } catch { return error.kind == kind }
  }
}
