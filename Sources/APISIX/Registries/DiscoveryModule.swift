/// What `require("apisix.discovery." .. NAME)` finds: dots and slashes part a path alike, and empty parts vanish, so
/// `../kubernetes` is the kubernetes registry by another name.
public enum DiscoveryModule: Equatable {
  case registry(RegistryKind)
  /// A registry under a name that is not its key: it does not find its section.
  case misnamed(RegistryKind)
  /// A real file without `init_worker`, such as `kubernetes.core`.
  case part
  /// `apisix.discovery` itself.
  case itself
  case declared
  case missing

  /// - Parameter declared: names of modules of one's own.
  public init(_ name: String, release: Release, declared: Set<String>) {
    if declared.isEmpty, let kind = RegistryKind(name, in: release) {
      self = .registry(kind)
      return
    }
    let parts = Self.parts(name)
    let kind = parts.first.flatMap { RegistryKind($0, in: release) }
    let isFile = !name.hasSuffix(".") && !name.hasSuffix("/")
    self =
      switch (parts.count, kind) {
      case _ where declared.contains(name): .declared
      case (0, _): .itself
      case (1, nil) where isFile && parts[0] == "init": .itself
      case (1, let kind?): name == kind.key ? .registry(kind) : .misnamed(kind)
      case (2, let kind?) where isFile && parts[1] == "init": .misnamed(kind)
      case (2, let kind?) where isFile && kind.model.modules.contains(String(parts[1])): .part
      default: .missing
      }
  }

  /// The registry whose `schema` module is found under this name; `kubernetes.init` finds none.
  static func schemaOwner(_ name: String, release: Release) -> RegistryKind? {
    if let kind = RegistryKind(name, in: release) { return kind }
    let parts = parts(name)
    return parts.count == 1 ? RegistryKind(parts[0], in: release) : nil
  }

  private static func parts(_ name: String) -> [Substring] {
    name.utf8.split { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }.map(Substring.init)
  }
}
