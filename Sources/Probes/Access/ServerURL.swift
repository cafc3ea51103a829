import Inputs

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
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    let url = URLText(text)
    scheme = url.scheme?.lowercased() ?? "https"
    host = url.host.lowercased()
    port = url.port.map { Int($0) ?? 0 } ?? (scheme == "https" ? 443 : 80)
    path = url.path
    let visible = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    guard ["http", "https"].contains(scheme), url.userInfo == nil, (1...65535).contains(port), visible,
      !path.contains("?"), !path.contains("#"), !host.isEmpty,
      !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]"))
    else { return nil }
  }

  init?(scheme: String, host: String, port: String) {
    // With a port, or a scheme, of its own.
    guard !host.contains(":") || addressBytes(host.filter { $0 != "[" && $0 != "]" }) != nil else { return nil }
    self.init("\(scheme)://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port)")
  }

  var text: String { "\(scheme)://\(address)\(path)" }
  var address: String { "\(host):\(port)" }

  /// Whether both name one server; a path behind it does not matter.
  func isSame(as other: ServerURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }
}
