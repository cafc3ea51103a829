public import Findings

/// Why a file could not be read or written. `finding` says it to the user; the command then ends with status 3.
public struct FileError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    case notFound, unreadable, tooLarge, notWritten
  }

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
}

extension FileError {
  public var finding: Finding {
    switch kind {
    case .notFound:
      Finding(
        rule: InputRules.notFound, message: "there is no such file or directory", file: path,
        help: "check the path; it is taken from the directory gatecheck runs in")
    case .unreadable:
      Finding(rule: InputRules.unreadable, message: "cannot read this: \(reason)", file: path)
    case .tooLarge:
      Finding(
        rule: InputRules.tooLarge, message: "not checked: \(reason)", file: path,
        help: "split it, or name the file that APISIX really reads")
    case .notWritten:
      Finding(
        rule: InputRules.notWritten, message: "cannot write the fix, the file is as it was: \(reason)", file: path)
    }
  }
}
