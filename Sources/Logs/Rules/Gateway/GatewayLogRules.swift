extension LogRules {
  static let gatewayChecks: [LogCheck] = []
}
