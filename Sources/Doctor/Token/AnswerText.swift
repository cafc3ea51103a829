import HTTP
import JSON
import Kubernetes

/// An answer that is no list, read as far as it tells anything.
struct AnswerText {
  let code: Int
  /// What a Kubernetes API server says when it refuses; nil from anybody else.
  let status: Status?
  /// `text/html`
  let contentType: String?
  let location: String?
  let retryAfter: String?
  /// The plain words that Kubernetes answers for a path it does not have.
  let isPlainNotFound: Bool

  init(_ response: Response, body: [UInt8]? = nil) {
    let body = body ?? response.body
    code = response.status
    status = (try? JSONValue.parse(body)).flatMap(Status.init)
    contentType = response.header("content-type").map { String($0.prefix { $0 != ";" }) }
    location = response.header("location")
    retryAfter = response.header("retry-after")
    isPlainNotFound = code == 404 && String(decoding: body.prefix(64), as: UTF8.self).hasPrefix("404 page not found")
  }

  /// `302 (text/html)`
  var text: String { "\(code)" + (contentType.map { " (\($0))" } ?? "") }

  /// Scheme and host of a redirect: what stands behind them may hold a session.
  var locationHost: String? {
    guard let location else { return nil }
    guard let url = ServerURL(String(location.prefix { $0 != "?" && $0 != "#" })) else { return nil }
    return location.contains("://") ? "\(url.scheme)://\(url.address)" : nil
  }
}
