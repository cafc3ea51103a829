import Inputs
public import JSON

/// What apisix-seed makes of a znode: the list of nodes that it writes into the upstream in etcd. It reads each node's
/// host, port, weight and metadata, in upper or lower case, and takes a weight that is missing for 0.
public enum SeedNodes {
  /// Why it writes nothing; what was in etcd before stays there.
  public enum Refusal: Error, Sendable, Hashable {
    /// The znode was created without data, or its text is empty.
    case nothing
    case notJSON(String)
    /// It is JSON of another type: `an object`.
    case notArray(String)
    /// A node, counted from 1, that is something else: `a text`.
    case noNode(Int, String)
    /// A member of a node that is of another type than it must be: `port`, `a number`, `a text`.
    case wrongType(Int, member: String, wanted: String, is: String)
  }

  /// - Parameter data: what the znode holds; nil where it was created without data.
  public static func read(_ data: [UInt8]?) throws(Refusal) -> [UpstreamNode] {
    guard let data, !data.isEmpty else { throw .nothing }
    let document: JSONValue
    do throws(JSONError) { document = try JSONValue.parse(data) } catch { throw .notJSON("\(error)") }
    guard case .array(let items) = document else { throw .notArray(name(document)) }
    var nodes: [UpstreamNode] = []
    for (index, item) in items.enumerated() { nodes.append(try node(item, index + 1)) }
    return nodes
  }

  private static func node(_ item: JSONValue, _ number: Int) throws(Refusal) -> UpstreamNode {
    guard case .object(let object) = item else { throw .noNode(number, name(item)) }
    var (host, port, weight): (JSONValue?, JSONValue?, Double) = (nil, nil, 0)
    var metadata: JSONValue?
    // A null leaves what was there.
    for member in object.members where member.value != .null {
      let key = member.key.lowercased()
      switch (key, member.value) {
      case ("host", .string(let text)): host = text.isEmpty ? nil : member.value
      case ("port", .number(let value)) where value.rounded() == value: port = value == 0 ? nil : member.value
      case ("weight", .number(let value)) where value.rounded() == value: weight = value
      case ("metadata", _): metadata = member.value
      case ("host", _): throw .wrongType(number, member: key, wanted: "a text", is: name(member.value))
      case ("port", _), ("weight", _):
        throw .wrongType(number, member: key, wanted: "a whole number", is: name(member.value))
      default: break
      }
    }
    return UpstreamNode(host: host, port: port, weight: .number(weight), details: ["metadata": metadata])
  }

  private static func name(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "\(value.text())"
    case .number: "the number \(value.text())"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// The text of the same nodes as apisix-seed reads them: in a list, numbers as numbers, each with a weight. nil
  /// where the data has no hosts, or has what must not be shown.
  public static func mended(_ data: [UInt8]) -> String? {
    guard let document = try? JSONValue.parse(data) else { return nil }
    let items = (document.array ?? [document]).map { item -> JSONValue? in
      guard item["host"]?.string?.isEmpty == false, let object = item.object else { return nil }
      guard item == item.withoutCredentials else { return nil }
      let members = object.members.map { member in
        let isNumber = ["port", "weight"].contains(member.key)
        let number = isNumber ? member.value.string.flatMap { Int($0) } : nil
        return JSONObject.Member(key: member.key, value: number.map { JSONValue($0) } ?? member.value)
      }
      return .object(JSONObject(members) + (item["weight"] == nil ? ["weight": 100] : [:]))
    }
    let text = JSONValue.array(items.compactMap { $0 }).text()
    // It is typed between single quotes.
    guard !items.isEmpty, !items.contains(nil), !text.utf8.contains(UInt8(ascii: "'")),
      SecretPatterns.hidden(text) == text, (try? read(Array(text.utf8))) != nil
    else { return nil }
    return text
  }

  /// Numbers of the nodes, counted from 1, whose weight is 0 as nothing says it.
  public static func weightless(_ data: [UInt8]) -> [Int] {
    let items = (try? JSONValue.parse(data))?.array ?? []
    return items.indices.filter { index in
      items[index].object?.members.contains { $0.key.lowercased() == "weight" && $0.value != .null } == false
    }.map { $0 + 1 }
  }
}

/// An upstream in etcd that is apisix-seed's matter.
public struct SeedUpstream: Sendable, Hashable {
  /// `routes/1`
  public let owner: String
  public let serviceName: String
  /// Whether it was written back by apisix-seed: `_discovery_type` and `_service_name`.
  public let isRewritten: Bool
  /// As etcd has them; nil where there are none, or where they cannot be read.
  public let nodes: [UpstreamNode]?

  /// The objects that apisix-seed reads.
  public static let kinds = ["routes", "services", "upstreams"]

  /// - Parameter key: `/apisix/routes/1`
  /// - Returns: nil for an object that has no upstream with `discovery_type: zookeeper`.
  public init?(key: String, _ object: JSONValue) {
    let parts = key.split(separator: "/").suffix(2)
    guard let kind = parts.first, Self.kinds.contains(String(kind)),
      let upstream = kind == "upstreams" ? object : object["upstream"],
      let type = upstream["discovery_type"] ?? upstream["_discovery_type"], type.string == "zookeeper",
      let name = (upstream["service_name"] ?? upstream["_service_name"])?.string
    else { return nil }
    owner = parts.joined(separator: "/")
    serviceName = name
    isRewritten = upstream["_discovery_type"] != nil || upstream["_service_name"] != nil
    nodes = upstream["nodes"].flatMap(Self.nodes)
  }

  private static func nodes(_ value: JSONValue) -> [UpstreamNode]? {
    switch value {
    case .array(let items):
      items.map { UpstreamNode(host: $0["host"], port: $0["port"], weight: $0["weight"]?.number ?? 0) }
    case .object(let map):
      map.members.map { member in
        let place = serverPlace(member.key, port: 0)
        return UpstreamNode(
          host: .string(place?.host ?? member.key), port: place.flatMap { $0.port > 0 ? JSONValue(Int($0.port)) : nil },
          weight: member.value.number ?? 0)
      }
    default: nil
    }
  }
}
