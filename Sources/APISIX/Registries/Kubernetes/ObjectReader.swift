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
    let name = try Lua.index(port, "name", (line, "local 'port'"))
    if Lua.isTrue(name) { return Lua.text(name) }
    let target = port["targetPort"]
    return Lua.text(Lua.isTrue(target) ? target : port["port"])
  }

  static func endpoints(_ object: JSONValue, weight: Double) throws(LuaError) -> PortTable {
    var table = PortTable()
    let subsets = object["subsets"]
    for subset in try Lua.listOrNone(subsets, line: 463) {
      guard let addresses = try Lua.index(subset, "addresses", (464, "local 'subset'")), Lua.isTrue(addresses) else {
        continue
      }
      for port in try Lua.listOrNone(subset["ports"], line: 466) {
        let place = try table.place(try portKey(port, line: 468)) { () throws(LuaError) in
          try Lua.checkLength(addresses, line: 478, name: "local 'addresses'")
        }
        for address in try Lua.list(addresses, line: 482) {
          let host = try Lua.index(address, "ip", (484, "local 'address'"))
          table.append(UpstreamNode(host: host, port: port["port"], weight: weight), at: place)
        }
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
      for port in try Lua.listOrNone(object["ports"], line: 362) {
        let place = try table.place(try portKey(port, line: 364)) { () throws(LuaError) in
          try Lua.checkLength(addresses, line: 374, name: "local 'addresses'")
        }
        for address in try Lua.list(addresses, line: 378) {
          let host = misread ? address["ip"] : address
          table.append(UpstreamNode(host: host, port: port["port"], weight: weight), at: place)
        }
      }
    }
    return table
  }

  /// `ready` must be there and not false; null counts as true.
  private static func isReady(_ endpoint: JSONValue) throws(LuaError) -> Bool {
    guard Lua.isTrue(try Lua.index(endpoint, "addresses", (360, "local 'ep'"))) else { return false }
    let conditions = endpoint["conditions"]
    guard Lua.isTrue(conditions) else { return false }
    return Lua.isTrue(try Lua.index(conditions, "ready", (360, "field 'conditions'")))
  }
}

/// Namespace and name as APISIX finds them; nil when it passes the object over, with a line in its log.
enum ObjectIdentity {
  static func endpoints(
    _ object: JSONValue, deleting: Bool, log: (Words) -> Void
  ) throws(LuaError) -> (namespace: JSONValue, name: JSONValue)? {
    // A release before 3.17 has no such guard; its error would end the list.
    if object != .bool(false) {
      let metadata = try Lua.index(object, "metadata", (447, "local 'endpoint'"))
      if Lua.isTrue(metadata),
        let namespace = try Lua.index(metadata, "namespace", (448, "field 'metadata'")), Lua.isTrue(namespace),
        let name = metadata?["name"], Lua.isTrue(name)
      {
        return (namespace, name)
      }
    }
    log(Words(deleting ? .noMetadataDeleted : .noMetadata, "{...}"))
    return nil
  }

  /// The service's name comes from the label.
  static func slice(
    _ object: JSONValue, log: (Words) -> Void
  ) throws(LuaError) -> (namespace: JSONValue, service: JSONValue, name: JSONValue)? {
    func refuse(_ what: String) {
      log(Words(.sliceInvalid, what, "{...}"))
    }
    let metadata = try Lua.index(object, "metadata", (318, "local 'endpoint_slice'"))
    guard Lua.isTrue(metadata) else {
      refuse("metadata")
      return nil
    }
    guard let name = try Lua.index(metadata, "name", (322, "field 'metadata'")), Lua.isTrue(name) else {
      refuse("metadata.name")
      return nil
    }
    guard let namespace = metadata?["namespace"], Lua.isTrue(namespace) else {
      refuse("metadata.namespace")
      return nil
    }
    let labels = metadata?["labels"]
    if Lua.isTrue(labels),
      let service = try Lua.index(labels, serviceLabel, (331, "field 'labels'")), Lua.isTrue(service)
    {
      return (namespace, service, name)
    }
    refuse("service-name")
    return nil
  }

  static let serviceLabel = "kubernetes.io/service-name"
}
