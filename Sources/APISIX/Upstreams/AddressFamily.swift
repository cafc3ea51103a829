import JSON
import SourceText

/// The IP family of an address.
public enum AddressFamily: String, Sendable, Hashable, CaseIterable {
  case ipv4 = "IPv4"
  case ipv6 = "IPv6"

  /// nil for what is no address, such as the host name of an FQDN slice.
  public init?(_ host: String) {
    var (hasDot, isNumeric) = (false, true)
    for byte in host.utf8 {
      switch byte {
      case UInt8(ascii: ":"):
        self = .ipv6
        return
      case UInt8(ascii: "."): hasDot = true
      default: isNumeric = isNumeric && byte.isDigit
      }
    }
    guard hasDot, isNumeric else { return nil }
    self = .ipv4
  }
}

extension UpstreamNode {
  /// nil where the host is no address.
  public var family: AddressFamily? { host?.string.flatMap { AddressFamily($0) } }
}
