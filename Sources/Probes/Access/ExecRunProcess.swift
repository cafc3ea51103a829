import Glibc
import Inputs

/// A program run to its end, with what it printed.
enum ChildProcess {
  struct Ended {
    let output: [UInt8]
    let errors: [UInt8]
    /// 0 to 255; 128 and the signal's number for one that a signal ended.
    let status: Int

    var summary: String { status > 128 ? "was ended by signal \(status - 128)" : "failed with status \(status)" }
  }

  struct Failure: Error { let message: String }

  /// More than that is no credential.
  private static let maxBytes = 1 << 20

  /// - Parameter interactive: it gets this process's standard input and standard error, and stays in its process group;
  ///   else it has neither, is a group of its own, and the whole group is killed when its time is up.
  static func run(
    _ command: String, _ arguments: [String], _ environment: [String: String], interactive: Bool, timeout: Duration
  ) throws(Failure) -> Ended {
    guard let output = Pipe(), let errors = Pipe() else { throw Failure(message: "could not be started: no pipe") }
    let child = try start(command, arguments, environment, interactive, output.writing, errors.writing)
    output.closeWriting()
    errors.closeWriting()
    let deadline = ContinuousClock.now + timeout
    var readers = [Reader(output.reading), Reader(errors.reading)]
    var status: Int32 = 0
    var hasEnded = false
    while true {
      var polled = readers.map { pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
      let ready = poll(&polled, nfds_t(polled.count), 20)
      let interrupted = ready < 0 && errno == EINTR
      for index in readers.indices where polled[index].revents != 0 { readers[index].read() }
      if !hasEnded { hasEnded = waitpid(child, &status, WNOHANG) == child }
      // Once it has ended, what it started may hold the pipes open; what has arrived is all there is.
      if hasEnded, ready <= 0 || !readers.contains(where: \.isOpen) { break }
      let tooMuch = readers.contains { $0.bytes.count > maxBytes }
      guard interrupted || tooMuch || ContinuousClock.now >= deadline else { continue }
      kill(interactive ? child : -child, SIGKILL)
      if !hasEnded { waitpid(child, &status, 0) }
      throw Failure(
        message: interrupted
          ? "was interrupted"
          : tooMuch ? "printed more than 1 MiB" : "did not end within \(timeout.components.seconds) s")
    }
    let signal = Int(status & 0x7F)
    return Ended(
      output: readers[0].bytes, errors: readers[1].bytes, status: signal == 0 ? Int(status >> 8) & 0xFF : 128 + signal)
  }

  /// A name without a slash is looked for in PATH. As kubectl does, nothing is run that the working directory alone
  /// brought in: an empty or relative entry of PATH.
  private static func program(_ command: String, in path: String) throws(Failure) -> String {
    if command.utf8.contains(UInt8(ascii: "/")) { return command }
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = "\(folder.isEmpty ? "." : folder)/\(command)"
      guard access(candidate, X_OK) == 0, (try? FileSystem.kind(of: candidate)) == .file else { continue }
      if folder.hasPrefix("/") { return candidate }
      throw Failure(message: "was found through \(candidate) of PATH, in the working directory, and was not run")
    }
    throw Failure(message: "was not found")
  }

  private static func start(
    _ command: String, _ arguments: [String], _ environment: [String: String], _ interactive: Bool, _ output: Int32,
    _ errors: Int32
  ) throws(Failure) -> pid_t {
    let program = try program(command, in: environment["PATH"] ?? "")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    if !interactive {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
    }
    // What this process was handed, a pipe with a token in it for one, is nothing for the program.
    for descriptor in inheritable() { posix_spawn_file_actions_addclose(&actions, descriptor) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // This process ignores these; programs expect them as they are by default.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    let group = interactive ? 0 : POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | group))
    var argv: [UnsafeMutablePointer<CChar>?] = ([command] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, program, &actions, &attributes, &argv, &envp)
    guard code == 0 else {
      throw Failure(
        message: code == ENOENT ? "was not found" : "could not be started: \(String(cString: strerror(code)))")
    }
    return child
  }

  /// Descriptors behind the three usual ones that a program would get.
  private static func inheritable() -> [Int32] {
    // Without /proc each is looked at that there may be.
    let all = (try? FileSystem.entries(of: "/proc/self/fd"))?.entries.compactMap { Int32($0.name) }
    let limit = sysconf(Int32(_SC_OPEN_MAX))
    return (all ?? Array(0..<Int32(clamping: limit > 0 ? min(limit, 1 << 20) : 1 << 16))).filter { descriptor in
      let flags = fcntl(descriptor, F_GETFD)
      return descriptor > 2 && flags >= 0 && flags & FD_CLOEXEC == 0
    }
  }

  private struct Reader {
    let descriptor: Int32
    var bytes: [UInt8] = []
    var isOpen = true

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    mutating func read() {
      var buffer = [UInt8](repeating: 0, count: 16384)
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { isOpen = false }
    }
  }

  private final class Pipe {
    let reading: Int32
    let writing: Int32
    private var isWritingOpen = true

    init?() {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }

    func closeWriting() {
      if isWritingOpen { close(writing) }
      isWritingOpen = false
    }

    deinit {
      closeWriting()
      close(reading)
    }
  }
}
