import Glibc
import HTTP
public import Inputs

/// What a question may use of the world around it.
public struct Context: Sendable {
  /// The variables of the process.
  public var environment: [String: String]
  /// Seconds since 1970.
  public var now: @Sendable () -> Int
  /// The bytes of a file; `-` is standard input.
  public var read: @Sendable (String) throws(FileError) -> [UInt8]
  /// When all must have ended; nil: never.
  public var deadline: ContinuousClock.Instant?
  /// For what a pipe of objects gives.
  public var patience = Patience.endless
  /// Asked several times a second; once true all work ends.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// Is told each request and its answer in one line, without any secret. Called from several threads.
  public var trace: @Sendable (String) -> Void = { _ in }
  /// Is told what is being done, for whoever waits. Called from several threads.
  public var progress: @Sendable (String) -> Void = { _ in }
  /// Waits between two looks at a server.
  public var pause: @Sendable (Duration) -> Void = { usleep(UInt32($0 / .microseconds(1))) }
  /// Runs credential plugins, and keeps what they gave.
  let exec = ExecRunner()

  public init(
    environment: [String: String], now: @escaping @Sendable () -> Int,
    read: @escaping @Sendable (String) throws(FileError) -> [UInt8] = InputFile.contents
  ) {
    self.environment = environment
    self.now = now
    self.read = read
  }

  /// The bytes of a file that may well not be there.
  func contents(_ path: String) -> [UInt8]? { try? read(path) }

  /// A client for one thread, which ends when this context does.
  /// - Parameter traced: whether it tells its requests itself, by their whole addresses.
  func http(traced: Bool = false) -> HTTPClient {
    let silent: @Sendable (String) -> Void = { _ in }
    return HTTPClient(deadline: deadline, isCancelled: isCancelled, trace: traced ? trace : silent)
  }

  /// The same, whose lines begin with this.
  func telling(_ prefix: String) -> Context {
    var context = self
    if !prefix.isEmpty { context.trace = { [trace] line in trace(prefix + line) } }
    return context
  }
}
