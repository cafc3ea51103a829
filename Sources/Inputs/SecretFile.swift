import Glibc

/// A file for a token: its owner's only, and never a terminal or a pipe.
public enum SecretFile {
  /// - Throws: `notWritten`; what was in the file is gone where the writing itself failed.
  public static func write(_ secret: String, to path: String) throws(FileError) {
    let descriptor = Descriptor(open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0o600))
    guard descriptor.number >= 0 else { throw FileSystem.failure(.notWritten, path) }
    var status = stat()
    guard fstat(descriptor.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(.notWritten, path: path, reason: "a token goes into a plain file only")
    }
    guard fchmod(descriptor.number, 0o600) == 0, ftruncate(descriptor.number, 0) == 0,
      FileSystem.write(Array(secret.utf8), to: descriptor.number)
    else { throw FileSystem.failure(.notWritten, path) }
  }
}
