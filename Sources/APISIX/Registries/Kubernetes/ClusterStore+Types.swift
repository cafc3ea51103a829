extension ClusterStore {
  /// What is worth memory.
  public enum Interest: Sendable, Hashable {
    case everything
    /// How many nodes each port has.
    case counts
    /// Only the service with this key.
    case key(String)
    case nothing
  }

  /// What happens to an object.
  public enum Change: Sendable, Hashable { case listed, added, modified, deleted }

  /// Why APISIX does not hold an object.
  public enum Hidden: Sendable, Hashable {
    /// The API server would not send it: `namespace_selector.equal` or `not_equal`.
    case fieldSelector
    /// The API server would not send it.
    case labelSelector
    /// APISIX drops it: `namespace_selector.match` or `not_match`.
    case namespaceSelector
    /// A slice without the label `kubernetes.io/service-name`, or an object without a name or namespace.
    case nameless
  }

  public struct Outcome: Sendable, Hashable {
    /// `namespace/name` of the service; nil when it can not be known.
    public let key: String?
    public let hidden: Hidden?
  }

  public struct Port: Sendable, Hashable {
    /// What stands after the colon of a service name.
    public let key: String
    /// Empty when only counts are kept.
    public let nodes: [UpstreamNode]
    public let count: Int
    /// Whether one of them has a form that APISIX refuses, and all with it.
    public let isRefused: Bool
    /// In the JSON that APISIX stores.
    let bytes: Int
  }
}

extension ClusterStore {
  /// With the slices put together. Amid a list that is work for each reading, in a copy: its end settles it.
  var settled: ClusterStore {
    if unmerged.isEmpty { return self }
    var store = self
    store.settle()
    return store
  }
}

extension ClusterStore.Change {
  /// By the `type` of a watch event; nil for one that changes no object.
  init?(event type: String?) {
    switch type {
    case "ADDED": self = .added
    case "MODIFIED": self = .modified
    case "DELETED": self = .deleted
    default: return nil
    }
  }
}

extension ClusterStore.Port {
  init(_ key: String, _ nodes: [UpstreamNode], keepsNodes: Bool) {
    self.init(
      key: key, nodes: keepsNodes ? nodes : [], count: nodes.count, isRefused: NodeCheck.message(nodes) != nil,
      bytes: SharedDict.bytes(of: key, nodes))
  }
}

extension [Words] {
  /// Adds a line that is not there yet.
  mutating func note(_ words: Words) { if !contains(words) { append(words) } }
}
