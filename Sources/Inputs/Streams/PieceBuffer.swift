import Glibc
import WindowShim

/// Memory for the pieces of a stream: a front that they are read into, and behind it a window, where a piece of a file
/// lies without being copied.
public struct PieceBuffer: ~Copyable {
  /// Its bytes, and the multiple at which it lies, in memory and in the file: where the kernel holds the file in such
  /// pages, it maps the window in one go.
  static let windowSize = 2 << 20

  private let memory: UnsafeMutableRawBufferPointer
  /// The front, which may be written to, and the window, which may not.
  public let bytes: UnsafeMutableRawBufferPointer
  /// Where the window begins.
  public let front: Int

  /// - Parameter front: its bytes: whole pages.
  public init(front: Int) {
    self.front = front
    let (size, flags) = (front + 2 * Self.windowSize, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
    let start = mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
    memory = UnsafeMutableRawBufferPointer(start: start == MAP_FAILED ? nil : start, count: size)
    let window = (Int(bitPattern: start) + front + Self.windowSize - 1) / Self.windowSize * Self.windowSize
    let place = window - front - Int(bitPattern: start)
    bytes = UnsafeMutableRawBufferPointer(rebasing: memory[place..<place + front + Self.windowSize])
  }

  deinit { gc_unmap(memory.baseAddress, memory.count) }

  /// Fills the window with a regular file's bytes.
  /// - Returns: how many; nil where it does not go on by so many there, or cannot be mapped.
  borrowing func map(_ file: CInt, from offset: Int) -> Int? {
    var status = stat()
    guard offset % Self.windowSize == 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      Int(status.st_size) - offset >= Self.windowSize,
      gc_map(bytes.baseAddress.map { $0 + front }, Self.windowSize, file, offset)
    else { return nil }
    return Self.windowSize
  }

  /// How many bytes of the window are still what the file had: those behind were cut off while it was mapped, or its
  /// disk failed, and are zeros.
  public var intact: Int { gc_mapped() }
}
