import APISIX

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
    var rest = text[...]
    var scheme: String?
    var found: [String] = []
    if let mark = rest.firstBytes(of: "://") {
      scheme = rest[..<mark.lowerBound].lowercased()
      rest = rest[mark.upperBound...]
      found.append("a scheme")
    }
    var path: Substring?
    if let slash = rest.firstIndex(of: "/") {
      path = rest[slash...]
      rest = rest[..<slash]
    }
    var port: Substring?
    if let colon = rest.lastIndex(of: ":"), rest.filter({ $0 == ":" }).count == 1 {
      port = rest[rest.index(after: colon)...]
      rest = rest[..<colon]
      found.append("a port")
    }
    if path != nil { found.append("a path") }
    guard !found.isEmpty, Pattern.host.matches(rest.lowercased()) else { return nil }
    parts = found.joined(separator: found.count == 2 ? " and " : ", ")
    var keys: [String] = []
    if let scheme, scheme == "http" || scheme == "https" { keys.append("schema: \(scheme)") }
    keys.append("host: \(rest.lowercased())")
    if let port, !port.isEmpty { keys.append("port: \"\(port)\"") }
    let longPath = path.map { $0.count > 1 } ?? false
    mend =
      keys.joined(separator: ", ")
      + (longPath ? "; a path cannot be given, APISIX needs the API server itself" : "")
  }
}
