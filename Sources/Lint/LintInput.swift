/// A file's bytes, as the user named it.
public struct LintInput: Sendable {
  public let path: String
  public let bytes: [UInt8]
  /// Named on the command line, not found in a folder: it is then looked at even when its content tells no kind.
  public let named: Bool
  /// Only the beginning of a file that is too large, and another program's.
  let isCut: Bool

  public init(path: String, bytes: [UInt8], named: Bool) {
    self.init(path: path, bytes: bytes, named: named, isCut: false)
  }

  init(path: String, bytes: [UInt8], named: Bool, isCut: Bool) {
    self.path = path
    self.bytes = bytes
    self.named = named
    self.isCut = isCut
  }
}
