import JSON

/// The schema that every list of discovered nodes must pass; one bad node refuses them all, with 503.
///
/// Host and weight are required, a port is not (DNS gives none; the scheme's is taken). A port is a whole number from 1
/// to 65535.
public enum NodeCheck {
  /// What APISIX says about the nodes; nil when it takes them. An empty list passes here, and is refused later.
  public static func message(_ nodes: [UpstreamNode]) -> Words? {
    for (index, node) in nodes.enumerated() {
      if let fault = fault(node) {
        return Words(.nodesInvalid, cause: Words(.inItem, "\(index + 1)", cause: fault))
      }
    }
    return nil
  }

  private static func fault(_ node: UpstreamNode) -> Words? {
    if node.host == nil { return Words(.required, "host") }
    if let port = node.port, let fault = integer(port, 1, 65535) { return property("port", fault) }
    if let fault = integer(node.weight, 0, nil) { return property("weight", fault) }
    return nil
  }

  private static func property(_ name: String, _ fault: Words) -> Words { Words(.inProperty, name, cause: fault) }

  private static func integer(_ value: JSONValue, _ least: Double, _ most: Double?) -> Words? {
    guard case .number(let number) = value, number.rounded() == number else {
      return Words(.wrongType, "integer", Lua.type(value))
    }
    if number < least { return Words(.tooSmall, Lua.text(value), "\(Int(least))") }
    if let most, number > most { return Words(.tooLarge, Lua.text(value), "\(Int(most))") }
    return nil
  }
}
