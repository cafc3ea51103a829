import JSON

/// The schema that every list of discovered nodes must pass; one bad node refuses them all, with 503.
///
/// Host and weight are required, a port is not (DNS gives none; the scheme's is taken). A port is a whole number from 1
/// to 65535.
public enum NodeCheck {
  /// What APISIX says about the nodes; nil when it takes them. An empty list passes here, and is refused later.
  public static func message(_ nodes: [UpstreamNode]) -> String? {
    for (index, node) in nodes.enumerated() {
      if let fault = fault(node) { return "invalid nodes format: failed to validate item \(index + 1): \(fault)" }
    }
    return nil
  }

  private static func fault(_ node: UpstreamNode) -> String? {
    if node.host == nil { return "property \"host\" is required" }
    if let port = node.port, let fault = integer(port, 1, 65535) { return property("port", fault) }
    if let fault = integer(.number(node.weight), 0, nil) { return property("weight", fault) }
    return nil
  }

  private static func property(_ name: String, _ fault: String) -> String {
    "property \"\(name)\" validation failed: \(fault)"
  }

  private static func integer(_ value: JSONValue, _ least: Double, _ most: Double?) -> String? {
    guard case .number(let number) = value, number.rounded() == number else {
      return "wrong type: expected integer, got \(Lua.type(value))"
    }
    if number < least { return "expected \(Lua.text(value)) to be at least \(Int(least))" }
    if let most, number > most { return "expected \(Lua.text(value)) to be at most \(Int(most))" }
    return nil
  }
}
