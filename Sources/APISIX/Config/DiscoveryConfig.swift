import Inputs
public import SourceText
public import YAML

/// A config.yaml, read once: what APISIX would do with it, and the registries and clusters of its `discovery` with
/// their places. Every command looks at a configuration through this.
public final class DiscoveryConfig: Sendable {
  /// As the user named the file.
  public let path: String
  public let tree: Tree
  public let conditions: Conditions
  public let verdict: Verdict
  /// In the order of the file; null values are gone and variables filled in.
  public let registries: [Registry]

  /// A key under `discovery`, of APISIX's own registries or of any module.
  public struct Registry: Sendable {
    public let name: String
    public let keyNode: Tree.ID?
    /// Without defaults.
    public let value: LuaValue

    public var path: String { "discovery." + name }
  }

  /// Why a configuration has no cluster to speak of.
  public enum Fault: Error, Sendable, Hashable {
    /// There is no `discovery.kubernetes` that holds anything, only `others`; the place is that of the nearest key.
    case noKubernetes(others: [String], Place)
    /// No cluster has the id; `known` are those that there are, none where the one cluster has no id.
    case unknownCluster(String, known: [String], Place)
  }

  public convenience init(_ bytes: [UInt8], path: String = "", _ conditions: Conditions = Conditions()) {
    let (tree, error) = Tree.partial(bytes, as: conditions.release.reader)
    self.init(tree, error: error, path: path, conditions)
  }

  /// The same for a file that is parsed already by `Tree.partial`, as the release reads it.
  public init(_ tree: Tree, error: YAMLError?, path: String, _ conditions: Conditions) {
    self.path = path
    self.tree = tree
    self.conditions = conditions
    verdict = Verdict(tree, error: error, conditions)
    registries = (verdict.discovery?.table?.entries ?? []).compactMap { entry in
      entry.key.string.map { Registry(name: $0, keyNode: entry.keyNode, value: entry.value) }
    }
  }

  /// The same where this module of one's own is known to be there.
  public func declaring(_ module: String) -> DiscoveryConfig {
    var conditions = conditions
    conditions.declared.insert(module)
    return DiscoveryConfig(tree, error: verdict.yamlError, path: path, conditions)
  }

  public var release: Release { conditions.release }

  /// `apisix.dns_resolver`, with the place of its key, and whether the search list of resolv.conf is tried.
  public var nameServers: (addresses: [String], place: Place, searches: Bool)? {
    guard let apisix = verdict.root?["apisix"], let list = apisix["dns_resolver"] else { return nil }
    let addresses = (list.items ?? []).compactMap(\.string)
    guard !addresses.isEmpty else { return nil }
    return (addresses, place(list.node, "apisix.dns_resolver"), apisix["enable_resolv_search_opt"]?.bool != false)
  }

  /// `apisix.ssl.ssl_trusted_certificate`
  public var trustedCertificate: String? { verdict.root?["apisix"]?["ssl"]?["ssl_trusted_certificate"]?.string }
}

// MARK: - Clusters

extension DiscoveryConfig {
  /// One item of `discovery.kubernetes`, or the whole of it.
  public struct Cluster: Sendable {
    /// Of an item, "" where it has none; nil where there is no list.
    public let id: String?
    /// With defaults where APISIX accepts the file.
    public let value: LuaValue
    /// `discovery.kubernetes[0]`
    public let path: String
    let config: DiscoveryConfig

    /// What of it decides on nodes.
    public var settings: ClusterSettings { ClusterSettings(self) }

    /// Where a setting stands; the path alone where a default stands for it.
    public func place(_ keys: String...) -> Place {
      let setting = keys.reduce(Optional(value)) { $0?[$1] }
      return config.place(setting?.node, ([path] + keys).joined(separator: "."))
    }

    public subscript(_ keys: String...) -> LuaValue? { keys.reduce(Optional(value)) { $0?[$1] } }

    /// A setting as APISIX reads it when its process starts; nil where it is not there.
    public func read(_ keys: String..., default fallback: String? = nil) -> Reading? {
      let setting = keys.reduce(Optional(value)) { $0?[$1] }
      return switch setting?.kind {
      case .string(let text): config.conditions.environment.reading(text)
      // APISIX refuses a number; what was meant is plain all the same.
      case .number(let number): .text(LuaNumber.text(number))
      case .open(let text): .unset(Placeholder.filled(in: text) ?? text)
      default: fallback.map { config.conditions.environment.reading($0) }
      }
    }

    /// `client.token_file`; nil where a token wins over it.
    private var tokenFile: Reading? { self["client", "token"] == nil ? read("client", "token_file") : nil }

