import Glibc
import SourceText

/// Waits until a file is written to or another takes its name, or a pipe has something: at once where the kernel tells
/// it (inotify), else by looking often.
public final class FileWatch {
  private let events = Descriptor(inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC)))
  /// Where something is not told by the kernel, as when there are too many watches.
  private var isBlind = false
  /// Pipes that are not at their end.
  private var pipes: Set<CInt> = []

  public init() {}

  /// What happens to the file of that name from now on, and to the name.
  func add(_ path: String) {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    // Of a link the folder of what it leads to as well: there the file is rotated.
    let other = FileSystem.canonical(path).flatMap { $0.utf8.lastIndex(of: UInt8(ascii: "/")).map($0.prefix(through:)) }
    let places = [folder] + (other.map { [String($0)] } ?? [])
    let names = places.map { inotify_add_watch(events.number, $0, UInt32(IN_CREATE | IN_MOVED_TO)) }
    let file = inotify_add_watch(events.number, path, UInt32(IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF))
    if names.contains(where: { $0 < 0 }) || file < 0 && FileSystem.exists(path) { isBlind = true }
  }

  func add(pipe: CInt) { pipes.insert(pipe) }

  func remove(pipe: CInt) { pipes.remove(pipe) }

  /// - Parameter limit: the longest that it waits: not every file system tells of what others write.
  public func wait(atMost limit: Duration) {
    var polled = ([events.number] + pipes).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let limit = isBlind ? min(limit, .milliseconds(10)) : limit
    poll(&polled, nfds_t(polled.count), CInt(limit / .milliseconds(1)))
    // What happened is seen by whoever looks; here it only ends the wait.
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
      while read(events.number, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}
