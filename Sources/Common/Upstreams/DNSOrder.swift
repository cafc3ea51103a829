/// What is said of an `order` of `discovery.dns` by which no name becomes an address.
public struct DNSOrder: Sendable {
  private let types: [String]
  private let hasIPv6: Bool

  /// - Parameters:
  ///   - types: as they are written.
  ///   - hasIPv6: whether `apisix.enable_ipv6` lets AAAA count.
  public init(_ types: [String], hasIPv6: Bool) { (self.types, self.hasIPv6) = (types, hasIPv6) }

  /// Whether any server is asked for anything: `last` alone stands for no type.
  public var asks: Bool { types.contains { $0 != "last" && (hasIPv6 || $0 != "AAAA") } }

  /// Nil where there are addresses to be had. A name server may give one where a host belongs, which nobody looks up.
  public var problem: (message: String, help: String)? {
    guard !types.isEmpty, !types.contains("A"), !(hasIPv6 && types.contains("AAAA")) else { return nil }
    let off = types.contains("AAAA") ? ", and apisix.enable_ipv6 is false" : ""
    return (
      asks
        ? "order has neither A nor AAAA\(off): no host that an SRV or CNAME record names becomes an address"
        : "order is [\(types.joined(separator: ", "))]\(off): APISIX asks no server for anything",
      "write order: [\((types + ["A"]).joined(separator: ", "))]"
    )
  }
}
