import HTTP
import JSON
import Kubernetes
import SourceText

/// An answer that is no list, read as far as it tells anything.
struct AnswerText {
  let code: Int
  /// What a Kubernetes API server says when it refuses; nil from anybody else.
  let status: Status?
  /// `text/html`
  let contentType: String?
  let location: String?
  let retryAfter: String?
  /// A page with a form or a script to log in by.
  let isLoginPage: Bool
  /// `nginx/1.25`, by its own word.
  private let serverHeader: String?
  /// The plain words that Kubernetes answers for a path it does not have.
  let isPlainNotFound: Bool

  init(_ response: Response, body: [UInt8]? = nil) {
    let body = body ?? response.body
    code = response.status
    status = (try? JSONValue.parse(body)).flatMap(Status.init)
    contentType = response.header("content-type").map { String($0.prefix { $0 != ";" }) }
    location = response.header("location")
    retryAfter = response.header("retry-after")
    serverHeader = response.header("server")
    isLoginPage = Self.isLoginPage(contentType, body, code)
    isPlainNotFound = code == 404 && String(decoding: body.prefix(64), as: UTF8.self).hasPrefix("404 page not found")
  }

  /// A page in place of a list can only be for people; a refusal may also be a gateway's bare page of words.
  private static func isLoginPage(_ type: String?, _ body: [UInt8], _ code: Int) -> Bool {
    guard type == "text/html" || type == "application/xhtml+xml" else { return false }
    let text = String(decoding: body.prefix(65_536), as: UTF8.self).lowercased()
    return code < 300 || ["<form", "<script", "password", "log in", "sign in"].contains(where: text.has)
  }

  /// Who answered, for people.
  var answerer: String { serverHeader.map { "a proxy (\($0))" } ?? "a proxy or gateway" }

  /// `302 (text/html)`
  var text: String { "\(code)" + (contentType.map { " (\($0))" } ?? "") }

  /// Scheme and host of a redirect: what stands behind them may hold a session.
  var locationHost: String? {
    guard let location else { return nil }
    guard let url = ServerURL(String(location.prefix { $0 != "?" && $0 != "#" })) else { return nil }
    return location.has("://") ? "\(url.scheme)://\(url.address)" : nil
  }
}
