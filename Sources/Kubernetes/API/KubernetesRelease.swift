/// Such as 1.24, v1.24.3 or 1.24+.
public struct KubernetesRelease: Sendable, Hashable {
  public let text: String
  public let major: Int
  public let minor: Int

  /// - Returns: nil for what begins with no two numbers.
  public init?(_ text: String) {
    let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(separator: ".")
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }) else {
      return nil
    }
    (self.text, self.major, self.minor) = (text, major, minor)
  }

  /// Whether each new ServiceAccount gets a token Secret by itself, as before 1.24.
  public var makesTokenSecrets: Bool { (major, minor) < (1, 24) }
}
