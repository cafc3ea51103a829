public import APISIX
public import Common
import HTTP
public import Inputs
public import Kubernetes
public import Registries
import SourceText

/// One API server to ask, as whom and for what, and where each of these came from.
public struct Target: Sendable {
  /// The cluster's id in a configuration with several; nil else.
  public let id: String?
  public private(set) var endpoint: Endpoint
  /// nil where a client certificate or a user name stands for the identity.
  public let token: GivenToken?
  /// A kubeconfig's identity beside the token, on the same server: for GET and reviews only.
  public let administrator: Endpoint?
  /// Where another token can be put in its place; nil: nowhere that a command could.
  public var tokenHome: TokenHome?
  /// What APISIX lists and watches, of a default configuration where there is none.
  public let settings: ClusterSettings
  /// Where things came from, for people: `--server`, `conf/config.yaml`, `KUBECONFIG`.
  public let serverOrigin: String
  public let identityOrigin: String
  public let trust: Trust
  /// Where the server stands in a file, for findings about the connection.
  public let place: Place?
  /// The same for its port.
  public var portPlace: Place?
  /// Where the name servers stand in that file.
  public var nameServersPlace: Place?
  /// From `service.ssl_verify`, of releases that know it.
  public let apisixVerifies: Bool
  /// The server of a kubeconfig, where that is this one behind a path.
  public let lentPath: String?

  public enum Trust: Sendable, Hashable {
    case system
    /// From where the CA came.
    case given(String)
    /// The certificate is not looked at.
    case nothing
  }

  public typealias Place = DiscoveryConfig.Place

  public enum TokenHome: Sendable, Hashable {
    /// A file of its own.
    case file(String)
    /// client.token of this config.yaml, as text.
    case config(String)

    /// Nil for a pipe, into which nothing can be written back, and for what Kubernetes mounts into a pod and renews.
    init?(file: String) {
      guard Self.isFile(file), !file.has("/run/secrets/") else { return nil }
      self = .file(file)
    }

    /// Whether a path is that of a file, or of none yet.
    static func isFile(_ path: String) -> Bool {
      let kind = try? FileSystem.kind(of: path)
      return kind == nil || kind == .file
    }
  }
}

extension Target {
  /// One line for `--verbose`.
  public var summary: String {
    let ca =
      switch trust {
      case .system: "the system's CA store"
      case .given(let origin): "the CA of \(origin)"
      case .nothing: "no check of its certificate"
      }
    return "\(id.map { "cluster \($0): " } ?? "")server \(endpoint.server) from \(serverOrigin), identity from "
      + "\(identityOrigin), \(ca)"
  }

  /// Whether nothing says to the server who one is.
  var sendsNothing: Bool { endpoint.credential == nil && endpoint.tls.clientCertificate == nil }

  /// The same, where the administrator asks in place of APISIX.
  var asAdministrator: Target {
    var target = self
    target.endpoint = administrator ?? endpoint
    return target
  }

  /// Who asks, where nobody tells the name.
  var anybody: String { impersonated ?? "the user of \(identityOrigin)" }

  /// The user of `--as`, or of a kubeconfig that acts as another.
  package var impersonated: String? { endpoint.headers.first { $0.name == "Impersonate-User" }?.value }

  /// Whether the server is spoken to over TLS.
  public var isTLS: Bool { endpoint.server.hasPrefix("https://") }
}

/// A token as it was given, and as APISIX of the release would send it.
public struct GivenToken: Sendable {
  public let text: TokenText
  /// The bytes as they stood there.
  public let raw: Secret
  /// What goes behind `Bearer `; nil when no header can hold it.
  public let sent: Secret?
  public let source: TokenFlaw.Source
  /// Where it stands, when that is a file that can be named.
  public let place: Target.Place?

  public init(_ bytes: [UInt8], source: TokenFlaw.Source, release: Release, place: Target.Place? = nil) {
    text = TokenText(bytes)
    raw = Secret(String(decoding: bytes, as: UTF8.self))
    self.source = source
    self.place = place
    let reading = TokenReading(release)
    var sent = reading.sent(bytes)
    // What 2.x sends with a line break behind it breaks its request; the token itself is looked at all the same.
    if reading.trim == .none { while sent.last == 0x0A || sent.last == 0x0D { sent.removeLast() } }
    self.sent = sent.contains { $0 < 0x20 || $0 == 0x7F } ? nil : Secret(bytes: sent)
  }
}
