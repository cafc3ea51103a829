public import Findings

/// What came of asking one target.
public struct TokenCheck: Sendable {
  public let target: Target
  public internal(set) var identity: Identified?
  /// `v1.36.2`; nil where it was not asked or does not say.
  public internal(set) var serverVersion: String?
  public internal(set) var probes: [Probe] = []
  public internal(set) var findings: [Finding] = []
  /// List and watch both worked.
  public internal(set) var works = false

  /// One request, in the order they were made.
  public struct Probe: Sendable, Hashable {
    /// `list`, `watch`, `identity`, `version`; where something failed also `access`, `rules`, `issuer`, `keys`
    public let name: String
    /// `GET /api/v1/endpoints?limit=1`
    public let request: String
    /// Nil when there was no answer.
    public let status: Int?
    public let milliseconds: Double
  }

  /// Who the server says one is.
  public struct Identified: Sendable, Hashable {
    public let username: String
    /// Empty where they are not known.
    public let groups: [String]
    public let source: Source

    public enum Source: String, Sendable {
      /// The server's own word.
      case review = "SelfSubjectReview"
      /// The user that a 403 names.
      case refusal = "Forbidden"
      /// The subject that the token itself gives; the server accepted the token.
      case token = "token"
      /// The user that a flag names.
      case flag = "--as"
    }
  }
}
