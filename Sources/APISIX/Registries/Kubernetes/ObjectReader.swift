import JSON

/// Ports and nodes of one object, in the order the ports come first.
struct PortTable {
  private(set) var ports: [(key: String, nodes: [UpstreamNode])] = []

  init(_ ports: [(key: String, nodes: [UpstreamNode])] = []) { self.ports = ports }

  /// The place of a port; makes it if need be, after `check`.
  mutating func place(_ key: String, _ check: () throws(LuaError) -> Void) throws(LuaError) -> Int {
    if let index = ports.firstIndex(where: { $0.key == key }) { return index }
    try check()
    ports.append((key, []))
    return ports.count - 1
  }

  mutating func append(_ node: UpstreamNode, at place: Int) { ports[place].nodes.append(node) }

  mutating func append(_ other: PortTable) {
    for port in other.ports {
      if let index = ports.firstIndex(where: { $0.key == port.key }) {
        ports[index].nodes += port.nodes
      } else {
        ports.append(port)
      }
    }
  }

  mutating func sort() throws(LuaError) {
    for index in ports.indices { try NodeOrder.sort(&ports[index].nodes) }
  }

  /// No sort of these can fail, also not together with others that are plain.
  var isPlain: Bool { ports.allSatisfy { $0.nodes.allSatisfy(\.isPlain) } }

  /// What is left after a round through the shared dict.
  func stored() -> PortTable {
    var table = self
    for index in table.ports.indices {
      table.ports[index].nodes = ports[index].nodes.map {
        UpstreamNode(host: Lua.stored($0.host), port: Lua.stored($0.port), weight: $0.weight)
      }
    }
    return table
  }
}

/// How APISIX reads an object, line by line, with the errors its Lua would raise.
enum ObjectReader {
  /// The key of a port: its name (also an empty one), else `targetPort`, else its number as text.
  private static func portKey(_ port: JSONValue, line: Int) throws(LuaError) -> String {
    _ = try Lua.index(port, "name", (line, "local 'port'"))
    return NotReady.key(of: port)
  }

  static func endpoints(_ object: JSONValue, weight: Double) throws(LuaError) -> PortTable {
    var table = PortTable()
    for subset in try Lua.listOrNone(object["subsets"], line: 463) {
      guard let addresses = try Lua.index(subset, "addresses", (464, "local 'subset'")), Lua.isTrue(addresses) else {
        continue
      }
      try add(addresses, behind: subset["ports"], weight, line: 466, to: &table) { address throws(LuaError) in
        try Lua.index(address, "ip", (484, "local 'address'"))
      }
    }
    return table
  }

  /// - Parameter misread: as 3.14 does, which looks for the `ip` of an address that is a text.
  static func slice(_ object: JSONValue, weight: Double, misread: Bool) throws(LuaError) -> PortTable {
    var table = PortTable()
    var endpoints = object["endpoints"]
    if endpoints == .null { endpoints = nil }
    for endpoint in try Lua.listOrNone(endpoints, line: 359) {
      guard try isReady(endpoint), let addresses = endpoint["addresses"] else { continue }
      try add(addresses, behind: object["ports"], weight, line: 362, to: &table) { misread ? $0["ip"] : $0 }
    }
    return table
  }

  /// - Parameters:
  ///   - line: where the loop over the ports begins; what follows is alike in both.
  ///   - host: that of an address.
  private static func add(
    _ addresses: JSONValue, behind ports: JSONValue?, _ weight: Double, line: Int, to table: inout PortTable,
    host: (JSONValue) throws(LuaError) -> JSONValue?
  ) throws(LuaError) {
    for port in try Lua.listOrNone(ports, line: line) {
      let place = try table.place(try portKey(port, line: line + 2)) { () throws(LuaError) in
        try Lua.checkLength(addresses, line: line + 12, name: "local 'addresses'")
      }
      for address in try Lua.list(addresses, line: line + 16) {
        table.append(UpstreamNode(host: try host(address), port: port["port"], weight: weight), at: place)
      }
    }
  }

  /// `ready` must be there and not false; null counts as true.
  private static func isReady(_ endpoint: JSONValue) throws(LuaError) -> Bool {
    guard Lua.isTrue(try Lua.index(endpoint, "addresses", (360, "local 'ep'"))) else { return false }
    let conditions = endpoint["conditions"]
    guard Lua.isTrue(conditions) else { return false }
    return Lua.isTrue(try Lua.index(conditions, "ready", (360, "field 'conditions'")))
  }
}

/// Whether an object says whose it is; APISIX passes over what does not, with a line in its log.
enum ObjectIdentity {
  /// Before 3.17 nobody asks this: the error that comes later ends the list.
  static func isNamed(_ object: JSONValue, deleting: Bool, _ log: inout [Words]) throws(LuaError) -> Bool {
    if object != .bool(false) {
      let metadata = try Lua.index(object, "metadata", (447, "local 'endpoint'"))
      if Lua.isTrue(metadata),
        Lua.isTrue(try Lua.index(metadata, "namespace", (448, "field 'metadata'"))), Lua.isTrue(metadata?["name"])
      {
        return true
      }
    }
    log.note(Words(deleting ? .noMetadataDeleted : .noMetadata, "{...}"))
    return false
  }

  /// The service's name comes from the label.
  static func slice(
    _ object: JSONValue, _ log: inout [Words]
  ) throws(LuaError) -> (namespace: JSONValue, service: JSONValue, name: JSONValue)? {
    let metadata = try Lua.index(object, "metadata", (318, "local 'endpoint_slice'"))
    var missing = "metadata"
    if Lua.isTrue(metadata) {
      missing = "metadata.name"
      if let name = try Lua.index(metadata, "name", (322, "field 'metadata'")), Lua.isTrue(name) {
        missing = "metadata.namespace"
        if let namespace = metadata?["namespace"], Lua.isTrue(namespace) {
          missing = "service-name"
          let labels = metadata?["labels"]
          if Lua.isTrue(labels),
            let service = try Lua.index(labels, serviceLabel, (331, "field 'labels'")), Lua.isTrue(service)
          {
            return (namespace, service, name)
          }
        }
      }
    }
    log.note(Words(.sliceInvalid, missing, "{...}"))
    return nil
  }

  static let serviceLabel = "kubernetes.io/service-name"
}
