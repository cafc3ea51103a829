import APISIX
public import Findings

/// Everything that `logs explain` knows of.
public enum LogRules {
  /// The first that answers is taken.
  public static let checks: [LogCheck] = kubernetesChecks + registryChecks + gatewayChecks

  public static var all: [Rule] {
    var seen: Set<Rule> = []
    return checks.map(\.rule).filter { seen.insert($0).inserted }
  }

  /// What an entry means; nil where it has nothing to do with discovery, or with APISIX's start.
  public static func explanation(of record: LogRecord) -> Explanation? {
    var said: [Sentence] = []
    var next = record.words
    while let words = next {
      said.append(words.sentence)
      next = words.cause
    }
    for check in checks where check.sentences.isEmpty || check.sentences.contains(where: said.contains) {
      if let explanation = check.explain(record) { return explanation }
    }
    return nil
  }
}
