/// A file, or standard input, that is to be read.
public struct InputFile: Sendable, Hashable {
  public enum Origin: Sendable, Hashable {
    /// Named by the user.
    case named
    /// Found in a directory that the user named.
    case found
    case standardInput
  }

  /// As the user would name it; the value of `--stdin-filename`, or `standardInputName`, for standard input.
  public let path: String
  public let origin: Origin

  public init(path: String, origin: Origin) {
    self.path = path
    self.origin = origin
  }

  /// The path that standard input has, unless the user gives it another.
  public static let standardInputName = "<stdin>"

  /// The most that is read of one file: 16 MiB.
  public static let limit = 16 << 20

  /// Reads the file.
  /// - Parameter patience: for a pipe; what was found is a regular file, or not read. Nil: the usual one for a pipe
  ///   that the user named, and no end for standard input.
  /// - Returns: nil where it is to be passed over: a file found in a directory that is binary (a NUL byte among its
  ///   first 8 KiB) or over the limit.
  /// - Throws: what is to be told as a finding. A named file over the limit is `tooLarge`.
  public func read(patience: Patience? = nil) throws(FileError) -> [UInt8]? {
    switch origin {
    case .standardInput:
      return try FileSystem.readStandardInput(limit: Self.limit, name: path, patience: patience ?? .endless)
    case .named: return try FileSystem.read(path, limit: Self.limit, patience: patience ?? .usual)
    case .found:
      do throws(FileError) {
        return try FileSystem.read(path, limit: Self.limit, binary: false)
      } catch {
        if error.kind == .tooLarge { return nil }
        throw error
      }
    }
  }

  /// Its first bytes; nil where it cannot be read, or is a pipe.
  public func head(_ count: Int) -> [UInt8]? { FileSystem.head(path, count) }

  /// The bytes of the file that an argument names; `-` is standard input.
  @Sendable public static func contents(_ argument: String) throws(FileError) -> [UInt8] {
    try contents(argument, patience: nil)
  }

  /// The same, of a pipe only what comes in time; see `read`.
  public static func contents(_ argument: String, patience: Patience?) throws(FileError) -> [UInt8] {
    let file =
      argument == "-"
      ? InputFile(path: standardInputName, origin: .standardInput) : InputFile(path: argument, origin: .named)
    return try file.read(patience: patience) ?? []
  }
}
