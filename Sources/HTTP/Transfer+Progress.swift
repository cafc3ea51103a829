import CurlShim
import Glibc
import Inputs
import SourceText

/// How far a transfer came.
extension Transfer {
  /// libcurl's message, its general one where the buffer is empty, without the request's credential.
  func detail(_ code: CURLcode) -> String {
    let text = errorText.pointee == 0 ? String(cString: gc_error_text(code)) : String(cString: errorText)
    return switch request.credential {
    case .bearer(let secret), .basic(_, let secret), .header(_, let secret): secret.redacted(in: text)
    case nil: text
    }
  }

  var step: HTTPError.Step {
    func passed(_ step: CURLINFO) -> Bool { time(step) > 0 }
    if head != nil { return .body }
    if status > 0 { return .headers }
    if passed(CURLINFO_PRETRANSFER_TIME_T) { return .answer }
    if !passed(CURLINFO_NAMELOOKUP_TIME_T) { return .nameLookup }
    // Some releases set the connect time only after the TLS handshake, the local port always at once.
    let connected = passed(CURLINFO_CONNECT_TIME_T) || gc_get_long(easy.raw, CURLINFO_LOCAL_PORT) > 0
    if !connected { return .connect }
    if origin.scheme == "https", proxy != nil, gc_get_long(easy.raw, CURLINFO_HTTP_CONNECTCODE) == 0 {
      return .tunnel
    }
    return origin.scheme == "https" && !passed(CURLINFO_APPCONNECT_TIME_T) ? .tlsHandshake : .answer
  }

  /// Milliseconds from the start to this step; 0 where it was not reached.
  func time(_ step: CURLINFO) -> Double { Double(gc_get_offset(easy.raw, step)) / 1000 }

  var elapsed: Double { (ContinuousClock.now - started).milliseconds }

  /// Nil where no head has come.
  var response: Response? {
    head.map { head in
      Response(
        head: head, body: body, milliseconds: elapsed,
        reusedConnection: gc_get_long(easy.raw, CURLINFO_NUM_CONNECTS) == 0)
    }
  }
}
