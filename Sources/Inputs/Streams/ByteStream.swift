import Glibc
import SourceText

/// The bytes of a file, a pipe or standard input, piece by piece, unpacked where they are gzip, in UTF-8 where they are
/// UTF-16 with its mark. No more than a few pieces are held in memory, however much there is.
public struct ByteStream: ~Copyable {
  /// The most bytes of one piece.
  public static let pieceSize = 256 << 10

  private let path: String
  /// Whether it is a pipe or the like, which may have nothing for a while.
  private let isPipe: Bool
  private let watch: FileWatch?
  private let patience: Patience
  private var file: Descriptor
  /// The file that had the name before, whose writer may write on for a moment, and since when it has it no more.
  private var left = Descriptor(-1)
  private var leftSince = ContinuousClock.now
  /// How much of the file was read.
  private var offset = 0
  private var gunzip: Gunzip?
  private var wide: WideText?
  /// What was read and is not unpacked, or given, yet.
  private var packed: ArraySlice<UInt8> = []
  private var pieces = pieceSize
  private var hasBegun = false
  /// Of a file that is followed: the last bytes that were read of it.
  private var ending: [UInt8] = []
  /// Whether what was read last is the beginning of its file.
  public private(set) var isAtStart = false
  /// There was nothing to read when it was looked for last.
  private var isQuiet = false
  /// It was cut off while it was mapped.
  private var wasLost = false

  /// - Parameters:
  ///   - argument: a path, or `-` for standard input.
  ///   - watch: goes on at the end of the file, through its rotation (another file takes its name) and its truncation,
  ///     also where it is not there yet; whoever reads waits with it. gzip and UTF-16 are refused then, but for pipes'.
  ///   - patience: for what a pipe gives.
  public init(_ argument: String, watch: FileWatch? = nil, patience: Patience = .endless) throws(FileError) {
    let isInput = argument == "-"
    path = isInput ? InputFile.standardInputName : argument
    self.watch = watch
    self.patience = patience
    if !isInput { watch?.add(argument) }
    file = isInput ? Descriptor(dup(STDIN_FILENO)) : FileSystem.open(argument)
    var status = stat()
    let isThere = file.number >= 0 && fstat(file.number, &status) == 0
    isPipe = isThere && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    guard isThere || watch != nil && FileSystem.mayAppear(argument) else { throw FileSystem.failure(.unreadable, path) }
    if isPipe { watch?.add(pipe: file.number) }
  }

  /// Bytes that are at hand already.
  /// - Parameter pieces: how many of them a read gives at most.
  public init(_ bytes: [UInt8], name: String, pieces: Int = ByteStream.pieceSize) {
    path = name
    (isPipe, watch, patience) = (false, nil, .endless)
    file = Descriptor(-1)
    packed = bytes[...]
    self.pieces = pieces
  }

  /// What a read gave.
  public enum Piece: Sendable, Hashable {
    /// So many bytes, at least one.
    case bytes(Int)
    /// Nothing for now: of a pipe, told once before it is waited for; of what is followed, at each look.
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
      case .none: watch?.wait(atMost: .milliseconds(250))
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
      while wide != nil, packed.isEmpty {
        let piece = try readPacked()
        guard case .bytes = piece else { return piece }
        packed = (wide?.decode(packed) ?? [])[...]
      }
      if packed.isEmpty { return try readPlain(into: buffer) }
      let count = min(packed.count, buffer.count, pieces)
      buffer.copyBytes(from: packed.prefix(count))
      packed = packed.dropFirst(count)
      isAtStart = false
      return .bytes(count)
    }
    isAtStart = false
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

  /// The next bytes of a regular file, in the window of a buffer: valid until the next of its thread.
  /// - Returns: how many; nil where they are to be read.
  public mutating func map(into buffer: borrowing PieceBuffer) -> Int? {
    guard hasBegun, !wasLost, watch == nil, gunzip == nil, wide == nil, packed.isEmpty,
      let count = buffer.map(file.number, from: offset)
    else { return nil }
    seek(offset + count)
    isAtStart = false
    return count
  }

  /// Gives back the last bytes of a window that are no more the file's: from now on it is read.
  public mutating func unread(_ count: Int) {
    wasLost = true
    seek(offset - count)
  }

  private mutating func seek(_ place: Int) { offset = Int(lseek(file.number, off_t(place), SEEK_SET)) }

  private mutating func unpack(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    do throws(Gunzip.Damaged) { return try gunzip?.unpack(&packed, into: buffer) ?? 0 } catch {
      throw FileError(.unreadable, path: path, reason: "its gzip data is damaged")
    }
  }

