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
  private let isInput: Bool
  private let following: Following?
  private let patience: Patience
  private var file: Descriptor
  /// How much of the file was read.
  private var offset = 0
  private var gunzip: Gunzip?
  /// What was read and is not unpacked yet.
  private var packed: ArraySlice<UInt8> = []
  private var pieces = pieceSize
  private var hasBegun = false
  /// Another file has the name; its writer may write on for a moment.
  private var isLeft = false
  /// There was nothing to read when it was looked for last.
  private var isQuiet = false

  /// - Parameters:
  ///   - argument: a path, or `-` for standard input.
  ///   - following: goes on at the end of the file, through its rotation (another file takes its name) and its
  ///     truncation; gzip is not unpacked then. Standard input is looked at so often.
  ///   - patience: for what a pipe gives.
  public init(
    _ argument: String, following: Following? = nil, patience: Patience = .endless
  ) throws(FileError) {
    isInput = argument == "-"
    path = isInput ? InputFile.standardInputName : argument
    self.following = following
    self.patience = patience
    file = isInput ? Descriptor(dup(STDIN_FILENO)) : FileSystem.open(argument)
    guard file.number >= 0 else { throw FileSystem.failure(.unreadable, path) }
  }

  /// Bytes that are at hand already.
  /// - Parameter pieces: how many of them a read gives at most.
  public init(_ bytes: [UInt8], name: String, pieces: Int = ByteStream.pieceSize) {
    path = name
    (isInput, following, patience) = (false, nil, .endless)
    file = Descriptor(-1)
    packed = bytes[...]
    self.pieces = pieces
  }

  /// What a read gave.
  public enum Piece: Sendable, Hashable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing yet: told as soon as there is none, then after each look at what is followed.
    case none
    case end
  }

  /// The next bytes, at least one; nil at the end.
  /// - Throws: also for gzip that is damaged or cut short.
  public mutating func next() throws(FileError) -> [UInt8]? {
    let buffer = Self.buffer()
    defer { buffer.deallocate() }
    while true {
      switch try read(into: buffer) {
      case .bytes(let count): return Array(buffer.prefix(count))
      case .none: continue
      case .end: return nil
      }
    }
  }

  private static func buffer() -> UnsafeMutableRawBufferPointer { .allocate(byteCount: pieceSize, alignment: 16) }

  /// The next bytes, put into a buffer that is not empty.
  /// - Throws: also for gzip that is damaged or cut short.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Piece {
    if !hasBegun { try begin() }
    guard gunzip != nil else {
      if packed.isEmpty { return try readPlain(into: buffer) }
      let count = min(packed.count, buffer.count, pieces)
      buffer.copyBytes(from: packed.prefix(count))
      packed = packed.dropFirst(count)
      return .bytes(count)
    }
    while true {
      let count = try unpack(into: buffer)
      if count > 0 { return .bytes(count) }
      switch try readPacked() {
      case .bytes: continue
      case .none: return .none
      case .end: break
      }
      if gunzip?.isWhole == false { throw FileError(.unreadable, path: path, reason: "its gzip data is cut short") }
      return .end
    }
  }

  private mutating func unpack(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do throws(Gunzip.Damaged) { return try gunzip?.unpack(&packed, into: buffer) ?? 0 } catch {
      throw FileError(.unreadable, path: path, reason: "its gzip data is damaged")
    }
  }

  /// The first two bytes tell gzip; a pipe may give them one by one.
  private mutating func begin() throws(FileError) {
    hasBegun = true
    guard following == nil || isInput else { return }
    var start = Array(packed)
    while start.count < 2 {
      let piece = try readPacked()
      start += packed
      if piece == .end { break }
    }
    packed = start[...]
    if packed.starts(with: [0x1F, 0x8B]) { gunzip = Gunzip() }
  }

  private mutating func readPacked() throws(FileError) -> Piece {
    let buffer = Self.buffer()
    defer { buffer.deallocate() }
    let piece = try readPlain(into: buffer)
    if case .bytes(let count) = piece { packed = Array(buffer.prefix(count))[...] } else { packed = [] }
    return piece
  }

  private mutating func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Piece {
    if file.number < 0 { return .end }
    if isInput { return try readInput(into: buffer) }
    let count = try FileSystem.read(file.number, into: buffer, path: path, patience)
    offset += count
    if count > 0 {
      isQuiet = false
      return .bytes(count)
    }
    guard let following else { return .end }
    if isQuiet { return try wait(following) ? .none : .end }
    isQuiet = true
    return .none
  }

  private mutating func readInput(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Piece {
    var polled = pollfd(fd: file.number, events: Int16(POLLIN), revents: 0)
    if poll(&polled, 1, 0) == 0 {
      guard isQuiet else {
        isQuiet = true
        return .none
      }
      if let following {
        if following.isCancelled() { return .end }
        if poll(&polled, 1, CInt(max(1, following.interval / .milliseconds(1)))) == 0 { return .none }
      }
    }
    isQuiet = false
    let count = try FileSystem.read(file.number, into: buffer, path: path, patience)
    return count > 0 ? .bytes(count) : .end
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
