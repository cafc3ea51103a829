public import JSON
public import YAML

extension Tree {
  /// A node as kubectl would send it: YAML's scalars typed as kubectl types them, aliases and merge keys followed. Keys
  /// are strings, as in JSON; a repeated key stands once, with its last value.
  ///
  /// The parser's limit on nodes after expansion bounds the work. Aliases of aliases can nest deeper than the text
  /// does: what lies deeper than 200 levels is null.
  public func json(_ id: ID) -> JSONValue { json(id, depth: 200) }

  private func json(_ id: ID, depth: Int) -> JSONValue {
    guard depth > 0 else { return .null }
    let node = self[resolved(id)]
    switch node.content {
    case .scalar(let text, let style): return Self.json(text, style, tag: node.tag)
    case .sequence(let items, _): return .array(items.map { json($0, depth: depth - 1) })
    case .mapping(let pairs, _): return .object(object(pairs, depth: depth - 1))
    case .alias: return .null
    }
  }

  private static func json(_ text: String, _ style: ScalarStyle, tag: String?) -> JSONValue {
    switch tag {
    case nil: style == .plain ? YAMLScalar.typed(text) : .string(text)
    case "tag:yaml.org,2002:null": .null
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool": YAMLScalar.typed(text)
    default: .string(text)
    }
  }

  private func object(_ pairs: ArraySlice<Node.Pair>, depth: Int) -> JSONObject {
    var members: [JSONObject.Member] = []
    var places: [String: Int] = [:]
    var merged: [JSONObject.Member] = []
    for pair in pairs {
      let key = scalar(pair.key) ?? ""
      let value = json(pair.value, depth: depth)
      if key == "<<", case .scalar(_, .plain) = self[pair.key].content {
        for source in value.array ?? [value] { merged += source.object?.members ?? [] }
        continue
      }
      let member = JSONObject.Member(key: key, value: value)
      if let place = places[key] {
        members[place] = member
      } else {
        places[key] = members.count
        members.append(member)
      }
    }
    for member in merged where places[member.key] == nil {
      places[member.key] = members.count
      members.append(member)
    }
    return JSONObject(members)
  }
}
