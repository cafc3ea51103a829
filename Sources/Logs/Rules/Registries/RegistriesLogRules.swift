extension LogRules {
  static let registryChecks: [LogCheck] = []
}
