import JSON

/// What is kept of one EndpointSlice, of which a service has several: its nodes, or where only counts are wanted how
/// many there are. Memory then grows with the number of slices, not of addresses.
struct StoredSlice: Sendable {
  /// nil where the counts are enough: all nodes are as they should be.
  let table: PortTable?
  /// Without nodes.
  let ports: [ClusterStore.Port]
  let notReady: NotReady.Counts

  init(_ table: PortTable, keepsNodes: Bool, notReady: NotReady.Counts) {
    self.notReady = notReady
    self.table = keepsNodes || !table.isPlain ? table : nil
    ports = table.ports.map { ClusterStore.Port($0.key, $0.nodes, keepsNodes: false) }
  }

  /// As many nodes as there are, of the usual kind: beside nodes that are not, they decide whether a sort fails.
  var standIn: PortTable {
    PortTable(
      ports.map { ($0.key, Array(repeating: UpstreamNode(host: "0", port: 1, weight: 1), count: $0.count)) })
  }

  /// What is not ready in all slices together.
  static func sum(_ slices: [NotReady.Counts]) -> NotReady.Counts {
    slices.reduce(into: [:]) { sum, counts in sum.merge(counts, uniquingKeysWith: +) }
  }

  /// The ports of all slices together.
  static func merged(_ slices: [[ClusterStore.Port]]) -> [ClusterStore.Port] {
    var merged: [ClusterStore.Port] = []
    for port in slices.joined() {
      guard let index = merged.firstIndex(where: { $0.key == port.key }) else {
        merged.append(port)
        continue
      }
      let first = merged[index]
      // The name and the brackets are there once, and a comma stands between the two.
      let shared = SharedDict.bytes(of: port.key, []) - (first.count > 0 && port.count > 0 ? 1 : 0)
      merged[index] = .init(
        key: port.key, nodes: [], count: first.count + port.count, isRefused: first.isRefused || port.isRefused,
        bytes: first.bytes + port.bytes - shared)
    }
    return merged
  }
}
