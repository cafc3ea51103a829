import APISIX
public import Findings
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

  /// The whole file with the token in it.
  public let bytes: [UInt8]
  /// `discovery.kubernetes.client.token`
  public let path: String

  /// - Parameters:
  ///   - file: the path of the file, for what is said of it.
  ///   - cluster: the id of the one that is meant, where there are several.
  /// - Throws: why there is no place; without any secret.
  public init(_ value: Value, into original: [UInt8], of file: String = "", cluster: String?) throws(Finding) {
    let (tree, item, path) = try Self.cluster(of: DiscoveryConfig(original, path: file), cluster)
    let edit = try Self.edit(item, value.line, tree, file)
    bytes = TextEdit.apply([edit], to: original).bytes
    let key = value.line.prefix { $0 != ":" }
    self.path = "\(path).client.\(key)"
    // A file with anchors or a strange layout: what was written must be what is read.
    guard let (read, item, _) = try? Self.cluster(of: DiscoveryConfig(bytes), cluster),
      let client = read.value("client", in: item),
      let written = read.value(String(key), in: client).flatMap(read.scalar),
      value.line.hasSuffix(JSONValue.string(written).text())
    else { throw Self.refusal("is laid out in a way that cannot be edited safely", file) }
  }

  private static func refusal(_ words: String, _ file: String) -> Finding {
    Finding(rule: TokenCreateRules.notPlaced, message: "the file \(words)", file: file)
  }

  private static func cluster(
    of config: DiscoveryConfig, _ id: String?
  ) throws(Finding) -> (Tree, Tree.ID, path: String) {
    let tree = config.tree
    if let error = config.verdict.yamlError {
      throw config.refused ?? refusal("is not YAML: \(error.message)", config.path)
    }
    let section = tree.documents.first.flatMap { tree.value("discovery", in: $0) }
      .flatMap { tree.value(RegistryKind.kubernetes.key, in: $0) }
    // A key with nothing behind it is a place all the same.
    if let section, tree.scalar(section) != nil { return (tree, section, RegistryKind.kubernetes.path) }
    let chosen: [DiscoveryConfig.Cluster]
    do throws(DiscoveryConfig.Fault) { chosen = try config.clusters(id) } catch { throw error.finding }
    guard chosen.count == 1, let node = chosen[0].value.node else {
      throw refusal("has several clusters: add --cluster ID", config.path)
    }
    return (tree, node, chosen[0].path)
  }

  private static func edit(_ item: Tree.ID, _ line: String, _ tree: Tree, _ file: String) throws(Finding) -> TextEdit {
    guard case .mapping(let pairs, let isFlow) = tree[item].content else {
      guard tree.isNull(item) else { throw refusal("has a discovery.kubernetes that is not a mapping", file) }
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
      guard places.count == 1 else { throw refusal("has both token and token_file; leave one", file) }
      if let text = tree.scalar(place.value), text.hasPrefix("${") {
        // Without what may stand behind the name: a default would be the token itself.
        let name = text.drop { "${ ".contains($0) }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        throw refusal("takes its token from the variable \(name); set that, or write --output-file FILE", file)
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
