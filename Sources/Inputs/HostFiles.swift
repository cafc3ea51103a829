import Glibc

/// What is known of a file on the host where APISIX runs.
public enum FileAnswer: Sendable {
  case content([UInt8])
  case missing
  case unknown
}

/// Files as APISIX on its host would find them: absolute paths under the root, relative ones under its home. No path
/// and no link leads out of the root.
public struct HostFiles: Sendable {
  /// The value of `--root`; nil where nothing is known of the host's files.
  public let root: String?
  /// What stands before the paths below it.
  private let front: String

  public init(root: String?) {
    self.root = root
    front = root.map { LocalPath.withoutSlash($0) } ?? ""
  }

  private static let home = "/usr/local/apisix/"

  /// - Throws: where the root is no directory.
  public func check() throws(FileError) {
    guard let root else { return }
    let kind: FileSystem.Kind
    do throws(FileError) { kind = try FileSystem.kind(of: root) } catch {
      throw FileError(error.kind, path: root, reason: "\(error.reason), which --root names")
    }
    if kind != .directory { throw FileError(.unreadable, path: root, reason: "it is no directory, as --root wants") }
  }

  /// A path of the host as it is to be read here, links followed as on the host; without a root as it is.
  /// - Throws: for links that lead round in circles, and a path that is too long for any system.
  public func path(_ path: String) throws(FileError) -> String {
    root == nil ? path : try inside(path.hasPrefix("/") ? path : Self.home + path)
  }

  /// The file of this name beside one that `path` gave, or beside any other.
  public func path(_ name: String, beside file: String) throws(FileError) -> String {
    let folder = LocalPath.directory(of: file)
    let path = folder.isEmpty && !file.hasPrefix("/") ? name : "\(folder)/\(name)"
    return root != nil && path.hasPrefix(front + "/") ? try inside(String(path.dropFirst(front.count))) : path
  }

  /// Name by name, as the system does behind chroot; what is not there is nobody's link.
  private func inside(_ path: String) throws(FileError) -> String {
    // No system opens it, and to look at each name of it takes long.
    guard path.utf8.count < PATH_MAX else {
      throw FileError(.unreadable, path: "\(front)\(path)", reason: FileSystem.reason(ENAMETOOLONG))
    }
    var names = Array(path.split(separator: "/").reversed())
    var found: [Substring] = []
    var links = 0
    while let name = names.popLast() {
      if name == ".." { _ = found.popLast() }
      if name == ".." || name == "." { continue }
      found.append(name)
      guard let target = Self.target(of: "\(front)/" + found.joined(separator: "/")) else { continue }
      links += 1
      if links > 40 { throw FileError(.unreadable, path: "\(front)\(path)", reason: "too many symbolic links") }
      found = target.hasPrefix("/") ? [] : found.dropLast()
      names += target.split(separator: "/").reversed()
    }
    return "\(front)/" + found.joined(separator: "/")
  }

  /// What a symbolic link says; nil for all else.
  private static func target(of path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  public var lookup: @Sendable (String) -> FileAnswer {
    guard root != nil else { return { _ in .unknown } }
    return { path in
      do throws(FileError) {
        let path = try self.path(path)
        // A pipe or a device is not read: it may never end.
        guard try FileSystem.kind(of: path) != .other,
          let bytes = try FileSystem.read(path, limit: InputFile.limit)
        else { return .unknown }
        return .content(bytes)
      } catch { return error.reason == FileError.denied ? .unknown : .missing }
    }
  }
}
