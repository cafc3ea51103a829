/// What `require("apisix.discovery." .. NAME)` finds: dots and slashes part a path alike, and empty parts vanish, so
/// `../kubernetes` is the kubernetes registry by another name.
enum DiscoveryModule: Equatable {
  case registry(RegistryKind)
  /// A registry under a name that is not its key: it does not find its section.
  case misnamed(RegistryKind)
  /// A real file without `init_worker`, such as `kubernetes.core`.
  case part
  /// `apisix.discovery` itself.
  case itself
  case declared
  case missing

  init(_ name: String, release: Release, declared: Set<String>) {
    if declared.contains(name) {
      self = .declared
      return
    }
    if let kind = RegistryKind(rawValue: name), release >= kind.since {
      self = .registry(kind)
      return
    }
    let parts = name.split { $0 == "." || $0 == "/" }.map(String.init)
    guard let first = parts.first else {
      self = .itself
      return
    }
    let endsInSeparator = name.last.map { $0 == "." || $0 == "/" } ?? false
    switch parts.count {
    case 1 where first == "init" && !endsInSeparator: self = .itself
    case 1:
      guard let kind = RegistryKind(rawValue: first), release >= kind.since else {
        self = .missing
        return
      }
      self = .misnamed(kind)
    case 2 where !endsInSeparator:
      guard let kind = RegistryKind(rawValue: first), release >= kind.since else {
        self = .missing
        return
      }
      if parts[1] == "init" {
        self = .misnamed(kind)
      } else {
        self = Self.files(of: kind).contains(parts[1]) ? .part : .missing
      }
    default: self = .missing
    }
  }

  /// The registry whose `schema` module is found under this name; `kubernetes.init` finds none.
  static func schemaOwner(_ name: String, release: Release) -> RegistryKind? {
    let parts = name.split { $0 == "." || $0 == "/" }
    guard parts.count == 1, let kind = RegistryKind(rawValue: String(parts[0])), release >= kind.since else {
      return nil
    }
    return kind
  }

  private static func files(of kind: RegistryKind) -> Set<String> {
    switch kind {
    case .kubernetes: ["schema", "core", "informer_factory"]
    case .nacos: ["schema", "client"]
    case .consul: ["schema", "client"]
    case .consulKV, .eureka, .dns, .tars: ["schema"]
    }
  }
}
