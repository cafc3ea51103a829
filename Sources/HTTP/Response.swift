/// The status line and headers of an answer.
public struct ResponseHead: Sendable, Equatable {
  public let status: Int
  /// As the server sent them, repeated ones included.
  public let headers: [Header]

  /// The first value of a header; names compare without regard to case.
  public func header(_ name: String) -> String? { values(of: name).first }

  /// All values of a header, in order.
  public func values(of name: String) -> [String] {
    let wanted = name.lowercased()
    return headers.filter { $0.name.lowercased() == wanted }.map(\.value)
  }
}

/// An answer. Redirects are never followed: 3xx is an answer like any other.
public struct Response: Sendable {
  public let head: ResponseHead
  /// After decompression; empty in the streaming form.
  public let body: [UInt8]
  /// False when a stream's handler stopped before the end.
  public let isComplete: Bool
  public let timing: Timing
  /// http or https.
  public let scheme: String
  /// IP address and port of the peer, which is the proxy's where there is one: `10.0.0.1:6443`, `[::1]:6443`.
  public let remoteAddress: String?
  /// The proxy it went through.
  public let proxy: Proxy?
  /// True when a connection of an earlier request was used again.
  public let reusedConnection: Bool

  public var status: Int { head.status }
  public func header(_ name: String) -> String? { head.header(name) }

  /// Milliseconds since the request was started; 0 for steps that a reused connection spared.
  public struct Timing: Sendable, Equatable {
    public let nameLookup: Double
    public let connected: Double
    public let tlsReady: Double
    public let firstByte: Double
    public let total: Double
  }
}

/// What a streamed answer brings: its head once, then chunks of its body.
public enum StreamEvent: Sendable {
  case head(ResponseHead)
  case bytes([UInt8])
}

/// What a stream's handler wants next.
public enum StreamFlow: Sendable {
  case proceed
  /// End at once.
  case stop
  /// Take what has already arrived, then end: for a watch, whose answer may bring its first event with the head.
  case stopWhenIdle
}
