import Glibc
import Inputs
import ResolverShim

/// Name servers that are asked in place of the system's.
public struct NameServers: Sendable, Hashable {
  /// `127.0.0.1`, `127.0.0.1:5353`; IPv4. The first three count.
  public let addresses: [String]
  /// Whether the search list of this machine's resolv.conf is tried.
  public let searches: Bool

  public init(_ addresses: [String], searches: Bool = true) {
    self.addresses = addresses
    self.searches = searches
  }

  /// The addresses of a name; those of this machine's hosts file come first, so nil says that the system knows it.
  /// - Parameter limit: what the answers may take; a server has a second at least.
  func addresses(of name: String, within limit: Duration?) throws(Failure) -> [String]? {
    let name = name.lowercased()
    if name == "localhost" || Self.isInHostsFile(name) { return nil }
    let servers = addresses.map { text -> (address: UnsafeMutablePointer<CChar>?, port: Int32) in
      let parts = text.split(separator: ":", maxSplits: 1)
      return (strdup(parts.first.map(String.init) ?? ""), parts.count == 2 ? Int32(parts[1]) ?? 53 : 53)
    }
    defer { for server in servers { free(server.address) } }
    var text = [CChar](repeating: 0, count: 4096)
    let code = gc_look_up(
      name, servers.map { gc_server(address: $0.address, port: $0.port) }, servers.count, searches,
      (limit ?? .seconds(10)) >= .seconds(8), &text, text.count)
    guard code == 0 else { throw Failure(isUnknown: code == HOST_NOT_FOUND || code == NO_DATA) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      .split(separator: " ").map(String.init)
  }

  struct Failure: Error {
    /// The servers say so; else they gave no answer.
    let isUnknown: Bool
  }

  private static func isInHostsFile(_ name: String) -> Bool {
    guard let bytes = try? InputFile.contents("/etc/hosts") else { return false }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
      line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).dropFirst().contains { $0.lowercased() == name }
    }
  }
}
