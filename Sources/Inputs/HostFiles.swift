/// What is known of a file on the host where APISIX runs.
public enum FileAnswer: Sendable {
  case content([UInt8])
  case missing
  case unknown
}

/// Files as APISIX on its host would find them: absolute paths under the root, relative ones under its home.
public struct HostFiles: Sendable {
  /// The value of `--root`; nil where nothing is known of the host's files.
  public let root: String?

  public init(root: String?) { self.root = root }

  private static let home = "usr/local/apisix"

  /// A path of the host as it is to be read here; without a root as it is.
  public func path(_ path: String) -> String {
    guard let root else { return path }
    return path.hasPrefix("/") ? root + path : "\(root)/\(Self.home)/\(path)"
  }

  public var lookup: @Sendable (String) -> FileAnswer {
    guard root != nil else { return { _ in .unknown } }
    return { path in
      do throws(FileError) {
        return .content(try FileSystem.read(self.path(path), limit: InputFile.limit) ?? [])
      } catch { return .missing }
    }
  }
}
