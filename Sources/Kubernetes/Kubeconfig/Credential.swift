/// A token, password or key. However it is printed, described or mirrored, it shows as `***`.
public struct TokenSecret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  /// The secret itself: only for the one place that sends it or writes it where it was asked to.
  public let value: String

  public init(_ value: String) { self.value = value }

  public var description: String { "***" }
  public var debugDescription: String { "***" }
  public var customMirror: Mirror { Mirror(self, children: []) }

  public var isEmpty: Bool { value.isEmpty }
  /// The first 12 hex digits of its SHA-256: tells two secrets apart without showing either.
  public var fingerprint: String { String(SHA256.hex(Array(value.utf8)).prefix(12)) }
}
