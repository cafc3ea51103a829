/// The keys that APISIX reads in a map of a registry's section. No schema forbids others, so the schemas' own
/// properties are what tells a typo.
public struct KnownKeys: Sendable {
  /// In the order of the schema; `id` only where the list form has it.
  public let names: [String]
  private let maps: [String: KnownKeys]

  /// What a release reads in a registry's section, made anew; nil where that release does not have the registry.
  public static func of(_ registry: RegistryKind, in release: Release) -> KnownKeys? {
    registry.schema(in: release).map { KnownKeys($0) }
  }

  init(_ schema: Schema) {
    let properties = Self.properties(schema)
    names = properties.map(\.name)
    var maps: [String: KnownKeys] = [:]
    for property in properties {
      let below = KnownKeys(property.schema)
      if !below.names.isEmpty { maps[property.name] = below }
    }
    self.maps = maps
  }

  /// Whether the map has the key.
  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// The one other place in the registry's section where a key of this name is read; nil for none or several.
  public func place(of name: String, notIn prefix: [String]) -> [String]? {
    let places = places(of: name.lowercased().filter { $0 != "_" && $0 != "-" }).filter { $0.dropLast() != prefix[...] }
    return places.count == 1 ? places[0] : nil
  }

  private func places(of folded: String, below path: [String] = []) -> [[String]] {
    names.flatMap { name -> [[String]] in
      let here = name.lowercased().filter { $0 != "_" } == folded ? [path + [name]] : []
      return here + (below(name)?.places(of: folded, below: path + [name]) ?? [])
    }
  }

  /// The keys of the map under `name`; nil where it holds no map.
  public func below(_ name: String) -> KnownKeys? { maps[name] }

  /// The keys of the map at the end of a path; nil where there is none.
  public func below(_ path: [String]) -> KnownKeys? {
    path.reduce(Optional(self)) { keys, name in keys?.below(name) }
  }

  /// The first release after `release` that reads `name` in the map at `path`; nil where `release` does already.
  public static func since(_ name: String, at path: [String], _ registry: RegistryKind, after release: Release)
    -> Release?
  {
    func isRead(in release: Release) -> Bool { of(registry, in: release)?.below(path)?.contains(name) ?? false }
    guard release != .newest, !isRead(in: release) else { return nil }
    return Release.known.first { $0 > release && isRead(in: $0) }?.announced
  }

  /// Of a map, and of the forms that a map may take: `kubernetes` is one cluster or a list of them.
  private static func properties(_ schema: Schema) -> [Schema.Property] {
    var result = schema.properties
    for form in schema.anyOf + schema.oneOf + (schema.item.map { [$0] } ?? []) {
      for property in properties(form) where !result.contains(where: { $0.name == property.name }) {
        result.append(property)
      }
    }
    return result
  }
}
