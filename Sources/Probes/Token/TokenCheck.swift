public import Findings
import Kubernetes

/// What came of asking one target.
public struct TokenCheck: Sendable {
  public let target: Target
  public let identity: Identified?
  /// `v1.36.2`; nil where it was not asked or does not say.
  public let serverVersion: String?
  public let probes: [Probe]
  public let findings: [Finding]
  /// List and watch both worked.
  public let works: Bool

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

    init(username: String, groups: [String], source: Source) {
      self.username = username
      self.groups = groups
      self.source = source
    }

    /// By the name alone; nil without one.
    init?(_ username: String?, _ source: Source) {
      guard let username else { return nil }
      self.init(username: username, groups: ServiceAccount(username: username)?.groups ?? [], source: source)
    }

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
