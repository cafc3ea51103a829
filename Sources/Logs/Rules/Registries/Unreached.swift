import APISIX
import SourceText

/// Why a server of a registry gave no answer.
enum Unreached {
  case refused, silent, closed, unrouted, unresolved, certificate, handshake

  /// - Parameter reason: what the socket said; nil where that is no matter of the way to the server.
  init?(_ reason: String) {
    func says(_ words: String...) -> Bool { words.contains { reason.has($0) } }
    if says("failed to parse domain", "could not be resolved", "dns server error", "dns client error", "no resolver") {
      self = .unresolved
    } else if says("certificate", "self signed", "self-signed") {
      self = .certificate
    } else if says("handshake", "SSL_") {
      self = .handshake
    } else if says("connection refused") {
      self = .refused
    } else if says("no route to host", "etwork is unreachable", "ost is unreachable") {
      self = .unrouted
    } else if says("timeout", "timed out") {
      self = .silent
    } else if reason.hasPrefix("closed") || says("connection reset", "broken pipe", "prematurely closed") {
      self = .closed
    } else {
      return nil
    }
  }

  /// `refuses connections`, behind the server's name.
  var told: String {
    switch self {
    case .refused: "refuses connections"
    case .silent: "does not answer in time"
    case .closed: "closes the connection before it answers"
    case .unrouted: "cannot be reached: there is no route to it"
    case .unresolved: "cannot be found: its name does not resolve"
    case .certificate: "shows a certificate that APISIX does not trust"
    case .handshake: "fails in the TLS handshake"
    }
  }

  /// - Parameters:
  ///   - name: of the registry, `Nacos`.
  ///   - setting: where its servers stand, `discovery.nacos.host`.
  func help(_ name: String, _ setting: String) -> String {
    switch self {
    case .refused:
      "start \(name), or write the port that it listens at into \(setting); in a container 127.0.0.1 is the "
        + "container itself"
    case .silent:
      "from APISIX's host, see whether a firewall drops the connection, and whether \(name) is overloaded; the address "
        + "stands in \(setting)"
    case .closed:
      "see what stands between APISIX and \(name), and whether \(setting) names its port of plain HTTP or TLS"
    case .unrouted: "write an address into \(setting) that APISIX's host has a route to"
    case .unresolved:
      "write a name into \(setting) that the servers of /etc/resolv.conf, or of apisix.dns_resolver, know, or the IP "
        + "address"
    case .certificate: "add the CA of \(name) to the file that apisix.ssl.ssl_trusted_certificate names"
    case .handshake: "see whether \(setting) names a port that speaks TLS"
    }
  }
}

extension RegistryKind {
  /// As people call it.
  var title: String {
    switch self {
    case .kubernetes: "Kubernetes"
    case .nacos: "Nacos"
    case .consul: "Consul"
    case .consulKV: "Consul's key-value store"
    case .eureka: "Eureka"
    case .dns: "DNS"
    case .tars: "Tars"
    }
  }

  /// `discovery.nacos.host`
  var serversPath: String { path + "." + (servers ?? "servers") }
}

extension Unreached {
  /// What of the reason helps beside the words for it.
  func detail(_ reason: String) -> String {
    switch self {
    case .unresolved, .certificate, .handshake: " (\(reason))"
    case .refused, .silent, .closed, .unrouted: ""
    }
  }
}
