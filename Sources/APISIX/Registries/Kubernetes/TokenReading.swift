import SourceText

/// What a line of APISIX releases does with the bytes of a token between reading and sending them.
public struct TokenReading: Sendable, Hashable {
  public enum Trim: Sendable, Hashable {
    /// Nothing is taken off.
    case none
    /// White space is taken out wherever it stands.
    case everywhere
    case ends
  }

  public let first: Release
  public private(set) var last: Release
  public let trim: Trim
  /// `token_file` is read for each list and watch, not once when APISIX starts.
  public let rereadsFile: Bool

  /// Oldest first; together they hold every known release.
  public static let all = Release.known.reduce(into: [TokenReading]()) { lines, release in
    let reading = TokenReading(release)
    if let line = lines.last, (line.trim, line.rereadsFile) == (reading.trim, reading.rereadsFile) {
      lines[lines.count - 1].last = release
    } else {
      lines.append(reading)
    }
  }

  /// Of one release.
  public init(_ release: Release) {
    (first, last) = (release, release)
    trim = !release.has(.trimsTokens) ? .none : release.has(.squeezesTokens) ? .everywhere : .ends
    rereadsFile = release.has(.rereadsTokenFile)
  }

  /// What stands behind `Bearer `.
  public func sent(_ bytes: [UInt8]) -> [UInt8] {
    switch trim {
    case .none: bytes
    case .everywhere: bytes.filter { !$0.isSpace }
    case .ends: Array(bytes.trimmed)
    }
  }

  /// What comes of a token.
  public enum Fate: Sendable, Hashable {
    /// It arrives as it was meant.
    case arrives
    /// The schema refuses the configuration.
    case refused
    /// There is nothing to send: with https APISIX does not start.
    case missing
    /// A line break ends the request's head early: the API server answers 400.
    case breaksRequest
    /// The server ignores a header with blanks before the token: nobody, 403.
    case ignored
    /// The server gets other bytes than were meant: 401.
    case differs
  }

  /// - Parameters:
  ///   - meant: the token itself.
  ///   - inline: the bytes stand in `client.token`, which the schema looks at; else in a file.
  ///
  /// Source: APISIX's informer factory in each release; Kubernetes' bearer token authenticator, which takes what stands
  /// before the first blank, and nothing where a blank comes first.
  public func fate(of bytes: [UInt8], meant: [UInt8]?, inline: Bool) -> Fate {
    if inline, !Pattern.token.matches(String(decoding: bytes, as: UTF8.self)) { return .refused }
    let sent = sent(bytes)
    if sent.isEmpty { return .missing }
    if sent.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return .breaksRequest }
    if sent.first == 0x20 { return .ignored }
    return Array(sent.prefix { $0 != 0x20 }) == meant ? .arrives : .differs
  }
}
