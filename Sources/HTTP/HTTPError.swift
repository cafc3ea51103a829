import Glibc

/// Why a request got no answer. `description` is a sentence for people; `detail` is libcurl's own wording for
/// `--verbose`. Neither holds a credential or the URL's path.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
  public let kind: Kind
  /// The host and port that the failing step spoke to: the server's, or the proxy's where that one failed.
  public let address: String
  /// The proxy the request was to go through, if any: it may be in the way.
  public let proxy: Proxy?
  /// Milliseconds from the start of the request to the failure.
  public let milliseconds: Double
  /// What libcurl, the TLS library or the system said; may be empty.
  public let detail: String

  public init(_ kind: Kind, address: String, proxy: Proxy? = nil, milliseconds: Double = 0, detail: String = "") {
    self.kind = kind
    self.address = address
    self.proxy = proxy
    self.milliseconds = milliseconds
    self.detail = detail
  }

  public enum Kind: Sendable, Equatable {
    /// libcurl is not installed, too old, or cannot be initialised; `detail` names the package.
    case libcurlMissing
    /// Not an absolute http or https URL.
    case unsupportedURL
    /// A method, header or credential with a line break or NUL in it.
    case invalidRequest
    /// A credential was about to go in clear over the network, or through a proxy in clear. Nothing was sent.
    case credentialOverPlainHTTP
    case nameNotResolved
    /// The request's own name servers gave no answer.
    case nameServersSilent
    case proxyNameNotResolved
    case refused
    /// No route to host or network, with the errno.
    case unreachable(errno: Int32)
    /// Any other failure to connect, with the errno or 0.
    case connectFailed(errno: Int32)
    /// The step that was under way when the time ran out, and whether it was the whole command's.
    case timedOut(Step, after: Duration, wholeCommand: Bool)
    case untrustedCertificate(Distrust)
    case wrongHost
    case expiredCertificate
    case notYetValidCertificate
    /// https was spoken to a port that does not speak TLS.
    case notATLSPort
    /// http was spoken to a port that wants TLS.
    case plainHTTPToTLSPort
    /// The server speaks TLS 1.1 or older only.
    case tlsVersionTooOld
    /// Any other failed handshake.
    case tlsFailed
    /// The server ends connections that show no client certificate.
    case clientCertificateWanted
    /// The server does not accept the client certificate it was shown.
    case clientCertificateRefused
    /// The CA file or CA data cannot be read or holds no certificate.
    case badAuthorities
    /// The client certificate or its key cannot be read, or they do not belong together.
    case badClientCertificate
    /// The connection was closed or reset before the answer's end.
    case connectionLost(Step)
    /// The body ended before the length that its header gives.
    case truncatedBody
    /// More decoded bytes than the request allows.
    case bodyTooLarge(limit: Int)
    /// More than 256 KiB of headers, or a line of them that libcurl does not take.
    case headTooLarge
    /// The answer is no HTTP, or breaks it.
    case badAnswer
    /// The proxy wants a user and password (407).
    case proxyAuthenticationWanted
    /// The proxy would not make the connection; the status it answered, or 0.
    case proxyRefused(status: Int)
    /// The caller's flag was set (Ctrl-C).
    case cancelled
    /// What no other case covers, with libcurl's code.
    case other(code: Int)
  }

  /// Steps of an exchange, in order.
  public enum Step: Sendable, Equatable {
    case nameLookup
    case connect
    /// The proxy was reached, but has not yet made the connection to the server.
    case tunnel
    case tlsHandshake
    /// Connected, request under way or sent, no status line yet.
    case answer
    /// The status line is there, the headers are not complete.
    case headers
    case body
  }

  public enum Distrust: Sendable, Equatable {
    /// The server's certificate is signed by itself.
    case selfSigned
    /// The chain ends in a root that is not trusted.
    case untrustedRoot
    /// The issuer of a certificate in the chain is not known.
    case unknownIssuer
    /// Anything else, with OpenSSL's X509_V_ERR number (0 if there is none).
    case other(Int)
  }

  /// What the system calls an error of it.
  public static func words(of errno: Int32) -> String { String(cString: strerror(errno)) }

  public var description: String {
    switch kind {
    case .libcurlMissing: detail
    case .unsupportedURL: "not an http or https URL"
    case .invalidRequest: "the request to \(address) cannot be sent: \(detail)"
    case .credentialOverPlainHTTP:
      "refused to send a credential to \(address) in clear\(proxy.map { " through the proxy \($0.address)" } ?? "")"
    case .nameNotResolved: "the name of \(address) does not resolve"
    case .nameServersSilent: "the name servers gave no answer about the name of \(address)"
    case .proxyNameNotResolved: "the name of the proxy \(address) does not resolve"
    case .refused: "\(address) refused the connection"
    case .unreachable: "no route to \(address)"
    case .connectFailed(let errno): "cannot connect to \(address)\(errno == 0 ? "" : ": \(Self.words(of: errno))")"
    case .timedOut(let step, let after, let wholeCommand):
      "\(address): \(step.missed) within "
        + (wholeCommand ? "the time for the whole command" : "\(after.seconds) s")
    case .untrustedCertificate(.selfSigned): "\(address) shows a self-signed certificate that is not trusted"
    case .untrustedCertificate(.untrustedRoot): "\(address) shows a certificate whose root is not trusted"
    case .untrustedCertificate(.unknownIssuer): "\(address) shows a certificate of an unknown issuer"
    case .untrustedCertificate(.other): "the certificate of \(address) does not verify"
    case .wrongHost: "the certificate of \(address) is for another host"
    case .expiredCertificate: "the certificate of \(address) has expired"
    case .notYetValidCertificate: "the certificate of \(address) is not valid yet"
    case .notATLSPort: "\(address) does not speak TLS"
    case .plainHTTPToTLSPort: "\(address) speaks TLS, it was asked over plain http"
    case .tlsVersionTooOld: "\(address) speaks no TLS version newer than 1.1"
    case .tlsFailed: "the TLS handshake with \(address) failed"
    case .clientCertificateWanted: "\(address) wants a client certificate"
    case .clientCertificateRefused: "\(address) does not accept the client certificate"
    case .badAuthorities: "the CA certificates for \(address) cannot be read"
    case .badClientCertificate: "the client certificate or key for \(address) cannot be used"
    case .connectionLost(let step): "\(address) closed the connection \(step.during)"
    case .truncatedBody: "the answer of \(address) is cut short"
    case .bodyTooLarge(let limit): "the answer of \(address) is larger than \(limit) bytes"
    case .headTooLarge: "the headers of \(address)'s answer are too long"
    case .badAnswer: "\(address) does not answer in HTTP"
    case .proxyAuthenticationWanted: "the proxy \(address) wants a user and password"
    case .proxyRefused(let status):
      "the proxy \(address) did not make the connection\(status == 0 ? "" : " (status \(status))")"
    case .cancelled: "cancelled"
    case .other: "the request to \(address) failed: \(detail)"
    }
  }
}

extension HTTPError.Step {
  var missed: String {
    switch self {
    case .nameLookup: "the name did not resolve"
    case .connect: "no connection"
    case .tunnel: "the proxy made no connection"
    case .tlsHandshake: "connected, but no TLS handshake"
    case .answer: "connected, but no answer"
    case .headers: "the answer's headers did not end"
    case .body: "the answer's body did not end"
    }
  }

  var during: String {
    switch self {
    case .nameLookup, .connect, .tunnel: "while it was being made"
    case .tlsHandshake: "during the TLS handshake"
    case .answer: "without an answer"
    case .headers: "in the middle of the headers"
    case .body: "in the middle of the body"
    }
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }

  /// Seconds for people: `10`, `1.5`.
  var seconds: String {
    let tenths = Int((milliseconds / 100).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
