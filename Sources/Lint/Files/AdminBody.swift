import SourceText
import YAML

/// A resource as the Admin API takes it, `{"uri": …, "upstream": …}`, or as it answers: in `value`, in the items of
/// `list`, and up to APISIX 2 in `node` and its `nodes`.
enum AdminBody {
  static func areShown(by document: Tree.ID, in tree: Tree) -> Bool {
    let signs = ResourceSigns(document, in: tree)
    if isEmptyAnswer(document, tree) { return true }
    return bodies(of: document, in: tree).map(\.id).contains { body in
      signs.isRoute(body) || isUpstream(body, tree, signs)
        || (tree.value("upstream", in: body).map(signs.isUpstream) ?? false)
        || (signs.isMap("plugins", body) && signs.has(["username"], body))
        || (body != document && isWrapped(document, tree))
    }
  }

  /// What it answers where there is nothing: `{"total":0,"list":[]}`.
  private static func isEmptyAnswer(_ document: Tree.ID, _ tree: Tree) -> Bool {
    tree.pairs(document)?.count == 2 && tree.value("total", in: document).flatMap { tree.scalar($0) } == "0"
      && tree.value("list", in: document).flatMap { tree.items($0) }?.isEmpty ?? false
  }

  /// An upstream that stands by itself: nodes alone may be anybody's.
  private static func isUpstream(_ body: Tree.ID, _ tree: Tree, _ signs: ResourceSigns) -> Bool {
    guard signs.isUpstream(body) else { return false }
    return signs.has(["service_name"], body)
      || tree.value("type", in: body).flatMap { tree.scalar($0) }.map(UpstreamBalancing.balancers.contains) ?? false
  }

  /// The resources of a document, which is one itself where it is no answer.
  static func bodies(of document: Tree.ID, in tree: Tree) -> [(id: Tree.ID, trail: Field.Trail)] {
    var wraps: [(id: Tree.ID, trail: Field.Trail)] = [(document, .top)]
    if let list = tree.value("list", in: document), let items = tree.items(list) {
      wraps = items.enumerated().map { ($0.element, .index(.key(.top, "list"), $0.offset)) }
    } else if let node = tree.value("node", in: document), tree.pairs(node) != nil {
      let trail = Field.Trail.key(.top, "node")
      let nodes = tree.value("nodes", in: node).flatMap { tree.items($0) }
      wraps = nodes?.enumerated().map { ($0.element, .index(.key(trail, "nodes"), $0.offset)) } ?? [(node, trail)]
    }
    return wraps.map { wrap in tree.value("value", in: wrap.id).map { ($0, .key(wrap.trail, "value")) } ?? wrap }
      .filter { tree.pairs($0.id) != nil }
  }

  /// Whether the keys of etcd stand beside the resources.
  private static func isWrapped(_ document: Tree.ID, _ tree: Tree) -> Bool {
    let node = tree.value("node", in: document)
    let list = node.map { tree.value("nodes", in: $0) } ?? tree.value("list", in: document)
    let wrap = list.flatMap { tree.items($0)?.first } ?? node ?? document
    return tree.value("key", in: wrap).flatMap { tree.scalar($0) }.map { $0.hasPrefix("/apisix/") } ?? false
  }
}