    /// What keeps a release from reading it at each list; earlier ones do not start, later ones send no token.
    var tokenFault: Words? {
      switch tokenFile {
      case .unset(let variable): return Words(.tokenPathUnread, cause: Words(.variableUnset, variable))
      case .text(let path) where config.release.has(.rereadsTokenFile) && !config.release.has(.sendsEmptyToken):
        guard case .missing = config.conditions.files(path) else { return nil }
        return Words(.tokenUnread, cause: .noSuchFile(path))
      default: return nil
      }
    }
  }

  /// With defaults where APISIX accepts the file; nil where it holds nothing that could be read.
  private var kubernetes: LuaValue? {
    (verdict.resolved ?? verdict.discovery)?[RegistryKind.kubernetes.key].flatMap { $0.table == nil ? nil : $0 }
  }

  /// Where `discovery.kubernetes` stands, or else `discovery`.
  private var section: Place {
    if let key = registries.first(where: { $0.name == RegistryKind.kubernetes.key }) {
      return place(key.keyNode, key.path)
    }
    let discovery = tree.documents.first.flatMap { tree.pair("discovery", in: $0) }
    return place(discovery?.key, discovery.map { _ in "discovery" })
  }

  /// Whether service names begin with the id of a cluster.
  public var mode: ServiceNameMode { kubernetes?.items == nil ? .single : .multi }

  /// The clusters that are meant, in the order of the file.
  /// - Parameter id: of those in a list the one of this id; nil for all.
  public func clusters(_ id: String? = nil) throws(Fault) -> [Cluster] {
    guard let kubernetes else {
      throw .noKubernetes(others: registries.map(\.name).filter { $0 != RegistryKind.kubernetes.key }, section)
    }
    let path = RegistryKind.kubernetes.path
    let all =
      kubernetes.items?.enumerated().map { index, item in
        Cluster(id: item["id"]?.string ?? "", value: item, path: "\(path)[\(index)]", config: self)
      } ?? [Cluster(id: nil, value: kubernetes, path: path, config: self)]
    guard let id else { return all }
    let chosen = all.filter { $0.id == id }
    guard chosen.isEmpty else { return chosen }
    throw .unknownCluster(id, known: all.compactMap(\.id).filter { !$0.isEmpty }, section)
  }
}

// MARK: - Places

extension DiscoveryConfig {
  /// Where something stands, for findings.
  public struct Place: Sendable, Hashable {
    public let file: String
    public let range: SourceRange?
    /// `discovery.kubernetes.service.port`
    public let path: String?
  }

  public func place(_ node: Tree.ID?, _ path: String?) -> Place {
    Place(file: self.path, range: node.map { tree.range($0) }, path: path)
  }

  /// Where a variable is named first, `${NAME}` or `${{NAME}}`, but in comments.
  public func place(ofVariable name: String) -> Place? {
    let bytes = tree.text.bytes
    for start in bytes.indices where bytes[start...].starts(with: "${".utf8) {
      let inner = bytes[start...].dropFirst().drop { $0 == UInt8(ascii: "{") || $0 == 0x20 }
      let rest = inner.dropFirst(name.utf8.count)
      guard inner.starts(with: name.utf8), rest.first.map({ !$0.isWord }) ?? false,
        let close = rest.firstIndex(of: UInt8(ascii: "}")),
        bytes[..<start].reversed().prefix(while: { $0 != 0x0A }).last(where: { $0 != 0x20 }) != UInt8(ascii: "#")
      else { continue }
      return Place(file: path, range: tree.text.range(start..<close + 1), path: nil)
    }
    return nil
  }

  /// Where the cause of a refusal stands, as far as that is known; the file alone else.
  public var refusalPlace: Place {
    if let error = verdict.yamlError {
      return Place(file: path, range: tree.text.range(error.position.offset..<error.position.offset), path: nil)
    }
    let violation = verdict.refusal?.words.sentence == .registryInvalid ? verdict.violations.first : nil
    return place(violation?.value.node ?? verdict.refusal?.node, violation?.location)
  }

  /// Whether APISIX refuses nothing but that a cluster has no token.
  public var lacksOnlyTokens: Bool {
    verdict.refusal?.words.sentence == .registryInvalid
      && verdict.violations.allSatisfy { violation in
        violation.registry == RegistryKind.kubernetes.key
          && (violation.reason == Words(.required, "client")
            || violation.path.last == .key("client")
              && violation.value["token"] == nil && violation.value["token_file"] == nil)
      }
  }
}

extension DiscoveryConfig.Cluster {
  /// Whether APISIX accepts what of it decides on nodes: selectors, weights, the list itself, and that there is one
  /// credential at most.
  public var isClear: Bool {
    let deciding = ["namespace_selector", "label_selector", "default_weight", "watch_endpoint_slices"]
    return config.verdict.violations.allSatisfy { violation in
      ![path, RegistryKind.kubernetes.path].contains(violation.location)
        && !deciding.contains { violation.location.hasPrefix("\(path).\($0)") }
        && !(violation.location == "\(path).client" && violation.reason.sentence == .twoOfOne)
        || violation.reason.sentence == .required
    }
  }
}
