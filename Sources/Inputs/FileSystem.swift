import Glibc

/// What is asked of the file system of the operating system.
public enum FileSystem {
  public enum Kind: Sendable, Hashable {
    case file, directory, other
  }

  public struct Entry: Sendable {
    public let name: String
    public let kind: Kind
  }

  /// What a path leads to, symbolic links followed.
  public static func kind(of path: String) throws(FileError) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(.unreadable, path) }
    return kind(status.st_mode)
  }

  private static func kind(_ mode: mode_t) -> Kind {
    switch mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .directory
    default: .other
    }
  }

  /// The entries of a directory in the order of the file system. A link to a file counts as that file, a link to a
  /// directory as `other`: following it could lead round in circles.
  /// - Returns: also how many names are not UTF-8; they are left out.
  public static func entries(of path: String) throws(FileError) -> (entries: [Entry], unnamed: Int) {
    guard let directory = Directory(path) else { throw failure(.unreadable, path) }
    var entries: [Entry] = []
    var unnamed = 0
    errno = 0
    while let entry = readdir(directory.stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, name != ".", name != ".." {
        entries.append(Entry(name: name, kind: kind(entry.pointee, at: path + "/" + name)))
      } else if name == nil {
        unnamed += 1
      }
      errno = 0
    }
    guard errno == 0 else { throw failure(.unreadable, path) }
    return (entries, unnamed)
  }

  private static func kind(_ entry: dirent, at path: @autoclosure () -> String) -> Kind {
    switch Int(entry.d_type) {
    case DT_REG: return .file
    case DT_DIR: return .directory
    case DT_LNK: return (try? kind(of: path())) == .file ? .file : .other
    case DT_UNKNOWN:
      // Some file systems do not tell in the listing.
      var status = stat()
      let path = path()
      guard lstat(path, &status) == 0 else { return .other }
      if status.st_mode & S_IFMT == S_IFLNK { return (try? kind(of: path)) == .file ? .file : .other }
      return kind(status.st_mode)
    default: return .other
    }
  }

  /// The bytes of a file.
  /// - Parameters:
  ///   - binary: whether a file with a NUL byte among its first 8 KiB is read at all.
  ///   - patience: for a pipe or a device, whose bytes may never come; nil where only a regular file is read.
  /// - Returns: nil for a binary file when `binary` is false.
  /// - Throws: `tooLarge` for more than `limit` bytes; it never holds more than that in memory.
  public static func read(_ path: String, limit: Int, binary: Bool = true, patience: Patience? = nil) throws(FileError)
    -> [UInt8]?
  {
    let descriptor = open(path)
    guard descriptor.number >= 0 else { throw failure(.unreadable, path) }
    return try read(descriptor.number, path: path, limit: limit, binary: binary, patience)
  }

  /// The first bytes of a file, at most so many; nil where it cannot be read, or not twice.
  static func head(_ path: String, _ count: Int) -> [UInt8]? {
    guard (try? kind(of: path)) == .file else { return nil }
    let descriptor = open(path)
    return descriptor.number < 0 ? nil : try? piece(of: descriptor.number, atMost: count, path: path)
  }

  /// Standard input, to its end.
  public static func readStandardInput(limit: Int, name: String, patience: Patience) throws(FileError) -> [UInt8] {
    try read(STDIN_FILENO, path: name, limit: limit, binary: true, patience) ?? []
  }

  /// For reading. It waits for no writer of a pipe; `piece` does.
  static func open(_ path: String) -> Descriptor {
    Descriptor(Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK))
  }

  private static func read(
    _ descriptor: CInt, path: String, limit: Int, binary: Bool, _ patience: Patience?
  ) throws(FileError) -> [UInt8]? {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(.unreadable, path) }
    if kind(status.st_mode) == .directory {
      throw FileError(.unreadable, path: path, reason: "it is a directory")
    }
    let isRegular = kind(status.st_mode) == .file
    if !isRegular, patience == nil {
      throw FileError(.unreadable, path: path, reason: "it is no regular file")
    }
    let size = isRegular ? Int(status.st_size) : 0
    guard size <= limit else { throw tooLarge(path, limit) }
    // A small file in one call; of a large one the first bytes tell whether the rest is wanted.
    var wanted = size <= 64 << 10 ? size + 1 : 8 << 10
    var bytes: [UInt8] = []
    if wanted <= size { bytes.reserveCapacity(size + 1) }
    var looked = binary
    while true {
      let piece = try piece(of: descriptor, atMost: wanted, path: path, isRegular ? nil : patience)
      if bytes.isEmpty, wanted > size { bytes = piece } else { bytes += piece }
      guard bytes.count <= limit else { throw tooLarge(path, limit) }
      if !looked {
        if isBinary(bytes) { return nil }
        looked = true
      }
      if piece.isEmpty || (piece.count < wanted && bytes.count == size) { return bytes }
      wanted = max(64 << 10, size - bytes.count + 1)
    }
  }

  /// What one read gives; nothing at the end.
  /// - Parameter patience: of what may have to be waited for.
  static func piece(
    of descriptor: CInt, atMost count: Int, path: String, _ patience: Patience? = nil
  ) throws(FileError) -> [UInt8] {
    var error: FileError?
    let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileError) {
        initialized = try read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path, patience)
      } catch let failure { error = failure }
    }
    if let error { throw error }
    return piece
  }

  /// What one read gives, put into a buffer: how many bytes; none at the end.
  static func read(
    _ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer, path: String, _ patience: Patience? = nil
  ) throws(FileError) -> Int {
    while true {
      if let patience, !patience.awaits(descriptor) {
        throw FileError.unended(path, within: patience)
      }
      let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if got >= 0 { return got }
      guard errno == EINTR || errno == EAGAIN && patience != nil else { throw failure(.unreadable, path) }
    }
  }

  /// Writes all bytes. False means that errno says why not.
  static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno != EINTR { return false }
        rest = rest.dropFirst(max(0, count))
      }
      return true
    }
  }

  /// UTF-16 text has NUL bytes too, and a mark that says so; libyaml reads it.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    if bytes.first ?? 0 >= 0xFE, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { memchr($0, 0, min(bytes.count, 8 << 10)) != nil } ?? false
    }
  }

  /// The absolute path with every link resolved; nil where it leads nowhere.
  public static func canonical(_ path: String) -> String? {
    // Two calls however deep it lies; realpath asks for each folder on the way.
    let onlyPath: CInt = 0o10_000_000  // O_PATH, which Glibc hides.
    let descriptor = Descriptor(Glibc.open(path, onlyPath | O_CLOEXEC))
    guard descriptor.number >= 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/fd/\(descriptor.number)", &buffer, buffer.count)
    if count > 0, count < buffer.count, buffer[0] == UInt8(ascii: "/"),
      let found = String(validating: buffer[..<count], as: UTF8.self), exists(found)
    {
      return found
    }
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  public static func workingDirectory() -> String { canonical(".") ?? "/" }

  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a file that is not there may be so later on: its folder is.
  public static func mayAppear(_ path: String) -> Bool {
    let code = errno
    defer { errno = code }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    return !path.isEmpty && path != "-" && !exists(path) && exists(folder)
  }

  static func tooLarge(_ path: String, _ limit: Int) -> FileError {
    FileError(.tooLarge, path: path, reason: "it is over \(limit >> 20) MiB")
  }

  /// The error that errno tells.
  static func failure(_ kind: FileError.Kind, _ path: String) -> FileError {
    let code = errno
    if kind == .unreadable, code == ENOENT || code == ENOTDIR {
      return FileError(.notFound, path: path, reason: reason(code))
    }
    return FileError(kind, path: path, reason: reason(code))
  }

  /// In plain words; strerror is not safe with several threads.
  static func reason(_ code: CInt) -> String {
    switch code {
    case EACCES, EPERM: FileError.denied
    case ENOENT, ENOTDIR: "no such file or directory"
    case ELOOP: "too many symbolic links"
    case ENAMETOOLONG: "the name is too long"
    case EIO: "input/output error"
    case EMFILE, ENFILE: "too many open files"
    case ENOSPC, EDQUOT: "no space left"
    case EFBIG: "the limit on the size of files is reached"
    case EROFS: "the file system is read-only"
    case EISDIR: "it is a directory"
    default: "error \(code) of the operating system"
    }
  }
}

/// Owns a directory stream.
private struct Directory: ~Copyable {
  let stream: OpaquePointer

  init?(_ path: String) {
    guard let stream = opendir(path) else { return nil }
    self.stream = stream
  }

  deinit { closedir(stream) }
}
