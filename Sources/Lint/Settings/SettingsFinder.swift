import Inputs

/// Finds the .gatecheck.yaml for each file, upwards from its directory, and reads each only once. The nearest one
/// counts alone; what stands further up is not merged into it.
public struct SettingsFinder: Sendable {
  private var cache: [String: Settings?] = [:]
  private let workingDirectory: String

  public init() { workingDirectory = FileSystem.workingDirectory() }

  /// The settings for a file or directory, nil where there are none.
  /// - Parameter path: as the user named it, or absolute; it need not exist.
  /// - Throws: for a .gatecheck.yaml that is wrong; the command ends with status 2.
  public mutating func settings(forFile path: String) throws(SettingsError) -> Settings? {
    try settings(forFolder: LocalPath.parent(of: absolute(path)))
  }

  /// The settings that hold in the working directory, for what is no matter of a single file.
  public mutating func settings() throws(SettingsError) -> Settings? {
    try settings(forFolder: workingDirectory)
  }

  /// The path from the root, without links in its directory. The same file has the same path, however it is named.
  public func absolute(_ path: String) -> String {
    let full = path.utf8.first == UInt8(ascii: "/") ? path : workingDirectory + "/" + path
    let parent = LocalPath.parent(of: full)
    let name = LocalPath.name(of: full)
    if name == "." || name == ".." || name.isEmpty { return FileSystem.canonical(full) ?? full }
    let directory = FileSystem.canonical(parent) ?? parent
    return LocalPath.join(directory, String(name))
  }

  /// The settings for what stands in a folder.
  /// - Parameters:
  ///   - directory: absolute, without links.
  ///   - hasSettings: false where the listing of the folder has no .gatecheck.yaml.
  public mutating func settings(
    forFolder directory: String, hasSettings: Bool = true
  ) throws(SettingsError) -> Settings? {
    if let known = cache[directory] { return known }
    let path = LocalPath.join(directory, Settings.fileName)
    let found: Settings? =
      if hasSettings && FileSystem.exists(path) {
        try Settings(path: shown(path), directory: directory, bytes: Self.read(path, shown: shown(path)))
      } else if directory == "/" {
        nil
      } else {
        try settings(forFolder: LocalPath.parent(of: directory))
      }
    cache[directory] = .some(found)
    return found
  }

  private static func read(_ path: String, shown: String) throws(SettingsError) -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(path, limit: 1 << 20) ?? []
    } catch {
      throw SettingsError(path: shown, "cannot read it: \(error.reason)")
    }
  }

  /// From the working directory, when it is in it.
  private func shown(_ path: String) -> String {
    let base = workingDirectory == "/" ? "/" : workingDirectory + "/"
    return path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
  }
}
