import APISIX
import Findings
import HTTP
import SourceText

extension RegistryResolver {
  /// Follows one service: by blocking queries where the registry has them, else by asking as often as APISIX does.
  /// Returns when the user ends it, at the context's deadline, or when the first answer cannot be had.
  func watch(_ name: String, _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    let lookup = lookup(name)
    var conversation = conversation(lookup)
    var (told, found): ([UpstreamNode]??, Resolution?) = (nil, nil)
    var isLost = false
    func isOver() -> Bool { context.isCancelled() || told != nil && context.isAlmostOver }
    while !isOver() {
      let started = ContinuousClock.now
      conversation.startsOver(waits: told != nil && !isLost)
      let answer = conversation.nodes()
      if isOver() { break }
      let isAnswered = answer.none.map { !$0.isFailure } ?? true
      guard isAnswered || told != nil else {
        // Why, in the words of one question.
        return (try? resolve(name)) ?? ResolveAnswer()
      }
      if isAnswered == isLost {
        tell(isAnswered ? .back() : .lost(conversation.findings + [conversation.misread(answer)].compactMap { $0 }))
      }
      isLost = !isAnswered
      let kept = kind.kept(answer, after: found, in: lookup.release)
      if told != .some(kept.nodes) {
        tell(.nodes(WatchNews.Change(from: told ?? nil, to: kept.nodes, isFirst: told == nil)))
        told = .some(kept.nodes)
      }
      found = kept
      // A server that answers a blocking query at once must not be asked without a pause.
      let next = started + (conversation.canWait && !isLost ? .milliseconds(500) : interval)
      context.pause(next - .now, until: isOver)
    }
    var answer = ResolveAnswer()
    answer.registry = kind.key
    answer.secrets = conversation.secrets
    return answer
  }

  /// APISIX asks the name servers for each request, and keeps an answer as long as its records say.
  private var interval: Duration {
    kind == .dns ? .seconds(5) : .seconds(lookup("").section["fetch_interval"]?.number ?? 30)
  }
}
