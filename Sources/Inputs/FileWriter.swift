import Glibc

/// Puts fixed files in place.
public enum FileWriter {
  /// Replaces a file's content in one step: whoever reads it sees the old file or the new one, whole. A symbolic link
  /// stays, and the file that it leads to is replaced where it stands in the link's folder or below. Mode and, where
  /// the user may set them, owner and group stay; other names of the file (hard links) keep the old content.
  /// - Parameters:
  ///   - old: what was read; a file that somebody changed since is left alone.
  ///   - new: what is to be in it.
  /// - Returns: how many other names the file had.
  /// - Throws: why nothing was changed. No temporary file is left behind.
  @discardableResult
  public static func replace(_ path: String, _ old: [UInt8], with new: [UInt8]) throws(FileError) -> Int {
    let (target, status) = try target(of: path)
    let signals = HeldSignals()
    defer { withExtendedLifetime(signals) {} }
    var temporary = try TemporaryFile(beside: target, shown: path)
    guard temporary.write(new), temporary.takeOver(status) else { throw FileSystem.failure(.notWritten, path) }
    let now = try? FileSystem.read(target, limit: max(old.count, new.count, 1))
    // Through a link to it the file was written a moment ago.
    if now == new { return Int(status.st_nlink) - 1 }
    guard now == old else {
      throw FileError(.notWritten, path: path, reason: "it was changed in the meantime")
    }
    guard temporary.rename(to: target) else { throw FileSystem.failure(.notWritten, path) }
    return Int(status.st_nlink) - 1
  }
}

extension FileWriter {
  /// Makes a file that only its owner may read, whole or not at all. One of that name must not be there.
  public static func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    let signals = HeldSignals()
    defer { withExtendedLifetime(signals) {} }
    let temporary = try TemporaryFile(beside: path, shown: path)
    guard temporary.write(bytes) else { throw FileSystem.failure(.notWritten, path) }
    guard temporary.link(to: path) else {
      throw errno == EEXIST ? FileError.isThere(path) : FileSystem.failure(.notWritten, path)
    }
  }

  /// That `replace` can be expected to work, as far as can be told without writing.
  public static func check(_ path: String) throws(FileError) {
    let target = try target(of: path).path
    guard access(LocalPath.parent(of: target), W_OK | X_OK) == 0 else { throw FileSystem.failure(.notWritten, path) }
  }

  /// The file that is to be replaced.
  private static func target(of path: String) throws(FileError) -> (path: String, status: stat) {
    guard let target = FileSystem.canonical(path), let folder = FileSystem.canonical(LocalPath.parent(of: path)) else {
      throw FileSystem.failure(.notWritten, path)
    }
    guard folder == "/" || target.hasPrefix(folder + "/") else {
      throw FileError(
        .notWritten, path: path, reason: "it is a link that leads out of its folder; name \(target) itself")
    }
    var status = stat()
    guard stat(target, &status) == 0 else { throw FileSystem.failure(.notWritten, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(.notWritten, path: path, reason: "it is not a file")
    }
    // The rename asks only for the directory's permission; a file that is write-protected is meant to stay.
    guard access(target, W_OK) == 0 else { throw FileSystem.failure(.notWritten, path) }
    return (target, status)
  }
}

/// Holds back Ctrl-C and its like until it is let go, so that they leave no temporary file.
private final class HeldSignals {
  private var before = sigset_t()

  init() {
    var held = sigset_t()
    sigemptyset(&held)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&held, signal) }
    pthread_sigmask(SIG_BLOCK, &held, &before)
  }

  deinit { pthread_sigmask(SIG_SETMASK, &before, nil) }
}

/// A file that goes away again unless it is renamed.
private struct TemporaryFile: ~Copyable {
  private let path: String
  private let descriptor: CInt
  private var kept = false

  init(beside target: String, shown: String) throws(FileError) {
    for _ in 0..<16 {
      let candidate =
        "\(LocalPath.directory(of: target))/.gatecheck-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
      let descriptor = open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      if descriptor >= 0 {
        self.path = candidate
        self.descriptor = descriptor
        return
      }
      if errno != EEXIST { throw FileSystem.failure(.notWritten, shown) }
    }
    throw FileSystem.failure(.notWritten, shown)
  }

  func write(_ bytes: [UInt8]) -> Bool { FileSystem.write(bytes, to: descriptor) && fsync(descriptor) == 0 }

  /// Owner first: changing it clears the bits that `chmod` then sets.
  func takeOver(_ status: stat) -> Bool {
    var mode = status.st_mode & 0o7777
    if fchown(descriptor, status.st_uid, status.st_gid) != 0 {
      // Only the administrator may give files away. Never let a set-id bit pass to another owner.
      mode &= 0o777
      _ = fchown(descriptor, uid_t.max, status.st_gid)
    }
    return fchmod(descriptor, mode) == 0
  }

  /// Gives it this name too, unless another file has it.
  func link(to target: String) -> Bool { Glibc.link(path, target) == 0 }

  mutating func rename(to target: String) -> Bool {
    kept = Glibc.rename(path, target) == 0
    return kept
  }

  deinit {
    let code = errno
    if !kept { unlink(path) }
    close(descriptor)
    errno = code
  }
}
