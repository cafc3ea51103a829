/// The parts of a registry's address, `http://user:password@host:port/path`, as people write them.
struct RegistryAddress: Sendable {
  /// As it is written, without `://`; nil where there is none.
  let scheme: String?
  let userInfo: String?
  let host: String
  let port: String?
  /// With its first slash; empty where there is none.
  let path: String

  init(_ text: String) {
    var rest = text[...]
    if let mark = rest.firstBytes(of: "://") {
      scheme = String(rest[..<mark.lowerBound])
      rest = rest[mark.upperBound...]
    } else {
      scheme = nil
    }
    // A password may hold a slash or a question mark; the last @ ends it.
    if let at = rest.utf8.lastIndex(of: UInt8(ascii: "@")) {
      userInfo = String(rest[..<at])
      rest = rest[rest.utf8.index(after: at)...]
    } else {
      userInfo = nil
    }
    let slash = rest.utf8.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
    path = String(rest[slash...])
    rest = rest[..<slash]
    if let colon = rest.utf8.lastIndex(of: UInt8(ascii: ":")), !rest.utf8[colon...].contains(UInt8(ascii: "]")) {
      port = String(rest[rest.utf8.index(after: colon)...])
      rest = rest[..<colon]
    } else {
      port = nil
    }
    host = String(rest)
  }

  /// Without user and password, for messages.
  var shown: String { text(userInfo: userInfo.map { _ in "***" }) }

  /// Put together again, with other parts where given.
  func text(scheme: String? = nil, path: String? = nil) -> String {
    text(scheme: scheme, userInfo: userInfo, path: path)
  }

  private func text(scheme: String? = nil, userInfo: String?, path: String? = nil) -> String {
    let scheme = scheme ?? self.scheme
    return (scheme.map { $0 + "://" } ?? "") + (userInfo.map { $0 + "@" } ?? "") + host + (port.map { ":" + $0 } ?? "")
      + (path ?? self.path)
  }

  /// Whether the scheme is right but for upper case.
  var schemeInLowerCase: String? {
    guard let scheme, ["http", "https"].contains(scheme.lowercased()), scheme != scheme.lowercased() else { return nil }
    return scheme.lowercased()
  }

  /// Most texts have none of the characters that a placeholder is made of.
  static func mayHoldPlaceholder(_ text: String) -> Bool {
    text.utf8.contains { byte in
      switch byte | 0x20 {
      case UInt8(ascii: "x"), UInt8(ascii: "y"), UInt8(ascii: "<"), UInt8(ascii: ">"): true
      default: false
      }
    }
  }

  /// A host that a document left to be filled in: `192.168.xx.xx`, `<nacos>`, `your-host`.
  static func isPlaceholder(_ host: String) -> Bool {
    guard mayHoldPlaceholder(host) else { return false }
    let lower = host.lowercased()
    if lower.has("<") || lower.has(">") || lower.hasPrefix("your-") || lower.hasPrefix("your_") {
      return true
    }
    let parts = lower.split(separator: ".")
    let letters = parts.filter { part in part.allSatisfy { $0 == "x" } }
    return !letters.isEmpty && parts.count == 4
      && parts.allSatisfy { part in part.allSatisfy { $0 == "x" } || UInt8(part) != nil }
  }
}
