import CurlShim
import Glibc
import Inputs
import SourceText

/// The parts of a URL, as libcurl itself reads them: what is judged here is what will be connected to.
struct Origin: Sendable, Equatable {
  /// Lower case.
  let scheme: String
  /// IPv6 addresses without their brackets.
  let host: String
  let port: Int
  /// A user or password stands in the URL.
  let hasUserInfo: Bool
  /// The whole URL, as libcurl wrote it again.
  let url: String

  /// Nil when libcurl cannot read it as an absolute URL, or would take a piece of a password for the server. libcurl
  /// must be loaded.
  init?(_ text: String, defaultPort: Int? = nil) {
    guard !text.utf8.contains(0), !URLText(text).isReadDifferently, let parsed = gc_url_parse(text) else { return nil }
    defer { gc_url_free(parsed) }
    func part(_ part: CURLUPart) -> String? {
      guard let text = gc_url_part(parsed, part) else { return nil }
      defer { gc_text_free(text) }
      return String(cString: text)
    }
    guard let scheme = part(CURLUPART_SCHEME)?.lowercased(), var host = part(CURLUPART_HOST), !host.isEmpty,
      let url = part(CURLUPART_URL)
    else { return nil }
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    let usual = defaultPort ?? (scheme == "https" ? 443 : 80)
    self.scheme = scheme
    self.host = host
    self.port = part(CURLUPART_PORT).flatMap { Int($0) } ?? usual
    self.hasUserInfo = part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil
    self.url = url
  }

  /// The same server's with another path.
  fileprivate func with(url: Substring) -> Origin {
    Origin(scheme: scheme, host: host, port: port, hasUserInfo: hasUserInfo, url: String(url))
  }

  private init(scheme: String, host: String, port: Int, hasUserInfo: Bool, url: String) {
    (self.scheme, self.host, self.port, self.hasUserInfo, self.url) = (scheme, host, port, hasUserInfo, url)
  }

  /// The URL with another host, for `tls-server-name`; nil when that is no host name.
  static func url(_ text: String, withHost host: String) -> String? {
    guard !host.utf8.contains(0), let parsed = gc_url_parse(text) else { return nil }
    defer { gc_url_free(parsed) }
    guard gc_url_set_part(parsed, CURLUPART_HOST, bracketed(host)) == CURLUE_OK,
      let url = gc_url_part(parsed, CURLUPART_URL)
    else { return nil }
    defer { gc_text_free(url) }
    return String(cString: url)
  }

  /// `host:port`, with brackets around an IPv6 address.
  var address: String { "\(bracketed(host)):\(port)" }

  /// As the Host header of HTTP has it: the port only where it is not the scheme's own.
  var hostHeader: String { port == (scheme == "https" ? 443 : 80) ? bracketed(host) : address }

  /// An address that never leaves this machine: 127.0.0.0/8, ::1, or the name localhost, which libcurl itself
  /// resolves to those.
  var isLoopback: Bool {
    if host.lowercased() == "localhost" { return true }
    guard let bytes = addressBytes(host) else { return false }
    return bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
  }
}

/// The parts of URLs that one after the other are mostly of one server, whose name is taken apart once.
final class Origins {
  /// The server in ASCII.
  private var last: (server: String, origin: Origin, written: Substring)?

  func of(_ url: String) -> Origin? {
    // A path has no say in what stands before it.
    if let last, url.hasPrefix(last.server) {
      let path = url[url.utf8.index(url.startIndex, offsetBy: last.server.utf8.count)...]
      if path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) {
        return last.origin.with(url: last.written + path)
      }
    }
    guard let server = Self.server(of: url), !server.utf8.contains(where: { $0 >= 0x80 || "?#\\@".utf8.contains($0) })
    else {
      return Origin(url)
    }
    let origin = Origin(url)
    last = origin.flatMap { origin in Self.server(of: origin.url).map { (String(server), origin, $0) } }
    return origin
  }

  /// What stands before the path.
  private static func server(of url: String) -> Substring? {
    guard let scheme = url.firstBytes(of: "://") else { return nil }
    return url.utf8[scheme.upperBound...].firstIndex(of: UInt8(ascii: "/")).map { url[..<$0] }
  }
}

func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
