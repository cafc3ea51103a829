import CurlShim
import Glibc
import SourceText

extension Transfer {
  /// The answer, or what kept it from coming. Without a code the handler had enough.
  func result(_ code: CURLcode?) -> Result<Response, HTTPError> {
    guard let code else { return stopped() }
    switch stop {
    case .byHandler: return stopped()
    case .tooLarge: return .failure(error(.bodyTooLarge(limit: request.maxBytes)))
    case .tooManyHeaders: return .failure(error(.headTooLarge))
    case .cancelled: return .failure(error(.cancelled))
    case .late(let whole):
      let limit = whole ? ContinuousClock.now - started : request.timeout ?? .zero
      return .failure(error(.timedOut(step, after: limit, wholeCommand: whole)))
    case .noHead: return .failure(headless)
    case nil: break
    }
    guard code == CURLE_OK else { return .failure(failure(code)) }
    guard let response else { return .failure(headless) }
    if response.status == 400, origin.scheme == "http", response.saysPlainHTTP {
      return .failure(error(.plainHTTPToTLSPort, detail: String(decoding: response.body.prefix(200), as: UTF8.self)))
    }
    if response.status == 407, proxy != nil { return .failure(error(.proxyAuthenticationWanted)) }
    return .success(response)
  }

  /// No status line: libcurl took it for HTTP/0.9. A TLS alert record starts with 21, 3.
  private var headless: HTTPError { error(body.starts(with: [0x15, 0x03]) ? .plainHTTPToTLSPort : .badAnswer) }

  /// What there is when the handler wants no more.
  private func stopped() -> Result<Response, HTTPError> {
    response.map { .success($0) } ?? .failure(error(.badAnswer))
  }

  func error(_ kind: HTTPError.Kind, detail: String = "") -> HTTPError {
    let isProxys: Bool =
      switch kind {
      case .proxyNameNotResolved, .proxyAuthenticationWanted, .proxyRefused, .refused, .unreachable, .connectFailed,
        .timedOut(.nameLookup, _, _), .timedOut(.connect, _, _):
        true
      default: false
      }
    return HTTPError(
      kind, address: isProxys ? proxy?.endpoint ?? origin.address : origin.address, proxy: proxy,
      milliseconds: elapsed, detail: detail)
  }

  func failure(_ code: CURLcode) -> HTTPError {
    let detail = detail(code)
    let evidence = Evidence(
      code: code, detail: detail.lowercased(), step: step, askedForCertificate: askedForCertificate,
      verifyResult: gc_get_long(easy.raw, CURLINFO_SSL_VERIFYRESULT),
      errno: Int32(truncatingIfNeeded: gc_get_long(easy.raw, CURLINFO_OS_ERRNO)),
      connectStatus: gc_get_long(easy.raw, CURLINFO_HTTP_CONNECTCODE), request: request, elapsed: elapsed)
    return error(evidence.kind, detail: detail)
  }
}

extension Response {
  /// The words with which Go, nginx and Apache answer plain http on a TLS port.
  fileprivate var saysPlainHTTP: Bool {
    let text = String(decoding: body.prefix(1000), as: UTF8.self).lowercased()
    return ["http request to an https server", "plain http request was sent to https", "plain http to an ssl-enabled"]
      .contains(where: text.has)
  }
}

/// What libcurl left behind after a failure, and what it means. The numbers and words are libcurl's
/// (libcurl-errors(3)) and OpenSSL's.
struct Evidence {
  let code: CURLcode
  /// Lower case.
  let detail: String
  let step: HTTPError.Step
  /// The server's handshake asked for a client certificate.
  let askedForCertificate: Bool
  let verifyResult: Int
  let errno: Int32
  /// The proxy's answer to CONNECT, 0 if none.
  let connectStatus: Int
  let request: Request
  let elapsed: Double

