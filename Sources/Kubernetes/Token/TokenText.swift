public import Inputs

/// What people paste or save as a token: what is wrong with exactly these bytes, and the token that was meant.
public struct TokenText: Sendable {
  public enum Flaw: Sendable, Hashable {
    case empty
    /// UTF-8's byte order mark in front.
    case byteOrderMark
    /// UTF-16, as PowerShell's `>` writes it.
    case utf16
    case leadingSpace
    /// Blanks at the end, but no line break.
    case trailingSpace
    /// One line break or more at the end; `crlf`: with carriage returns.
    case trailingNewline(crlf: Bool)
    /// White space or invisible characters within; `lineBreak`: among them a line break.
    case innerSpace(lineBreak: Bool)
    case quoted(Character)
    /// `Bearer ` or `Authorization: Bearer ` in front.
    case bearerPrefix
    /// `token:` or `token=` in front.
    case keyPrefix
    /// Base64 of what was meant; `times`: how often over.
    case base64(times: Int)
    /// `%2E` for `.` and the like.
    case percentEncoded
    /// JSON's escapes, `\n` or `\u002e`.
    case jsonEscaped
    /// A whole document in which a token stands, or should: its `kind`, or "YAML", "JSON".
    case document(String)
    /// A certificate or key in PEM.
    case pem
    /// `${NAME}`, `$(command)` or `<token>` that nobody replaced.
    case placeholder
    /// The start of a JWT, with so many of its three parts.
    case truncated(parts: Int)
    /// The third part of a JWT is shorter than its algorithm makes it, or no base64url.
    case shortSignature(bytes: Int, expected: Int)
    /// More than three parts: two tokens in a row, or an encrypted one, which Kubernetes does not take.
    case tooManyParts(Int)
    /// A byte that no token has: a control character or one outside ASCII.
    case strangeCharacter
  }

  /// Outermost first. Empty when the bytes are as they should be, so far as can be seen.
  public let flaws: [Flaw]
  /// The token that was meant; equal to the text when nothing is wrong with it; nil when it cannot be told.
  public let mended: Secret?
  /// The token's content when it is a JWT.
  public let jwt: JWT?

  /// Whether it is a whole document, with one token in it or not.
  public var isDocument: Bool { flaws.contains { if case .document = $0 { true } else { false } } }

  /// Whether a JWT's end is missing, so far as its length tells.
  public var isCut: Bool { flaws.contains { if case .shortSignature = $0 { true } else { false } } }

  public var kind: TokenKind { jwt?.kind ?? .opaque }

  /// At most 1 MiB is looked at; what is longer is no token, and counts as `strangeCharacter`.
  public init(_ bytes: [UInt8]) {
    var peeler = TokenPeeler(bytes)
    let mended = bytes.count > 1 << 20 ? nil : peeler.peel()
    flaws = bytes.count > 1 << 20 ? [.strangeCharacter] : peeler.flaws
    self.mended = mended.map(Secret.init)
    jwt = mended.flatMap(JWT.init)
  }

  public init(_ text: String) { self.init(Array(text.utf8)) }
}
