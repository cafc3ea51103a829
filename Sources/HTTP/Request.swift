public import Inputs

/// One HTTP request and the limits it runs under. A plain value: nothing is sent before a client performs it.
public struct Request: Sendable {
  /// Sent as it is written.
  public var method: String
  /// Absolute, http or https.
  public var url: String
  /// Sent in this order. A name or value with a line break is refused (`invalidRequest`).
  public var headers: [Header]
  public var body: [UInt8]?
  /// Goes to the server of `url` only, and never in clear; see `allowPlainHTTP`.
  public var credential: Credential?
  public var tls: TLSSettings
  public var proxy: ProxySetting
  /// For the whole exchange, from the name lookup to the last byte; nil for none.
  public var timeout: Duration?
  /// For name lookup, TCP connection and TLS handshake together.
  public var connectTimeout: Duration
  /// Bytes of the body after decompression; one more ends the request with `bodyTooLarge`.
  public var maxBytes: Int
  /// The body proves who someone is: it is guarded as a credential is.
  public var holdsSecret = false
  /// Lets a credential go over plain http, or through a proxy in clear (`--allow-plain-http`).
  public var allowPlainHTTP: Bool
  /// Asks for a compressed answer. One that comes unasked is read all the same (`HTTPClient.compressed`).
  public var asksCompression = true
  /// Where the server's name is looked up; nil: as the system does. A proxy looks it up itself.
  public var nameServers: NameServers?
  /// Where the server is, once that is looked up.
  var located: String?

  public init(
    _ url: String, method: String = "GET", headers: [Header] = [], body: [UInt8]? = nil,
    credential: Credential? = nil, tls: TLSSettings = TLSSettings(), proxy: ProxySetting = .environment,
    timeout: Duration? = .seconds(10), connectTimeout: Duration = .seconds(10), maxBytes: Int = 64 << 20,
    allowPlainHTTP: Bool = false
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.credential = credential
    self.tls = tls
    self.proxy = proxy
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.maxBytes = maxBytes
    self.allowPlainHTTP = allowPlainHTTP
  }
}

public struct Header: Sendable, Equatable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Who the client says it is, beside a client certificate (which stands in `TLSSettings`).
public enum Credential: Sendable, Equatable {
  /// `Authorization: Bearer …`
  case bearer(Secret)
  /// `Authorization: Basic …`
  case basic(user: String, password: Secret)
  /// A header of the server's own, such as `X-Consul-Token`.
  case header(name: String, value: Secret)

  var secret: Secret {
    switch self {
    case .bearer(let secret), .basic(_, let secret), .header(_, let secret): secret
    }
  }
}

/// How the server's certificate is judged and which one is shown to it.
public struct TLSSettings: Sendable, Equatable {
  public enum Authorities: Sendable, Equatable {
    /// The store that libcurl was built to use.
    case system
    /// PEM certificates in a file, and no others.
    case file(String)
    /// PEM certificates in memory (kubeconfig's `certificate-authority-data`), and no others.
    case pem([UInt8])
  }

  public struct ClientCertificate: Sendable, Equatable {
    /// PEM, the chain after the certificate itself.
    public let certificate: [UInt8]
    /// PEM, not encrypted.
    public let key: Secret

    public init(certificate: [UInt8], key: Secret) {
      self.certificate = certificate
      self.key = key
    }
  }

  public var authorities: Authorities
  /// What the handshake says of the server's name (SNI), and whether the certificate must be for it.
  public enum Name: Sendable, Equatable {
    /// Asked for and verified.
    case asked
    /// Verified only, where libcurl's TLS library can do that; else as `asked`.
    case verified
    /// As `verified`, but where it is wrong the request goes on: `HTTPClient.wrongHosts`.
    case noted
    /// Neither asked for nor verified.
    case ignored
  }

  /// False is kubectl's `insecure-skip-tls-verify`.
  public var verify: Bool
  public var clientCertificate: ClientCertificate?
  /// The name asked for and verified in place of the URL's host: kubeconfig's `tls-server-name`.
  public var serverName: String?
  public var name = Name.asked

  public init(
    authorities: Authorities = .system, verify: Bool = true, clientCertificate: ClientCertificate? = nil,
    serverName: String? = nil
  ) {
    self.authorities = authorities
    self.verify = verify
    self.clientCertificate = clientCertificate
    self.serverName = serverName
  }
}

/// Which proxy a request takes.
public enum ProxySetting: Sendable, Equatable {
  /// What the variables say, as curl reads them; see `Proxy.of`.
  case environment
  /// None, whatever the variables say.
  case direct
  /// This one, whatever the variables say (kubeconfig's `proxy-url`); a Secret because it may hold a password.
  case url(Secret)
}