  var kind: HTTPError.Kind {
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .unsupportedURL
    case CURLE_COULDNT_RESOLVE_PROXY: .proxyNameNotResolved
    case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
    case CURLE_COULDNT_CONNECT: connect
    case CURLE_OPERATION_TIMEDOUT: timeout
    case CURLE_SSL_CONNECT_ERROR: handshake
    case CURLE_PEER_FAILED_VERIFICATION: distrust
    case CURLE_SSL_CACERT_BADFILE: .badAuthorities
    case CURLE_SSL_CERTPROBLEM: .badClientCertificate
    case CURLE_SSL_CLIENTCERT: .clientCertificateWanted
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: lost
    case CURLE_PARTIAL_FILE: .truncatedBody
    case CURLE_HTTP2, CURLE_HTTP2_STREAM:
      detail.has("not closed cleanly") ? .connectionLost(step) : .badAnswer
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .badAnswer
    case CURLE_PROXY: .proxyRefused(status: connectStatus)
    // A header line without end goes beyond the buffer that libcurl grants it.
    case CURLE_OUT_OF_MEMORY where step == .headers || step == .answer: .headTooLarge
    // CURLE_TOO_LARGE of 8.6 and newer, which older headers do not name: endless headers.
    case _ where code.rawValue == 100: .headTooLarge
    default: .other(code: Int(code.rawValue))
    }
  }

  private var connect: HTTPError.Kind {
    switch errno {
    case ECONNREFUSED: .refused
    case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: .unreachable(errno: errno)
    case ETIMEDOUT: timeout
    default: .connectFailed(errno: errno)
    }
  }

  /// Which of the request's two limits ran out shows in how long it took.
  private var timeout: HTTPError.Kind {
    let whole = request.timeout.map { $0 <= request.connectTimeout || elapsed >= $0.milliseconds } ?? false
    let limit = whole ? request.timeout ?? request.connectTimeout : request.connectTimeout
    return .timedOut(step, after: limit, wholeCommand: false)
  }

  private var distrust: HTTPError.Kind {
    // X509_V_ERR numbers of OpenSSL's x509_vfy.h; libcurl checks the host name itself and leaves 0 or 1.
    switch verifyResult {
    case 9: .notYetValidCertificate
    case 10: .expiredCertificate
    case 18: .untrustedCertificate(.selfSigned)
    case 19: .untrustedCertificate(.untrustedRoot)
    case 2, 20, 21: .untrustedCertificate(.unknownIssuer)
    case 62, 64: .wrongHost
    case 0,
      1 where detail.has("target host name") || detail.has("does not match"):
      .wrongHost
    default: .untrustedCertificate(.other(verifyResult))
    }
  }

  private var handshake: HTTPError.Kind {
    func says(_ words: String...) -> Bool { words.contains(where: detail.has) }
    if says("wrong version number", "packet length too long", "record layer failure", "http request") {
      return .notATLSPort
    }
    if says("unsupported protocol", "protocol version", "version too low") { return .tlsVersionTooOld }
    if let client = clientCertificate { return client }
    // TLS 1.2 has no better alert for a missing certificate.
    if says("alert handshake failure"), askedForCertificate { return certificateJudged }
    if says("unexpected eof", "ssl_error_syscall", "connection reset", "broken pipe") {
      return .connectionLost(.tlsHandshake)
    }
    return .tlsFailed
  }

  /// Alerts with which a server judges the client's certificate (RFC 8446, 6.2).
  private var clientCertificate: HTTPError.Kind? {
    guard detail.has("alert") else { return nil }
    if detail.has("certificate required") { return .clientCertificateWanted }
    let judged = [
      "bad certificate", "unknown ca", "certificate expired", "certificate unknown",
      "certificate revoked", "unsupported certificate", "access denied",
    ].contains(where: detail.has)
    return judged ? certificateJudged : nil
  }

  private var certificateJudged: HTTPError.Kind {
    request.tls.clientCertificate == nil ? .clientCertificateWanted : .clientCertificateRefused
  }

  private var lost: HTTPError.Kind {
    if let client = clientCertificate { return client }
    if connectStatus == 407 { return .proxyAuthenticationWanted }
    if connectStatus >= 300 || detail.has("from proxy after connect") {
      return .proxyRefused(status: connectStatus)
    }
    if detail.has("chunk") { return .badAnswer }
    // With TLS 1.3 the client is done before the server judges its certificate. The reset that follows may overtake
    // the alert; what is left is a connection that broke before the request could be written.
    let sending = code == CURLE_SEND_ERROR || detail.has("ssl_write") || detail.has("send failure")
    if askedForCertificate, sending, step == .answer || step == .tlsHandshake { return certificateJudged }
    return .connectionLost(step)
  }
}
