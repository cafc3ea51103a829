import Glibc

/// Files that commands were asked to write. `FileWriter` replaces a file that people keep.
public enum OutputFile {
  /// Writes a text into a file, in place of what is in it.
  /// - Parameters:
  ///   - isNew: the file must not be there yet.
  ///   - makingFolders: those on the way to it are made where they are missing.
  /// - Throws: `notWritten` with the words of the operating system.
  public static func write(
    _ text: String, to path: String, isNew: Bool = false, makingFolders: Bool = false
  ) throws(FileError) {
    if makingFolders { try makeFolder(String(LocalPath.directory(of: path))) }
    let descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | (isNew ? O_EXCL : O_TRUNC) | O_CLOEXEC, 0o644))
    guard descriptor.number >= 0, FileSystem.write(Array(text.utf8), to: descriptor.number) else {
      throw failure(path)
    }
  }

  /// That they can be written, as far as can be told without writing: before anything is asked whose answer would be
  /// lost. `-` is standard output.
  /// - Throws: `notWritten` with the words of the operating system.
  public static func check(_ paths: [String]) throws(FileError) {
    for path in paths where path != "-" {
      if FileSystem.exists(path) {
        if (try? FileSystem.kind(of: path)) == .directory {
          errno = EISDIR
        } else if access(path, W_OK) == 0 {
          continue
        }
        throw failure(path)
      }
      guard access(LocalPath.parent(of: path), W_OK | X_OK) == 0 else { throw failure(path) }
    }
  }

  private static func makeFolder(_ path: String) throws(FileError) {
    guard !path.isEmpty, !FileSystem.exists(path) else { return }
    try makeFolder(String(LocalPath.directory(of: path)))
    if mkdir(path, 0o755) != 0, errno != EEXIST { throw failure(path) }
  }

  private static func failure(_ path: String) -> FileError {
    errno == EEXIST ? .isThere(path) : FileError(.notWritten, path: path, reason: String(cString: strerror(errno)))
  }
}
