public import YAML

extension Tree {
  /// The first document as the tree's reader gives it to APISIX; nil where there is none that it takes.
  public func typed() -> LuaValue? { Loader.load(self).root }

  /// Whether the tree's reader gives APISIX a text for this node, or a template may give one; aliases followed. false
  /// for collections and for what the reader refuses.
  public func isText(_ id: ID) -> Bool {
    var loader = Loader(self)
    return switch (try? loader.value(id, key: nil))?.kind {
    case .string, .open: true
    default: false
    }
  }
}
