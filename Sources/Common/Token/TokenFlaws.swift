public import APISIX
public import Findings
public import Kubernetes

/// What a token's own bytes tell, without a server: shared by lint, `token inspect` and `token verify`.
public struct TokenFlaw: Sendable {
  public let rule: Rule
  public let severity: Severity
  public let message: String
  public let help: String
  /// Whether the one right mend is known: `TokenText.mended`.
  public let mends: Bool
  /// Whether the message says already what the API server answers.
  public let namesAnswer: Bool
  /// Whether the help has a command already, which does not know the names of account and file.
  public let namesCommand: Bool

  init(
    _ rule: Rule, _ message: String, help: String, severity: Severity? = nil, mends: Bool = false,
    namesAnswer: Bool = false, namesCommand: Bool = false
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.message = message
    self.help = help
    self.mends = mends
    self.namesAnswer = namesAnswer
    self.namesCommand = namesCommand
  }
}

extension TokenFlaw {
  /// Where the bytes come from decides what APISIX does with white space around them.
  public enum Source: Sendable, Hashable {
    /// `client.token` in config.yaml: the schema looks at it, too.
    case inline
    /// A variable that `client.token` names: the schema sees the name alone.
    case variable
    /// A file, standard input or a Secret.
    case file
  }

  /// - Parameters:
  ///   - now: seconds since 1970, for expiry.
  ///   - release: decides whether white space around the token is trimmed.
  /// - Returns: the flaws, most telling first.
  public static func all(of token: TokenText, source: Source, release: Release, now: Int) -> [TokenFlaw] {
    let mendable = token.mended != nil
    var flaws = token.flaws.compactMap { flaw in
      describe(flaw, token: token, source: source, release: release, mendable: mendable)
    }
    // A wrapped token is one mistake; what is inside is looked at once it is out.
    if flaws.contains(where: { $0.rule == TokenRules.base64Wrapped }) {
      flaws.removeAll { [TokenRules.truncated, TokenRules.whitespace].contains($0.rule) }
    }
    if let jwt = token.jwt { flaws += TokenClaims.flaws(of: jwt, now: now) }
    return flaws
  }

  private static func describe(
    _ flaw: TokenText.Flaw, token: TokenText, source: Source, release: Release, mendable: Bool
  ) -> TokenFlaw? {
    switch flaw {
    case .empty:
      return TokenFlaw(
        TokenRules.empty, "the token is empty",
        help: "get one: \(TokenClaims.create(nil))", namesCommand: true)
    case .base64(let times):
      return TokenFlaw(
        TokenRules.base64Wrapped,
        "the token is still base64-wrapped\(times > 1 ? " (\(times) times over)" : ""); the API server answers 401",
        help: "decode it\(times > 1 ? " \(times) times" : ""): base64 -d; kubectl get secret shows data.token encoded",
        mends: mendable, namesAnswer: true, namesCommand: true)
    case .byteOrderMark, .utf16:
      return TokenFlaw(
        TokenRules.encoding,
        flaw == .utf16 ? "the token is saved as UTF-16" : "a byte order mark stands before the token",
        help: "save the file as plain ASCII, without a byte order mark", mends: mendable)
    case .leadingSpace, .trailingSpace, .trailingNewline, .innerSpace:
      return space(flaw, source: source, release: release, mendable: mendable)
    case .quoted:
      return TokenFlaw(
        TokenRules.quoted, "quotes are around the token, as part of it", help: "remove the quotes", mends: mendable)
    case .bearerPrefix, .keyPrefix:
      return TokenFlaw(
        TokenRules.prefixed, "\(flaw == .bearerPrefix ? "`Bearer `" : "a key") stands before the token, as part of it",
        help: "keep the token alone; APISIX writes `Authorization: Bearer` itself", mends: mendable)
    case .percentEncoded, .jsonEscaped:
      return TokenFlaw(
        TokenRules.encoding, "the token holds \(flaw == .percentEncoded ? "percent" : "JSON") escapes",
        help: "write the characters themselves", mends: mendable)
    case .document(let kind):
      return TokenFlaw(
        TokenRules.document, "this is a whole document (\(kind)), not the token in it",
        help: "get its token: kubectl get secret NAME -o jsonpath='{.data.token}' | base64 -d", mends: mendable,
        namesCommand: true)
    case .pem:
      return TokenFlaw(
        TokenRules.document, "this is a certificate or key, not a token", help: "APISIX logs in with a token only")
    case .placeholder:
      return TokenFlaw(
        TokenRules.placeholder, "this is a placeholder that nobody replaced, not a token",
        help: "put the token itself there, or ${NAME} as the whole value of client.token")
    case .truncated(let parts):
      return TokenFlaw(
        TokenRules.truncated,
        parts < 3
          ? "the token is cut off: \(parts) of its 3 parts \(parts == 1 ? "is" : "are") there"
          : "the token is cut off: a part of it is not complete", help: "copy it again, whole")
    case .shortSignature(let bytes, let expected):
      return TokenFlaw(
        TokenRules.truncated,
        bytes < expected
          ? "the token's signature has \(bytes) of \(expected) bytes; it looks cut off"
          : "the token's signature is damaged", help: "copy it again, whole", severity: .warning)
    case .tooManyParts(let parts):
      return TokenFlaw(
        TokenRules.truncated, "the token has \(parts) parts, not 3: two tokens in a row, or an encrypted one",
        help: "copy one token, whole")
    case .strangeCharacter:
      return TokenFlaw(
        TokenRules.character, "the token holds a character that no token has", help: "copy it again as plain text")
    }
  }

  private static func space(_ flaw: TokenText.Flaw, source: Source, release: Release, mendable: Bool) -> TokenFlaw? {
    let trims = release.has(.trimsTokens)
    switch flaw {
    case .innerSpace(let lineBreak):
      return TokenFlaw(
        TokenRules.whitespace,
        "the token has \(lineBreak ? "a line break" : "white space") inside"
          + (source == .inline ? "; APISIX does not accept it" : ""),
        help: lineBreak && source == .inline
          ? "write it on one line, in quotes; | and > keep or fold line breaks into it" : "write it on one line, whole",
        mends: mendable)
    case .trailingNewline where trims, .trailingSpace where trims && source != .inline,
      .leadingSpace where trims && source != .inline:
      return nil
    case .trailingNewline:
      return TokenFlaw(
        TokenRules.whitespace,
        "a line break ends the token; APISIX \(release.description) sends it along, and the API server answers 400",
        help: source == .file
          ? "write the file without one: printf %s \"$TOKEN\" > FILE; 3.0 and newer trim it"
          : "\(source == .inline ? "write |- in place of |" : "remove it"), or use 3.0 or newer", severity: .error,
        mends: mendable, namesAnswer: true)
    default:
      return TokenFlaw(
        TokenRules.whitespace,
        "a space stands at the \(flaw == .leadingSpace ? "start" : "end") of the token"
          + (source == .inline ? "; APISIX does not accept it" : ""), help: "remove it", mends: mendable)
    }
  }
}
