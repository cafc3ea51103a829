public import JSON

/// One upstream node, as APISIX would hand it to its balancer. Odd inputs give odd nodes: a port or a weight may be a
/// text, a host may be missing. `NodeCheck` says what APISIX does with those.
public struct UpstreamNode: Sendable, Hashable {
  public let host: JSONValue?
  public let port: JSONValue?
  private let number: Double
  /// Apart, as most nodes have nothing of it, and there may be very many.
  private let more: More

  private enum More: Sendable, Hashable {
    case nothing
    indirect case some(weight: JSONValue, details: JSONObject)
  }

  public init(host: JSONValue?, port: JSONValue?, weight: Double) {
    (self.host, self.port, number, more) = (host, port, weight, .nothing)
  }

  init(host: JSONValue?, port: JSONValue?, weight: JSONValue, details: JSONObject = [:]) {
    (self.host, self.port, number) = (host, port, weight.number ?? 0)
    more = weight.number == nil || !details.members.isEmpty ? .some(weight: weight, details: details) : .nothing
  }

  public var weight: JSONValue { if case .some(let weight, _) = more { weight } else { .number(number) } }

  /// What else some registries give it: `priority`, `metadata`, `domain`.
  public var details: JSONObject { if case .some(_, let details) = more { details } else { [:] } }

  /// `{"host", "port", "weight"}` and the details, without what is missing and what is a credential by its name.
  public var json: JSONValue {
    let known: JSONObject = ["host": host, "port": port, "weight": weight]
    guard case .some(_, let details) = more else { return .object(known) }
    return .object(known + (JSONValue.object(details).withoutCredentials.object ?? [:]))
  }

  /// `10.0.0.1:80`, `[fd00::1]:80`
  public var address: String {
    let host = host?.string ?? "-"
    return "\(host.contains(":") ? "[\(host)]" : host):\(port?.int.map(String.init) ?? "-")"
  }
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
  /// What `nodes()` says beside no nodes; of DNS alone.
  public var error: Words?
  /// Why the registry's answers give none. There may be nodes all the same: those of `default_service`. nil for
  /// kubernetes, whose objects are looked at in `Observation`.
  public var none: NoNodes?
  /// What the registry has under the name, as it says it; of Nacos and Eureka alone.
  public var instances: [JSONValue] = []

  /// No nodes, and why.
  public static func nothing(_ none: NoNodes? = nil) -> Resolution { Resolution(none: none) }
}
