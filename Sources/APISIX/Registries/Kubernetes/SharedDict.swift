import JSON

/// The memory that a cluster's services take in the shared dict in which APISIX keeps them, as nginx's slab allocator
/// hands it out: 64-bit machine, pages of 4 KiB. Each service is two entries, `NAMESPACE/NAME#version` with a number
/// and `NAMESPACE/NAME` with the nodes as JSON; an entry has a head of 68 bytes; up to half a page it takes the next
/// power of two, above it whole pages (ngx_http_lua_shdict.c, ngx_slab.c). Measured on nginx, entries written
/// once: never too little, at most 1.2 % too much.
public struct SharedDict: Sendable, Hashable {
  private static let page = 4096
  private static let head = 68
  /// The smallest slot that such an entry can have.
  private static let smallest = 7

  /// Entries by slot: 128, 256, 512, 1024 and 2048 bytes.
  private var slots = [Int](repeating: 0, count: 5)
  private var pages = 0

  init(_ services: [String: [ClusterStore.Port]]) {
    for (key, ports) in services {
      add(key.utf8.count + "#version".utf8.count + 8)
      let commas = max(0, ports.count - 1)
      add(key.utf8.count + 2 + commas + ports.reduce(0) { $0 + $1.bytes })
    }
  }

  private mutating func add(_ bytes: Int) {
    let size = Self.head + bytes
    guard size <= Self.page / 2 else {
      pages += (size + Self.page - 1) / Self.page
      return
    }
    let power = size <= 1 << Self.smallest ? Self.smallest : Int.bitWidth - (size - 1).leadingZeroBitCount
    slots[power - Self.smallest] += 1
  }

  /// What nginx must be given for it, in bytes.
  public var bytes: Int {
    var pages = pages
    for (index, count) in slots.enumerated() {
      let perPage = Self.page >> (index + Self.smallest)
      pages += (count + perPage - 1) / perPage
    }
    // Each page has 24 bytes of book-keeping; two pages are for the dict itself, and a fraction of one for the pool.
    return (pages + 3) * (Self.page + 24)
  }

  /// How many bytes a port is in the JSON of its service: `"KEY":[{"host":"10.0.0.1","port":80,"weight":50}]`.
  static func bytes(of port: String, _ nodes: [UpstreamNode]) -> Int {
    var bytes = port.utf8.count + 5 + max(0, nodes.count - 1)
    for node in nodes {
      bytes += 29 + (node.host?.string?.utf8.count ?? 0) + (node.port?.text().utf8.count ?? 0)
      bytes += node.weight.text().utf8.count
    }
    return bytes
  }
}
