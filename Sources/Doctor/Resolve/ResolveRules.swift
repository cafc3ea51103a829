public import Findings

/// The rules of `resolve`.
public enum ResolveRules {
  public static let all: [Rule] = []
}
