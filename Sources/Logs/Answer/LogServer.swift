import APISIX
import Inputs
import SourceText

extension LogConfig {
  /// The server of the registry that an entry speaks of: the one that it names, else the first of the file; without
  /// user and password. nil where that is not known, or cannot go into a command.
  func server(_ explanation: Explanation) -> String? {
    guard let kind = explanation.registry, kind != .kubernetes,
      let registry = config.registries.first(where: { $0.name == kind.key }),
      let list = registry.value["servers"] ?? registry.value["host"], let first = list.items?.first?.string
    else { return nil }
    let named = explanation[.server].flatMap { $0.has("://") ? $0 : nil }
    let server = URLText(named ?? first).withoutUser
    let start = server.firstBytes(of: "://")?.upperBound ?? server.startIndex
    let end = server[start...].firstIndex(of: "/") ?? server.endIndex
    let isPlain = server[..<end].utf8.allSatisfy { $0.isAlphanumeric || ":/.-_[]".utf8.contains($0) }
    return isPlain ? String(server[..<end]) : nil
  }
}

extension String {
  /// A command with a registry's server in the place of the usual one.
  func naming(_ server: String) -> String {
    let host = server.firstBytes(of: "://").map { String(server[$0.upperBound...]) } ?? server
    return replacing("http://127.0.0.1:8500", with: server).replacing("http://SERVER", with: "http://\(host)")
      .replacing("dig @SERVER", with: dig(server))
  }
}

/// `dig @127.0.0.1 -p 8600`
private func dig(_ server: String) -> String {
  guard let colon = server.utf8.lastIndex(of: UInt8(ascii: ":")), !server[..<colon].utf8.contains(UInt8(ascii: ":"))
  else { return "dig @\(server)" }
  return "dig @\(server[..<colon]) -p \(server[colon...].dropFirst())"
}
