public import Findings
import SourceText

/// What is wrong with a .gatecheck.yaml, all of it. The command ends with status 2.
public struct SettingsError: Error, Sendable, Hashable {
  /// Of rule `usage/settings`, each with its place.
  public let findings: [Finding]

  init(_ findings: [Finding]) { self.findings = findings }

  /// One finding without a place.
  /// - Parameter path: of the .gatecheck.yaml, as shown to the user.
  public init(path: String, _ message: String) {
    findings = [Finding(rule: Usage.settings, message: message, file: path)]
  }
}
