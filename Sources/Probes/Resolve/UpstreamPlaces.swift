import APISIX
import Common
import Findings
import SourceText
import YAML

/// The files that upstreams came from, for findings that say where in them something stands. A file is parsed for it
/// when the first finding asks.
struct UpstreamPlaces {
  private let files: [String: [UInt8]]
  private var trees: [String: Tree?] = [:]

  /// - Parameter files: by the path that the user named.
  init(_ files: [String: [UInt8]]) { self.files = files }

  /// The texts that findings quote, with their credentials marked.
  var sources: [String: SourceFile] { trees.compactMapValues { tree in tree.map { SourceFile($0, isBroken: false) } } }

  /// The finding, at one of these keys of the object; at the object itself where it has none of them; as it is where
  /// the object came from a server.
  mutating func place(_ finding: Finding, at keys: [String], of origin: UpstreamOrigin) -> Finding {
    guard let tree = tree(origin.source) else { return finding }
    var range: SourceRange?
    var path = origin.path.text()
    if let object = Self.node(origin, in: tree) {
      let key = keys.first { tree.pair($0, in: object) != nil }
      range = tree.range(key.flatMap { tree.value($0, in: object) } ?? object)
      if let key { path += (path.isEmpty ? "" : ".") + key }
    }
    return finding.moved(to: origin.source, range, path: path.isEmpty ? nil : path)
  }

  private mutating func tree(_ source: String) -> Tree? {
    if let known = trees[source] { return known }
    let tree = files[source].flatMap { try? Tree.parse($0) }
    trees[source] = .some(tree)
    return tree
  }

  private static func node(_ origin: UpstreamOrigin, in tree: Tree) -> Tree.ID? {
    guard tree.documents.indices.contains(origin.document) else { return nil }
    return origin.path.reduce(tree.documents[origin.document]) { (node: Tree.ID?, step) in
      switch step {
      case .key(let name): node.flatMap { tree.value(name, in: $0) }
      case .index(let index):
        node.flatMap { tree.items($0) }.flatMap { $0.count > index ? $0[$0.startIndex + index] : nil }
      }
    }
  }
}
