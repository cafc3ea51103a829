enum Version {
  /// Follows SemVer; CHANGELOG.md says what each holds.
  static let current = "0.2.0"
}
