/// The address of an API server as people write it.
struct ServerURL: Hashable {
  let scheme: String
  /// Lower case; IPv6 with its brackets.
  let host: String
  let port: Int
  /// Without a final slash; empty for none.
  let path: String

  /// Takes URLs and `HOST:PORT`, which is https. Nil for anything else, a URL with a user in it included.
  init?(_ text: String) {
    var rest = text[...]
    while rest.hasSuffix("/") { rest.removeLast() }
    let lowered = rest.lowercased()
    if lowered.hasPrefix("http://") {
      scheme = "http"
      rest = rest.dropFirst(7)
    } else {
      scheme = "https"
      if lowered.hasPrefix("https://") { rest = rest.dropFirst(8) } else if rest.contains("://") { return nil }
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    path = String(rest[slash...])
    let authority = rest[..<slash]
    let visible = rest.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    guard visible, !authority.contains("@"), !rest.contains("?"), !rest.contains("#") else { return nil }
    let bracket = authority.lastIndex(of: "]")
    let colon = authority.lastIndex(of: ":")
    if let colon, bracket.map({ $0 < colon }) ?? true {
      guard let port = Int(authority[authority.index(after: colon)...]), (1...65535).contains(port) else { return nil }
      self.port = port
      host = authority[..<colon].lowercased()
    } else {
      port = scheme == "https" ? 443 : 80
      host = authority.lowercased()
    }
    guard !host.isEmpty, !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]")) else { return nil }
  }

  init?(scheme: String, host: String, port: String) {
    self.init("\(scheme)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)")
  }

  var text: String { "\(scheme)://\(address)\(path)" }
  var address: String { "\(host):\(port)" }

  /// Whether both name one server; a path behind it does not matter.
  func isSame(as other: ServerURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }
}
