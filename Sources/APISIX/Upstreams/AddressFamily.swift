import JSON
import SourceText

/// The IP family of an address.
public enum AddressFamily: String, Sendable, Hashable, CaseIterable {
  case ipv4 = "IPv4"
  case ipv6 = "IPv6"

  /// nil for what is no address, such as the host name of an FQDN slice.
  public init?(_ host: String) {
    if host.utf8.contains(UInt8(ascii: ":")) {
      self = .ipv6
    } else if host.utf8.contains(UInt8(ascii: ".")), host.utf8.allSatisfy({ $0 == 0x2E || $0.isDigit }) {
      self = .ipv4
    } else {
      return nil
    }
  }
}

extension UpstreamNode {
  /// nil where the host is no address.
  public var family: AddressFamily? { host?.string.flatMap { AddressFamily($0) } }
}
