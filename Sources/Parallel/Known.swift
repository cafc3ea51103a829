import Synchronization

/// What is found out once and kept for all who ask for it. One that takes long holds up those alone who want it.
public final class Known<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let all = Mutex<[Key: Entry]>([:])

  private final class Entry: Sendable {
    let value = Mutex<Value?>(nil)
  }

  public init() {}

  /// - Parameter find: asked first, and again after it threw.
  public func value<Failure: Error>(of key: Key, _ find: () throws(Failure) -> Value) throws(Failure) -> Value {
    let entry = all.withLock { all in
      let entry = all[key] ?? Entry()
      all[key] = entry
      return entry
    }
    return try entry.value.withLock { value throws(Failure) in
      if let value { return value }
      let found = try find()
      value = found
      return found
    }
  }
}
