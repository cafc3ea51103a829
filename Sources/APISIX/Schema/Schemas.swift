import Synchronization

/// The schemas of a release's registries, and the keys that the newest release reads, each made when first asked for.
///
/// Threads that check many files have one each: references to what they share are counted across the cores, a hundred
/// times a file.
public final class Schemas: Sendable {
  public let release: Release
  private let built = Mutex<[(kind: RegistryKind, schema: Schema)]>([])
  private let keys = Mutex<[(kind: RegistryKind, keys: KnownKeys?)]>([])

  public init(_ release: Release) { self.release = release }

  /// nil when the release does not have the registry.
  subscript(kind: RegistryKind) -> Schema? {
    built.withLock { built in
      if let known = built.first(where: { $0.kind == kind }) { return known.schema }
      guard let schema = kind.schema(in: release) else { return nil }
      built.append((kind, schema))
      return schema
    }
  }

  /// What the newest release reads in a registry's section, whichever release this is.
  public func newestKeys(of kind: RegistryKind) -> KnownKeys? {
    keys.withLock { keys in
      if let known = keys.first(where: { $0.kind == kind }) { return known.keys }
      let made = release == .newest ? self[kind].map { KnownKeys($0) } : KnownKeys.of(kind, in: .newest)
      keys.append((kind, made))
      return made
    }
  }
}
