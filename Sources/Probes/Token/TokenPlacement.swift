import APISIX
public import Inputs
import JSON
import SourceText
import YAML

/// Puts a token, or the path of its file, where a config.yaml has its place, and leaves every other byte alone.
public struct TokenPlacement: Sendable {
  public enum Value: Sendable {
    case token(Secret)
    case file(String)

    fileprivate var line: String {
      switch self {
      case .token(let token): "token: " + JSONValue.string(token.value).text()
      case .file(let path): "token_file: " + JSONValue.string(path).text()
      }
    }
  }

  /// Why there is no place. The message holds no secret.
  public struct Failure: Error, Sendable, Hashable { public let message: String }

  /// The whole file with the token in it.
  public let bytes: [UInt8]
  /// `discovery.kubernetes.client.token`
  public let path: String

  /// - Parameter cluster: the id of the one that is meant, where there are several.
  public init(_ value: Value, into original: [UInt8], cluster: String?) throws(Failure) {
    let tree: Tree
    do throws(YAMLError) { tree = try Tree.parse(original) } catch {
      throw Failure(message: "is no YAML: \(error.message)")
    }
    guard let root = tree.documents.first, let discovery = tree.value("discovery", in: root),
      let section = tree.value(RegistryKind.kubernetes.key, in: discovery)
    else { throw Failure(message: "has no discovery.kubernetes") }
    let (item, path) = try Self.cluster(section, cluster, tree)
    let edit = try Self.edit(item, value.line, tree)
    bytes = TextEdit.apply([edit], to: original).bytes
    let key = value.line.prefix { $0 != ":" }
    self.path = "\(path).client.\(key)"
    // A file with anchors or a strange layout: what was written must be what is read.
    guard let read = try? Tree.parse(bytes), let root = read.documents.first,
      let section = read.value("discovery", in: root).flatMap({ read.value(RegistryKind.kubernetes.key, in: $0) }),
      let item = try? Self.cluster(section, cluster, read).0, let client = read.value("client", in: item),
      let written = read.value(String(key), in: client).flatMap(read.scalar),
      value.line.hasSuffix(JSONValue.string(written).text())
    else { throw Failure(message: "is laid out in a way that cannot be edited safely") }
  }

  private static func cluster(_ section: Tree.ID, _ id: String?, _ tree: Tree) throws(Failure) -> (Tree.ID, String) {
    guard let items = tree.items(section) else {
      if let id { throw Failure(message: "has one cluster, without an id; leave --cluster \(id) out") }
      return (section, RegistryKind.kubernetes.path)
    }
    let found = items.enumerated().filter { item in
      id == nil || tree.value("id", in: item.element).flatMap(tree.scalar) == id
    }
    guard let first = found.first else { throw Failure(message: "has no cluster \(id ?? "")") }
    guard found.count == 1 else { throw Failure(message: "has several clusters: add --cluster ID") }
    return (first.element, "\(RegistryKind.kubernetes.path)[\(first.offset)]")
  }

  private static func edit(_ item: Tree.ID, _ line: String, _ tree: Tree) throws(Failure) -> TextEdit {
    guard case .mapping(let pairs, let isFlow) = tree[item].content else {
      guard tree.isNull(item) else {
        throw Failure(message: "has a discovery.kubernetes that is no mapping")
      }
      let range = tree[item].range
      return TextEdit(offset: range.lowerBound, length: range.count, text: " {client: {\(line)}}")
    }
    if let client = tree.pair("client", in: item) {
      guard let fields = tree.pairs(client.value), !fields.isEmpty else {
        return replace(client, with: "client: {\(line)}", tree)
      }
      let places = fields.filter { ["token", "token_file"].contains(tree.scalar($0.key)) }
      guard let place = places.first else {
        return insert(line, before: fields[0], flow: tree.isFlow(client.value), tree)
      }
      guard places.count == 1 else { throw Failure(message: "has both token and token_file; leave one") }
      if let text = tree.scalar(place.value), text.hasPrefix("${") {
        // Without what may stand behind the name: a default would be the token itself.
        let name = text.drop { "${ ".contains($0) }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        throw Failure(message: "takes its token from the variable \(name); set that, or write --output-file FILE")
      }
      return replace(place, with: line, tree)
    }
    guard let first = pairs.first else {
      let range = tree[item].range
      return TextEdit(offset: range.lowerBound, length: range.count, text: "{client: {\(line)}}")
    }
    return insert("client: {\(line)}", before: first, flow: isFlow, tree)
  }

  private static func replace(_ pair: Node.Pair, with text: String, _ tree: Tree) -> TextEdit {
    let start = tree[pair.key].start
    return TextEdit(offset: start, length: tree[pair.value].range.upperBound - start, text: text)
  }

  private static func insert(_ text: String, before pair: Node.Pair, flow: Bool, _ tree: Tree) -> TextEdit {
    let start = tree[pair.key].start
    let column = tree.range(pair.key).start.column
    return TextEdit(
      offset: start, length: 0, text: text + (flow ? ", " : "\n" + String(repeating: " ", count: column - 1)))
  }
}

extension Tree {
  fileprivate func isFlow(_ id: ID) -> Bool {
    if case .mapping(_, let flow) = self[resolved(id)].content { flow } else { false }
  }
}
