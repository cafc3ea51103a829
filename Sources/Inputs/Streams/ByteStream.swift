import Glibc

/// The bytes of a file, a pipe or standard input, piece by piece, unpacked where they are gzip. No more than a piece is
/// held in memory, however much there is.
public struct ByteStream: ~Copyable {
  /// How to wait for what is written to a file later on, as `tail -F` does.
  public struct Following: Sendable {
    /// Between two looks at the file.
    public let interval: Duration
    /// Read at each look; once true the stream ends.
    public let isCancelled: @Sendable () -> Bool

    public init(interval: Duration = .milliseconds(250), isCancelled: @escaping @Sendable () -> Bool) {
      self.interval = interval
      self.isCancelled = isCancelled
    }
  }

  /// The most bytes of one piece.
  public static let pieceSize = 256 << 10

  private let path: String
  private let following: Following?
  private let patience: Patience
  private var file: Descriptor
  /// How much of the file was read.
  private var offset = 0
  private var gunzip: Gunzip?
  /// What was read and is not unpacked yet.
  private var packed: ArraySlice<UInt8> = []
  private var hasBegun = false
  /// Another file has the name; its writer may write on for a moment.
  private var isLeft = false

  /// - Parameters:
  ///   - argument: a path, or `-` for standard input.
  ///   - following: goes on at the end of the file, through its rotation (another file takes its name) and its
  ///     truncation; gzip is not unpacked then.
  ///   - patience: for what a pipe gives.
  public init(
    _ argument: String, following: Following? = nil, patience: Patience = .endless
  ) throws(FileError) {
    let isInput = argument == "-"
    path = isInput ? InputFile.standardInputName : argument
    self.following = isInput ? nil : following
    self.patience = patience
    file = isInput ? Descriptor(dup(STDIN_FILENO)) : FileSystem.open(argument)
    guard file.number >= 0 else { throw FileSystem.failure(.unreadable, path) }
  }

  /// The next bytes, at least one; nil at the end.
  /// - Throws: also for gzip that is damaged or cut short.
  public mutating func next() throws(FileError) -> [UInt8]? {
    if !hasBegun { try begin() }
    if gunzip == nil {
      if packed.isEmpty { return try read() }
      defer { packed = [] }
      return Array(packed)
    }
    while true {
      let piece = try unpack()
      if !piece.isEmpty { return piece }
      guard let more = try read() else { break }
      packed = more[...]
    }
    if gunzip?.isWhole == false { throw FileError(.unreadable, path: path, reason: "its gzip data is cut short") }
    return nil
  }

  private mutating func unpack() throws(FileError) -> [UInt8] {
    do throws(Gunzip.Damaged) { return try gunzip?.unpack(&packed, limit: Self.pieceSize) ?? [] } catch {
      throw FileError(.unreadable, path: path, reason: "its gzip data is damaged")
    }
  }

  /// The first two bytes tell gzip; a pipe may give them one by one.
  private mutating func begin() throws(FileError) {
    hasBegun = true
    guard following == nil else { return }
    while packed.count < 2, let more = try read() { packed += more }
    if packed.starts(with: [0x1F, 0x8B]) { gunzip = Gunzip() }
  }

  private mutating func read() throws(FileError) -> [UInt8]? {
    while true {
      let bytes = try FileSystem.piece(of: file.number, atMost: Self.pieceSize, path: path, patience)
      offset += bytes.count
      if !bytes.isEmpty { return bytes }
      guard let following, try wait(following) else { return nil }
    }
  }

  /// At the end of what is there: looks for more, also in the file that took the name.
  private mutating func wait(_ following: Following) throws(FileError) -> Bool {
    var (here, named) = (stat(), stat())
    guard fstat(file.number, &here) == 0 else { throw FileSystem.failure(.unreadable, path) }
    if here.st_size != offset, here.st_mode & S_IFMT == S_IFREG {
      // Cut off, and perhaps written anew; or longer by now.
      if here.st_size < offset { offset = Int(lseek(file.number, 0, SEEK_SET)) }
      return true
    }
    if stat(path, &named) == 0, (named.st_dev, named.st_ino) != (here.st_dev, here.st_ino) {
      let next = isLeft ? FileSystem.open(path) : Descriptor(-1)
      isLeft = next.number < 0
      if !isLeft {
        file = next
        offset = 0
        return true
      }
    }
    if following.isCancelled() { return false }
    let (seconds, attoseconds) = following.interval.components
    var pause = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&pause, nil)
    return true
  }
}
