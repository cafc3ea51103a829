import APISIX

/// The keys that APISIX reads in a map of a registry's section. No schema forbids others, so the schemas' own
/// properties are what tells a typo.
struct KnownKeys: Sendable {
  /// What the newest release reads here.
  private let newest: Schema
  private let path: [String]
  private let registry: RegistryKind

  init?(_ registry: RegistryKind) {
    guard let schema = registry.schema(in: .newest) else { return nil }
    self.init(registry, schema, path: [])
  }

  private init(_ registry: RegistryKind, _ schema: Schema, path: [String]) {
    self.registry = registry
    self.newest = schema
    self.path = path
  }

  /// In the order of the schema; `id` only where the list form has it.
  var names: [String] { Self.properties(newest).map(\.name) }

  func contains(_ name: String) -> Bool { Self.property(name, of: newest) != nil }

  /// The one other place in the registry's section where a key of this name is read; nil for none or several.
  func place(of name: String, notIn prefix: [String]) -> [String]? {
    let places = places(of: name.lowercased().filter { $0 != "_" && $0 != "-" }).filter { $0.dropLast() != prefix[...] }
    return places.count == 1 ? places[0] : nil
  }

  private func places(of folded: String) -> [[String]] {
    names.flatMap { name -> [[String]] in
      let here = name.lowercased().filter { $0 != "_" } == folded ? [path + [name]] : []
      return here + (below(name)?.places(of: folded) ?? [])
    }
  }

  /// The keys of the map under `name`; nil where it holds no map.
  func below(_ name: String) -> KnownKeys? {
    guard let schema = Self.property(name, of: newest), !Self.properties(schema).isEmpty else { return nil }
    return KnownKeys(registry, schema, path: path + [name])
  }

  /// The first release that reads `name`, where `release` does not yet.
  func since(_ name: String, in release: Release) -> Release? {
    guard !isRead(name, in: release) else { return nil }
    let first = Release.known.first { $0 > release && isRead(name, in: $0) }
    // 2.99 was the preview of 3.0.
    return first == Release(2, 99) ? Release(3, 0) : first
  }

  private func isRead(_ name: String, in release: Release) -> Bool {
    guard var schema = registry.schema(in: release) else { return false }
    for step in path {
      guard let next = Self.property(step, of: schema) else { return false }
      schema = next
    }
    return Self.property(name, of: schema) != nil
  }

  /// Of a map, and of the forms that a map may take: `kubernetes` is one cluster or a list of them.
  private static func properties(_ schema: Schema) -> [Schema.Property] {
    var result = schema.properties
    for form in schema.anyOf + schema.oneOf + schema.items {
      for property in properties(form) where !result.contains(where: { $0.name == property.name }) {
        result.append(property)
      }
    }
    return result
  }

  private static func property(_ name: String, of schema: Schema) -> Schema? {
    properties(schema).first { $0.name == name }?.schema
  }
}
