import Glibc

/// A file for a token: its owner's only, and never a terminal or a pipe.
public enum SecretFile {
  /// That a token can be written there, as far as can be told without writing.
  /// - Throws: `notWritten`.
  public static func check(_ path: String) throws(FileError) {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw notPlain(path) }
      guard status.st_uid == geteuid() || geteuid() == 0 else {
        throw FileError(.notWritten, path: path, reason: "it is another user's")
      }
      guard access(path, W_OK) == 0 else { throw FileSystem.failure(.notWritten, path) }
    } else {
      guard errno == ENOENT, access(LocalPath.parent(of: path), W_OK | X_OK) == 0 else {
        throw FileSystem.failure(.notWritten, path)
      }
    }
  }

  private static func notPlain(_ path: String) -> FileError {
    FileError(.notWritten, path: path, reason: "a token goes into a plain file only")
  }

  /// - Throws: `notWritten`; what was in the file is gone where the writing itself failed.
  public static func write(_ secret: String, to path: String) throws(FileError) {
    let descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600))
    guard descriptor.number >= 0 else { throw FileSystem.failure(.notWritten, path) }
    var status = stat()
    guard fstat(descriptor.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw notPlain(path)
    }
    guard fchmod(descriptor.number, 0o600) == 0, ftruncate(descriptor.number, 0) == 0,
      FileSystem.write(Array(secret.utf8), to: descriptor.number)
    else { throw FileSystem.failure(.notWritten, path) }
  }
}
