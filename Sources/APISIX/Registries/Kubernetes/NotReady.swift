import JSON

/// The addresses of an object that are not ready, which APISIX passes over. Nothing of it can fail: what APISIX's Lua
/// would stumble on is none here.
enum NotReady {
  /// How many there are behind each port; the ports are APISIX's keys.
  typealias Counts = [String: Int]

  static func counts(_ object: JSONValue, isSlice: Bool) -> Counts {
    var counts: Counts = [:]
    if isSlice {
      let count = (object["endpoints"]?.array ?? []).reduce(0) { sum, endpoint in
        isReady(endpoint) ? sum : sum + (endpoint["addresses"]?.array?.count ?? 0)
      }
      add(count, object["ports"], &counts)
    } else {
      for subset in object["subsets"]?.array ?? [] {
        add(subset["notReadyAddresses"]?.array?.count ?? 0, subset["ports"], &counts)
      }
    }
    return counts
  }

  private static func add(_ count: Int, _ ports: JSONValue?, _ counts: inout Counts) {
    guard count > 0 else { return }
    for port in ports?.array ?? [] { counts[key(of: port), default: 0] += count }
  }

  /// As APISIX sees it: `ready` must be there, and a null counts.
  static func isReady(_ endpoint: JSONValue) -> Bool { Lua.isTrue(endpoint["conditions"]?["ready"]) }

  /// What stands after the colon of a service name.
  static func key(of port: JSONValue) -> String {
    for key in ["name", "targetPort"] where Lua.isTrue(port[key]) { return Lua.text(port[key]) }
    return Lua.text(port["port"])
  }
}