  /// The first two bytes tell gzip and UTF-16; a pipe may give them one by one.
  private mutating func begin() throws(FileError) {
    hasBegun = true
    guard watch == nil || isPipe else { return }
    var start = Array(packed)
    while start.count < 2 {
      let piece = try readPacked()
      start += packed
      if piece == .end { break }
    }
    packed = start[...]
    if packed.starts(with: [0x1F, 0x8B]) { gunzip = Gunzip() }
    wide = WideText(packed)
    if let text = wide?.decode(packed.dropFirst(2)) { packed = text[...] }
  }

  private mutating func readPacked() throws(FileError) -> Piece {
    let buffer = Self.buffer()
    defer { buffer.deallocate() }
    let piece = try readPlain(into: buffer)
    if case .bytes(let count) = piece { packed = Array(buffer.prefix(count))[...] } else { packed = [] }
    return piece
  }

  private mutating func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Piece {
    if isPipe { return try readPipe(into: buffer) }
    if isQuiet, isRewritten {
      seek(0)
      if let lineBreak = lineBreak(buffer) { return lineBreak }
    }
    isQuiet = false
    if file.number >= 0 {
      // Not over the place where a window may begin.
      let room = buffer[..<min(buffer.count, PieceBuffer.windowSize - offset % PieceBuffer.windowSize)]
      let count = try FileSystem.read(file.number, into: .init(rebasing: room), path: path, patience)
      if watch != nil, offset == 0 { try refuseToFollow(buffer.prefix(count)) }
      isAtStart = offset == 0
      offset += count
      if count > 0 {
        if watch != nil { ending = (ending + buffer[max(0, count - 64)..<count]).suffix(64) }
        return .bytes(count)
      }
    }
    guard let watch else { return .end }
    if left.number >= 0 {
      let count = try FileSystem.read(left.number, into: buffer, path: path, patience)
      isAtStart = false
      if count > 0 { return .bytes(count) }
      if ContinuousClock.now - leftSince > .seconds(10) { left = Descriptor(-1) }
    }
    guard isRenewed(watch) else {
      isQuiet = true
      return .none
    }
    if let lineBreak = lineBreak(buffer) { return lineBreak }
    return try readPlain(into: buffer)
  }

  private func refuseToFollow(_ start: Slice<UnsafeMutableRawBufferPointer>) throws(FileError) {
    if start.starts(with: [0x1F, 0x8B]) {
      throw FileError(.unreadable, path: path, reason: "it is gzip, to which nothing is written: leave out -f")
    }
    if WideText(start) != nil { throw FileError(.unreadable, path: path, reason: "it is UTF-16: leave out -f") }
  }

  /// Whether the file was cut off, and perhaps written anew: what was read is there no more.
  private var isRewritten: Bool {
    guard watch != nil, file.number >= 0, !ending.isEmpty else { return false }
    var found = [UInt8](repeating: 0, count: ending.count)
    return pread(file.number, &found, found.count, off_t(offset - found.count)) >= 0 && found != ending
  }

  /// Behind a line that was cut off: it goes on no more. Forgets what was read.
  private mutating func lineBreak(_ buffer: UnsafeMutableRawBufferPointer) -> Piece? {
    let isOpen = ending.last.map { $0 != 0x0A } ?? false
    (ending, isAtStart) = ([], false)
    guard isOpen else { return nil }
    buffer[0] = 0x0A
    return .bytes(1)
  }

  private mutating func readPipe(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Piece {
    if file.number < 0 { return .end }
    var polled = pollfd(fd: file.number, events: Int16(POLLIN), revents: 0)
    if watch != nil || !isQuiet, poll(&polled, 1, 0) == 0 {
      isQuiet = true
      return .none
    }
    isQuiet = false
    let count = try FileSystem.read(file.number, into: buffer, path: path, patience)
    if count > 0 { return .bytes(count) }
    watch?.remove(pipe: file.number)
    file = Descriptor(-1)
    return .end
  }

  /// Whether another file has taken the name.
  private mutating func isRenewed(_ watch: FileWatch) -> Bool {
    var (here, named) = (stat(), stat())
    guard stat(path, &named) == 0,
      fstat(file.number, &here) != 0 || (named.st_dev, named.st_ino) != (here.st_dev, here.st_ino)
    else { return false }
    watch.add(path)
    let next = FileSystem.open(path)
    guard next.number >= 0 else { return false }
    swap(&file, &left)
    file = next
    offset = 0
    leftSince = .now
    return true
  }
}
