/// The status line and headers of an answer.
public struct ResponseHead: Sendable, Equatable {
  public let status: Int
  /// As the server sent them, repeated ones included.
  public let headers: [Header]

  /// The first value of a header; names compare without regard to case.
  public func header(_ name: String) -> String? { values(of: name).first }

  /// All values of a header, in order.
  public func values(of name: String) -> [String] {
    headers.filter { header in
      header.name.utf8.count == name.utf8.count
        && header.name.utf8.elementsEqual(name.utf8) {
          $0 == $1 || $0 ^ $1 == 0x20 && (0x61...0x7A).contains($0 | 0x20)
        }
    }.map(\.value)
  }
}

/// An answer. Redirects are never followed: 3xx is an answer like any other.
public struct Response: Sendable {
  public let head: ResponseHead
  /// After decompression; empty in the streaming form.
  public let body: [UInt8]
  /// From the start of the request to the end of the answer.
  public let milliseconds: Double
  /// True when a connection of an earlier request was used again.
  public let reusedConnection: Bool

  public var status: Int { head.status }

  /// The same with what a stream's handler kept of its body.
  public func with(body: [UInt8]) -> Response {
    Response(head: head, body: body, milliseconds: milliseconds, reusedConnection: reusedConnection)
  }

  public func header(_ name: String) -> String? { head.header(name) }
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
