extension LogRules {
  static let kubernetesChecks: [LogCheck] = []
}
