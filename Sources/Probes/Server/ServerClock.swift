import Findings
import HTTP
import Kubernetes

/// This machine's clock, and the server's by the Date of its first answer.
struct ServerClock {
  /// Seconds since 1970.
  let local: Int
  private(set) var server: Int?

  init(local: Int) { self.local = local }

  /// The one that a token's times are judged by: the server's, once it is known.
  var now: Int { server ?? local }

  mutating func hear(_ response: Response) {
    if server == nil { server = response.header("date").flatMap(Timestamp.parseHTTPDate) }
  }

  /// What API servers allow a token's times to be off by.
  private static let tolerance = 60

  /// Nil while the clocks agree.
  func finding(for token: JWT?, prefix: String) -> Finding? {
    guard let difference else { return nil }
    let decides = token.map { $0.timeProblem(now: local) != $0.timeProblem(now: now) } ?? false
    return Finding(
      ServerRules.clockSkew, severity: decides ? .warning : .note, prefix + difference,
      help: (decides ? "the token's times come out differently by the two; the server's clock decides\n" : "")
        + "set the one that is wrong: date -u shows this machine's")
  }

  /// Whether the token is out of its time by the server's clock, and not in the same way by this machine's.
  func isToBlame(for token: JWT?) -> Bool {
    guard let token, difference != nil else { return false }
    return token.timeProblem(now: now) != nil && token.timeProblem(now: local) != token.timeProblem(now: now)
  }

  /// For a token that was refused for it.
  /// - Parameter help: how another token is had.
  func cause(_ token: JWT?, prefix: String, help: String?) -> Finding? {
    guard let difference, let problem = token?.timeProblem(now: now) else { return nil }
    let isOver = if case .expired = problem { true } else { false }
    let other = help.map { "; if it is this machine's, take a new token: \($0)" } ?? ""
    return Finding(
      ServerRules.clockSkew, severity: .error,
      "\(prefix)\(difference); by it the token \(isOver ? "has expired" : "is not valid yet"), and it answers 401",
      help: "set the clock that is wrong: date -u shows this machine's" + (isOver ? other : ""))
  }

  private var difference: String? {
    guard let server, abs(server - local) > Self.tolerance else { return nil }
    func time(_ seconds: Int) -> String { Timestamp.iso(seconds) ?? "\(seconds)" }
    return "the server's clock is \(Self.words(abs(server - local))) "
      + "\(server > local ? "ahead of" : "behind") this machine's: \(time(server)) there, \(time(local)) here"
  }

  private static func words(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) seconds"
    case ..<7200: "\(seconds / 60) minutes"
    case ..<172_800: "\(seconds / 3600) hours"
    default: "\(seconds / 86_400) days"
    }
  }
}
