import APISIX
import Findings
import HTTP
import Registries
import ZooKeeper

extension ZooKeeperResolver {
  /// Follows the znode of a name by ZooKeeper's watches and, where etcd is known, its objects there by etcd's. A watch
  /// only tells that something changed: it is set first, and what there is then is read as for a single answer, so that
  /// no change between two of them is lost. Returns when the user ends it, at the context's deadline, or when there is
  /// no first answer.
  /// - Parameter interval: after so long both are read without a watch's word: no watch tells of an access list, nor of
  ///   what is set behind one, and none that etcd stands still.
  func watch(_ name: String, interval: Duration = .seconds(60), _ tell: (WatchNews) -> Void) -> ResolveAnswer {
    // Why, in the words of one question.
    guard !settings.hosts.isEmpty, Self.badPrefix(settings.prefix) == nil else { return resolve(name) }
    let bell = ZooKeeperBell()
    let isLate = { @Sendable [context] in context.isCancelled() || context.isAlmostOver }
    var untilRung = context
    untilRung.isCancelled = { bell.isRung || isLate() }
    let http = untilRung.http(traced: true)
    var story = SeedStory()
    var failures = 0
    repeat {
      do throws(ZooKeeperConversation.Failure) {
        var conversation = try ZooKeeperConversation.begin(
          settings.hosts[failures % settings.hosts.count], prefix: settings.prefix, access, context, bell: bell)
        repeat {
          let (look, isThere) = try look(at: name, &conversation)
          if failures > 0, story.hasBegun { tell(.back()) }
          failures = 0
          story.take(look, isThere: isThere).forEach(tell)
          let nodes = look.nodes ?? (isThere ? nil : story.written)
          compare(nodes, of: name, &story, for: interval, untilRung, http, tell)
        } while !isLate()
      } catch {
        if context.isCancelled() || story.hasBegun && isLate() { break }
        failures += 1
        guard story.hasBegun else {
          guard error.isUnreached, failures < settings.hosts.count else { return resolve(name) }
          continue
        }
        if failures == 1 { tell(.lost([error.finding])) }
        context.pause(.milliseconds(500), until: isLate)
      }
    } while !story.hasBegun || !isLate()
    return ResolveAnswer()
  }

  /// What there is of the name now, and whether its znode is there. The bell rings when that changes.
  private func look(
    at name: String, _ conversation: inout ZooKeeperConversation
  ) throws(ZooKeeperConversation.Failure) -> (ResolveAnswer, isThere: Bool) {
    try conversation.watch(path(of: name))
    var answer = ResolveAnswer()
    var isThere = true
    do throws(ZooKeeperConversation.Failure) { isThere = try ask(&conversation, name, &answer) } catch {
      guard error.finding.rule == ZooKeeperRules.notAllowed else { throw error }
      answer.findings = [error.finding]
    }
    return (answer, isThere)
  }

  /// Compares with what etcd has, again when something of the name changes there, until the bell rings or the interval
  /// has passed.
  private func compare(
    _ nodes: [UpstreamNode]?, of name: String, _ story: inout SeedStory, for interval: Duration, _ context: Context,
    _ http: HTTPClient, _ tell: (WatchNews) -> Void
  ) {
    guard let etcd else {
      story.take(SeedComparison(of: name, nodes, nil, access.release)).forEach(tell)
      return context.pause(interval, until: context.isCancelled)
    }
    let source = EtcdSource(settings: etcd, access: access, context: context)
    // apisix-seed needs a moment to write what changed.
    var wait = Duration.seconds(story.hasCompared ? 1 : 0)
    let end = ContinuousClock.now + interval
    while ContinuousClock.now < end {
      context.pause(wait, until: context.isCancelled)
      let held = context.isCancelled() ? nil : source.resources(http, SeedUpstream.kinds)
      // What is cut off says nothing.
      guard let held, !context.isCancelled() else { return }
      story.take(held).forEach(tell)
      wait = .seconds(1)
      guard let (client, revision) = held.origin else { continue }
      let comparison = SeedComparison(of: name, nodes, held, access.release)
      story.take(comparison).forEach(tell)
      let isWatched = client.watch(
        below: SeedUpstream.kinds.map(source.folder), from: revision + 1, patience: max(end - .now, .zero)
      ) { change in !comparison.isTouched(by: change) }
      if !isWatched { wait = .seconds(5) }
    }
  }
}

/// What was told so far, and what there is to tell of what was seen next.
private struct SeedStory {
  /// What apisix-seed has written, as far as the znode says.
  private(set) var written: [UpstreamNode]?
  private(set) var hasBegun = false
  private var wasThere = false
  private var isStopped = false
  private var findings: [Finding] = []
  private var isLost = false
  private var comparison: SeedComparison?
  var hasCompared: Bool { comparison != nil }

  /// A znode that is gone leaves an empty list; what apisix-seed cannot read leaves what was there.
  mutating func take(_ look: ResolveAnswer, isThere: Bool) -> [WatchNews] {
    var news: [WatchNews] = []
    let isRefused = isThere && look.nodes == nil
    if isStopped, !isRefused { news.append(.resumed("apisix-seed")) }
    let nodes = look.nodes ?? (wasThere && !isThere ? [] : written)
    if !hasBegun || nodes != written {
      news.append(.nodes(WatchNews.Change(from: written, to: nodes, isFirst: !hasBegun)))
    }
    if look.findings != findings {
      news.append(.found(isRefused ? [] : look.findings))
      if isRefused { news += look.findings.map { .stopped(stopping($0)) } }
    }
    (written, wasThere, isStopped, findings, hasBegun) = (nodes, isThere, isRefused, look.findings, true)
    return news
  }

  private func stopping(_ finding: Finding) -> Finding {
    let kept = (written ?? []).isEmpty ? "what is there" : SeedComparison.shown(written ?? [])
    return Finding(finding.rule, "\(finding.message); apisix-seed leaves \(kept) in etcd", help: finding.help)
  }

  mutating func take(_ held: UpstreamDocuments) -> [WatchNews] {
    let wasLost = isLost
    isLost = held.origin == nil
    return isLost == wasLost ? [] : [isLost ? .lost(held.findings, .etcd) : .back(.etcd)]
  }

  mutating func take(_ comparison: SeedComparison) -> [WatchNews] {
    defer { self.comparison = comparison }
    if let told = self.comparison, told.findings == comparison.findings, told.notices == comparison.notices {
      return []
    }
    return [.compared(comparison.findings, notices: comparison.notices)]
  }
}
