/// Why a file could not be read or written. The command then ends with status 3.
public struct FileError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case notFound, unreadable, tooLarge, notWritten
  }

  /// The reason for what this user alone cannot do: others may.
  static let denied = "permission denied"

  public let kind: Kind
  /// As the user named it.
  public let path: String
  /// A few words, `permission denied`.
  public let reason: String

  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// What is to be made is there.
  public static func isThere(_ path: String) -> FileError {
    FileError(.notWritten, path: path, reason: "it is there already")
  }

  /// A pipe or a device whose end did not come in time.
  public static func unended(_ path: String, within patience: Patience) -> FileError {
    FileError(.unreadable, path: path, reason: "its end did not come within \(patience.limit)")
  }

  /// Whether the token itself was given where a file is named.
  public var isToken: Bool { kind != .tooLarge && SecretPatterns.isToken(path) }
  /// The path as it may be shown.
  public var shownPath: String { SecretPatterns.shownName(path) }
}
