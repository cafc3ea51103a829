public import JSON

/// One upstream node, as APISIX would hand it to its balancer. Odd inputs give odd nodes: a port may be a text, a host
/// may be missing. `NodeCheck` says what APISIX does with those.
public struct UpstreamNode: Sendable, Hashable {
  public let host: JSONValue?
  public let port: JSONValue?
  public let weight: Double

  /// `{"host", "port", "weight"}`, without what is missing.
  public var json: JSONValue { .object(["host": host, "port": port, "weight": .number(weight)]) }
}

/// What `nodes()` gives for a service name.
public struct Resolution: Sendable, Hashable {
  /// In APISIX's order; nil when APISIX would find nothing.
  public var nodes: [UpstreamNode]?
  /// What `nodes()` logs, at level warn or above.
  public var log: [Words] = []
  /// Why the caller refuses the nodes: `invalid nodes format: ...`.
  public var check: Words?
  /// The Lua error that stands in place of a result.
  public var exception: Words?
}
