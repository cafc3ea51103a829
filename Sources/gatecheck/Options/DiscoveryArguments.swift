import Findings

/// What `--discovery-arg` gives, each `KEY=VALUE`.
struct DiscoveryArguments {
  private(set) var values: [String: String] = [:]

  init(_ given: [String]) throws(Mistake) {
    for argument in given {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Mistake("--discovery-arg takes KEY=VALUE, not \(terminalSafe(argument)).")
      }
      values[String(parts[0])] = String(parts[1])
    }
  }
}
