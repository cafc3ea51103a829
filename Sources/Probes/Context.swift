import APISIX
import Findings
import Glibc
package import HTTP
public import Inputs
import Parallel
import Registries
import Synchronization

/// What a question may use of the world around it.
public struct Context: Sendable {
  /// The variables of the process.
  public var environment: [String: String]
  /// Seconds since 1970.
  public var now: @Sendable () -> Int
  /// The bytes of a file, of a pipe or a device those that come so soon; `-` is standard input. Asked by `read`.
  public var files: @Sendable (String, Patience) throws(FileError) -> [UInt8]
  /// When all must have ended; nil: never.
  public var deadline: ContinuousClock.Instant?
  /// Asked several times a second; once true all work ends.
  public var isCancelled: @Sendable () -> Bool = { false }
  /// For what a pipe of objects gives: that of all else, unless it has one of its own.
  public var patience: Patience {
    get { ownPatience ?? Patience(until: deadline, isCancelled: isCancelled) }
    set { ownPatience = newValue }
  }
  private var ownPatience: Patience?
  /// Is told each request and its answer in one line, without any secret. Called from several threads.
  public var trace: @Sendable (String) -> Void {
    get { told ?? { _ in } }
    set { told = { [secrets] in newValue(secrets.hidden(in: $0)) } }
  }
  /// nil: nobody listens, and no line is made.
  private var told: (@Sendable (String) -> Void)?
  /// What no line of the trace may show.
  public let secrets = KnownSecrets()
  /// Is told what is being done, for whoever waits. Called from several threads.
  public var progress: @Sendable (String) -> Void = { _ in }
  /// Waits between two looks at a server.
  public var pause: @Sendable (Duration) -> Void = { usleep(UInt32($0 / .microseconds(1))) }
  /// Runs credential plugins, and keeps what they gave.
  let exec = ExecRunner()
  let kubeconfigs = KnownKubeconfigs()

  public init(
    environment: [String: String], now: @escaping @Sendable () -> Int,
    files: @escaping @Sendable (String, Patience) throws(FileError) -> [UInt8] = InputFile.contents
  ) {
    self.environment = environment
    self.now = now
    self.files = files
  }

  /// The bytes of a file that a user or a configuration names; `-` is standard input. What never ends is no longer
  /// waited for than for a server.
  @Sendable public func read(_ path: String) throws(FileError) -> [UInt8] {
    try files(path, Patience(until: deadline, isCancelled: isCancelled))
  }

  /// Reads each file once: what several questions look at stays the same for all of them, and a pipe gives its text but
  /// once.
  package mutating func remembersFiles() {
    let (files, known) = (files, Known<String, [UInt8]>())
    self.files = { path, patience throws(FileError) in
      try known.value(of: path) { () throws(FileError) in try files(path, patience) }
    }
  }

  /// What registries answered, where several questions ask them; nil: each is asked anew.
  private(set) var answers: KnownAnswers?

  /// Asks registries each question once: what several questions look at stays the same for all of them.
  package mutating func remembersAnswers() { answers = KnownAnswers() }

  package var isOver: Bool { isCancelled() || deadline.map { .now >= $0 } ?? false }

  /// Whether what begins now would be cut off: a request ends a moment before its deadline.
  package var isAlmostOver: Bool { deadline.map { .now >= $0 - .milliseconds(50) } ?? false }

  /// Waits so long, unless it is over before.
  func pause(_ duration: Duration, until isOver: () -> Bool) {
    let end = ContinuousClock.now + duration
    while !isOver(), .now < end { pause(.milliseconds(50)) }
  }

  /// The bytes of a file that may well not be there.
  package func contents(_ path: String) -> [UInt8]? { try? read(path) }

  /// A client for one thread, which ends when this context does.
  /// - Parameter traced: whether it tells its requests itself, by their whole addresses.
  package func http(traced: Bool = false) -> HTTPClient {
    HTTPClient(deadline: deadline, isCancelled: isCancelled, trace: traced ? told : nil)
  }

  /// The same, whose lines begin with this.
  func telling(_ prefix: String) -> Context {
    var context = self
    if let told, !prefix.isEmpty { context.told = { line in told(prefix + line) } }
    return context
  }
}

/// The credentials that a command has come to know.
public final class KnownSecrets: Sendable {
  private let all = Mutex<(texts: [String], scrubber: Scrubber?)>(([], nil))

  public func add(_ texts: [String]) {
    all.withLock { all in
      let new = texts.filter { !all.texts.contains($0) }
      if !new.isEmpty { all = (all.texts + new, nil) }
    }
  }

  /// The text without them, and without what looks like a secret.
  public func hidden(in text: String) -> String {
    let scrubber = all.withLock { all in
      let scrubber = all.scrubber ?? Scrubber(all.texts)
      all.scrubber = scrubber
      return scrubber
    }
    return scrubber.scrub(text)
  }
}

/// What registries answered to each request.
final class KnownAnswers: Sendable {
  private let all = Mutex<[RegistryRequest: Response]>([:])
  /// Of etcd.
  let logins = EtcdClient.Logins()

  /// A longer one is asked for again.
  static let most = 32 << 20

  subscript(asked: RegistryRequest) -> Response? { all.withLock { $0[asked] } }

  func keep(_ response: Response, for asked: RegistryRequest) {
    if response.body.count <= Self.most { all.withLock { $0[asked] = response } }
  }
}
