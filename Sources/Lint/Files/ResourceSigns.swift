import Findings
import SourceText
import YAML

/// How much a document looks like APISIX's resources: those of a standalone file, of ADC's, or one that the Admin API
/// takes. Lists of the same names are in many programs' files, so their items count.
struct ResourceSigns {
  static let sections = [
    "routes", "services", "upstreams", "stream_routes", "plugin_configs", "global_rules", "consumers",
    "consumer_groups", "ssls", "plugin_metadata", "secrets", "protos",
  ]

  /// The list that a key was meant to be; nil for the name of one.
  static func meant(_ key: String) -> String? {
    let known = sections.sorted()
    return known.contains(key) ? nil : known.first { key.hasSuffix("_" + $0) } ?? nearest(key, among: known)
  }

  /// Whether a document has a list of objects under nearly the name of one.
  static func areMisspelt(in document: Tree.ID, of tree: Tree) -> Bool {
    (tree.pairs(document) ?? []).prefix(200).contains { pair in
      tree.scalar(pair.key).map { meant($0) != nil } ?? false
        && (tree.items(pair.value) ?? []).contains { tree.pairs($0) != nil }
    }
  }

  private let tree: Tree
  private let document: Tree.ID

  init(_ document: Tree.ID, in tree: Tree) {
    self.tree = tree
    self.document = document
  }

  func told(_ path: String, isMarked: @autoclosure () -> Bool) -> ToldKind? {
    let pairs = (tree.pairs(document) ?? []).prefix(200)
    // Kong's declarative files have most lists of APISIX's.
    if pairs.contains(where: { tree.scalar($0.key)?.hasPrefix("_") ?? false }) { return nil }
    let lists = pairs.compactMap { pair -> (key: String, items: ArraySlice<Tree.ID>)? in
      guard let key = tree.scalar(pair.key), let items = tree.items(pair.value) else { return nil }
      return (key, items.prefix(16))
    }
    if lists.contains(where: { Self.sections.contains($0.key) }) {
      let name = FileName(path)
      if isADC {
        let fits = lists.contains { list in list.items.contains { fitsADC(list.key, $0) } }
        return fits || name.isADC ? ToldKind(kind: .adc, isCertain: true) : nil
      }
      let fits = lists.contains { list in list.items.contains { self.fits(list.key, $0) } }
      let isNamed = name.isStandalone && !lists.contains { list in list.items.contains { isOther(list.key, $0) } }
      return fits || isNamed || isMarked() ? ToldKind(kind: .apisixStandalone, isCertain: true) : nil
    }
    return AdminBody.areShown(by: document, in: tree) ? ToldKind(kind: .apisixAdmin, isCertain: true) : nil
  }

  /// ADC nests routes in services, credentials in consumers and keys in certificates, and has mappings where APISIX has
  /// lists.
  private var isADC: Bool {
    let nested = [
      "services": ["routes", "stream_routes", "upstreams"], "consumers": ["credentials"], "ssls": ["certificates"],
      "consumer_groups": ["consumers"],
    ]
    for (list, keys) in nested {
      let items = tree.value(list, in: document).flatMap { tree.items($0) } ?? []
      if items.contains(where: { item in tree.has(keys, in: item) }) { return true }
    }
    // APISIX's own resources at the top are no ADC.
    if tree.value("upstreams", in: document) != nil { return false }
    return ["global_rules", "plugin_metadata"].contains { key in
      tree.value(key, in: document).flatMap { tree.pairs($0) }.map { !$0.isEmpty } ?? false
    }
  }

  private func fitsADC(_ list: String, _ item: Tree.ID) -> Bool {
    switch list {
    case "services":
      guard !has(["url", "image", "protocol"], item) else { return false }
      return has(["stream_routes"], item) || upstream(of: item)
        || (tree.value("upstreams", in: item).flatMap { tree.items($0) } ?? []).contains(where: isUpstream)
        || (tree.value("routes", in: item).flatMap { tree.items($0) } ?? []).contains { has(["uris", "uri"], $0) }
    case "consumers": return has(["username"], item) && has(["credentials", "plugins"], item)
    case "ssls": return has(["certificates"], item) && has(["snis"], item)
    case "consumer_groups": return has(["consumers"], item) && isMap("plugins", item)
    default: return fits(list, item)
    }
  }

  /// Whether an item of a list is as APISIX has it.
  func fits(_ list: String, _ item: Tree.ID) -> Bool {
    switch list {
    case "routes": isRoute(item)
    case "services":
      !has(["url", "image", "routes"], item)
        && (upstream(of: item) || (isMap("plugins", item) && has(["id", "hosts", "name", "upstream_id"], item)))
    case "upstreams": isUpstream(item)
    case "stream_routes": has(["server_port", "server_addr", "sni"], item) || upstream(of: item)
    case "plugin_configs", "global_rules", "consumer_groups": isMap("plugins", item)
    case "consumers": has(["username"], item) && (isMap("plugins", item) || has(["group_id"], item))
    case "ssls": has(["cert"], item) && has(["key"], item)
    case "protos": has(["id"], item) && has(["content"], item)
    case "secrets": has(["id"], item) && has(["uri"], item) && has(["prefix", "token"], item)
    default: false
    }
  }

  /// Whether an item is plainly another program's.
  private func isOther(_ list: String, _ item: Tree.ID) -> Bool {
    tree.pairs(item) == nil || has(["image", "url", "dest", "targets", "match", "predicates"], item)
  }

  /// A path, and what is to be done with its requests.
  func isRoute(_ item: Tree.ID) -> Bool {
    let uris = tree.value("uris", in: item).flatMap { tree.items($0)?.first } ?? tree.value("uri", in: item)
    let isPath = uris.flatMap { tree.scalar($0) }.map { $0.hasPrefix("/") || $0.hasPrefix("*") || $0.has("$") } ?? false
    if upstream(of: item) { return uris != nil || has(["hosts", "host", "methods", "vars", "plugins", "id"], item) }
    guard isPath || has(["hosts", "host"], item), !has(["predicates", "filters"], item) else { return false }
    return isMap("plugins", item) || isMap("upstream", item)
      || has(["upstream_id", "service_id", "plugin_config_id", "script"], item)
  }

  private func upstream(of item: Tree.ID) -> Bool { tree.value("upstream", in: item).map(isUpstream) ?? false }

  func isUpstream(_ item: Tree.ID) -> Bool {
    guard tree.pairs(item) != nil, !has(["targets"], item) else { return false }
    if has(["service_name"], item) { return has(["discovery_type", "type"], item) }
    return has(["discovery_type"], item) || tree.value("nodes", in: item).map(areNodes) ?? false
  }

  /// `{"host:port": weight}`, or a list of host, port and weight.
  private func areNodes(_ nodes: Tree.ID) -> Bool {
    if let pairs = tree.pairs(nodes) {
      return pairs.isEmpty
        || pairs.contains { pair in tree.scalar(pair.value).map { $0.utf8.allSatisfy { $0 < 0x40 } } ?? false }
    }
    return (tree.items(nodes) ?? []).contains { has(["host"], $0) && has(["port", "weight"], $0) }
  }

  func isMap(_ key: String, _ item: Tree.ID) -> Bool {
    tree.value(key, in: item).map { tree.pairs($0) != nil } ?? false
  }

  /// Whether it has one of the keys.
  func has(_ keys: [String], _ item: Tree.ID) -> Bool { tree.has(keys, in: item) }
}
