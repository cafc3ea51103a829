import APISIX
import Inputs

enum HostName {
  /// `: it has an underscore`
  static func reason(_ text: String) -> String {
    if text.isEmpty { return ": it is empty" }
    if text.has("_") { return ": it has an underscore" }
    if text.hasSuffix(".") { return ": it ends in a dot" }
    if text.contains(where: \.isWhitespace) { return ": it has a blank" }
    if text.hasPrefix("$") { return ": a variable must be ${NAME} as the whole value" }
    return ""
  }
}

/// A host with more than a host in it.
struct ServiceURL {
  /// What there is too much: `a scheme and a port`.
  let parts: String
  /// `schema: https, host: kube.example.org and port: "6443"`
  let mend: String

  init?(_ text: String) {
    let url = URLText(text)
    let scheme = url.scheme?.lowercased()
    let host = url.host.lowercased()
    var found = scheme == nil ? [] : ["a scheme"]
    if url.port != nil { found.append("a port") }
    if url.path.hasPrefix("/") { found.append("a path") } else if !url.path.isEmpty { return nil }
    guard !found.isEmpty, url.userInfo == nil, Pattern.host.matches(host) else { return nil }
    parts = found.joined(separator: found.count == 2 ? " and " : ", ")
    var keys: [String] = []
    if let scheme, scheme == "http" || scheme == "https" { keys.append("schema: \(scheme)") }
    keys.append("host: \(host)")
    if let port = url.port, !port.isEmpty { keys.append("port: \"\(port)\"") }
    mend =
      keys.joined(separator: ", ")
      + (url.path.utf8.count > 1 ? "; a path cannot be given, APISIX needs the API server itself" : "")
  }
}
