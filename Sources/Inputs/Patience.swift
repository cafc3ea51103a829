import Glibc

/// How long to wait for the bytes of a pipe or a device.
public struct Patience: Sendable {
  private let deadline: ContinuousClock.Instant?
  private let isCancelled: @Sendable () -> Bool
  /// What time that is, in a sentence.
  let limit: String

  /// - Parameters:
  ///   - deadline: nil for none.
  ///   - isCancelled: read several times a second; once true nothing is waited for any more.
  ///   - limit: what the deadline is the end of.
  public init(
    until deadline: ContinuousClock.Instant? = nil, isCancelled: @escaping @Sendable () -> Bool = { false },
    limit: String = "the time for the whole command"
  ) {
    self.deadline = deadline
    self.isCancelled = isCancelled
    self.limit = limit
  }

  public static let endless = Patience()

  /// For a pipe that somebody named, where nothing else limits the time: 30 seconds from now on.
  public static var usual: Patience { Patience(until: .now + .seconds(30), limit: "30 seconds") }

  /// Waits until there is something to read, or the end. False where that did not come in time.
  func awaits(_ descriptor: CInt) -> Bool {
    while !isCancelled(), deadline.map({ .now < $0 }) ?? true {
      let rest = deadline.map { ($0 - .now) / .milliseconds(1) } ?? 100
      var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&polled, 1, CInt(max(1, min(rest, 100)))) != 0, polled.revents != 0 { return true }
    }
    return false
  }
}
