enum Version {
  /// Follows SemVer; CHANGELOG.md says what each holds.
  static let current = "0.1.0"
}
