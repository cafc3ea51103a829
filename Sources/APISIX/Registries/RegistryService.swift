/// A service as an upstream names it.
public struct RegistryService: Sendable, Hashable {
  public let registry: RegistryKind
  public let name: String
  /// Those keys of its `discovery_args` that the registry reads.
  public let arguments: [String: String]

  public init(_ registry: RegistryKind, _ name: String, _ arguments: [String: String] = [:]) {
    self.registry = registry
    self.name = name
    self.arguments = arguments.filter { registry.arguments.contains($0.key) && Self.usual[$0.key] != $0.value }
  }

  /// What APISIX takes for what is not said.
  private static let usual = ["namespace_id": "public", "group_name": "DEFAULT_GROUP"]

  /// As it is shown: `web (group_name=G1)`
  public var text: String {
    let told = arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    return told.isEmpty ? name : "\(name) (\(told))"
  }
}

extension RegistryService: Comparable {
  public static func < (left: RegistryService, right: RegistryService) -> Bool {
    if left.name != right.name { return left.name < right.name }
    return (left.registry.rawValue, left.text) < (right.registry.rawValue, right.text)
  }
}
