import APISIX
import Findings
import Parallel
import Registries
import SourceText
import Synchronization

/// Resolves by asking the API servers that the options name.
struct LiveResolver: Resolver {
  /// That of the options; what is wrong with it is told already.
  let config: DiscoveryConfig?
  /// Those that are meant; one with no settings without a configuration.
  let clusters: [ClusterSettings]
  let options: AccessOptions
  let context: Context

  init(_ config: DiscoveryConfig?, _ options: AccessOptions, _ context: Context) {
    self.config = config
    clusters =
      config.map { config in
        config.chosen(options.cluster).clusters.map { cluster in
          var settings = cluster.settings
          // What can not be read of it is told with the connection, which may have its token from elsewhere.
          settings.tokenFault = nil
          return settings
        }
      } ?? [ClusterSettings(release: options.release)]
    self.options = options
    self.context = context
  }

  /// One service name: two small requests where it has nodes, a look around where it has none.
  func resolve(_ name: String) -> ResolveAnswer {
    var discovery = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false)
    var answer = ResolveAnswer()
    guard Diagnosis(discovery, name).meant == nil, let (parsed, index) = discovery.place(of: name) else {
      return malformed(name, discovery)
    }
    // APISIX starts no discovery then, which is told with the configuration.
    if discovery.hasDuplicateID { return answer }
    guard let target = plan(only: discovery.clusters[index].store.settings.id, &answer).first else { return answer }
    let query = ClusterQuery(target, in: context)
    var unseen: [String] = []
    do throws(ListFailure) {
      try query.look(for: parsed, in: &discovery.clusters[index])
      try query.lookAtList(in: discovery.clusters[index])
      if discovery.resolve(name).nodes == nil, let parts = parsed.parts {
        // What APISIX's selectors hide is seen by asking without them.
        var all = KubernetesDiscovery(clusters, serviceName: name)
        unseen = try query.lookAround(parts, in: &all.clusters[index])
        discovery = all
      }
    } catch {
      let findings = query.findings(for: error)
      let isRefused = if case .refused = error { true } else { false }
      guard isRefused, discovery.clusters[index].store.labelSelectorFault != nil else {
        answer.findings += findings
        if findings.contains(where: isUnanswered) { answer.status = .unfinished }
        return answer
      }
    }
    answer.findings += query.oddities
    answer.take(Diagnosis(discovery, name))
    if !unseen.isEmpty {
      answer.findings += Finding(
        ResolveRules.serviceUnseen,
        "\(target.prefix)not seen: the \(unseen.joined(separator: " and ")) of \(parsed.key) (403)",
        help: "APISIX itself does not need that right; \(seesMore(query.hasAdministrator))")
    }
    return answer
  }

  /// Who would see what an answer of 403 hides.
  func seesMore(_ isAdministrator: Bool) -> String {
    guard let file = options.kubeconfig, options.config != nil || options.tokenFile != nil else {
      return "an administrator sees more: --kubeconfig FILE"
    }
    return isAdministrator
      ? "the user of --kubeconfig \(file) does not have it either"
      : "--kubeconfig \(file) does not help: it names another server, or is who asked"
  }

  /// The way round the pods' addresses, where there is a Service that has one of its own and may be seen.
  func staticNode(of name: String) -> Finding? {
    var discovery = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false)
    var ignored = ResolveAnswer()
    guard let (parsed, index) = discovery.place(of: name), let parts = parsed.parts,
      let target = plan(only: discovery.clusters[index].store.settings.id, &ignored, isTold: true).first
    else { return nil }
    ClusterQuery(target, in: context).lookAtService(parts, in: &discovery.clusters[index])
    return Diagnosis(discovery, name).wayRound
  }

  /// A name of the wrong form, or of no cluster: what it was meant to be is worth asking for, with its port; where the
  /// namespace is not said, in all of them.
  private func malformed(_ name: String, _ discovery: KubernetesDiscovery) -> ResolveAnswer {
    var answer = ResolveAnswer()
    var found = discovery
    let meant = Diagnosis(discovery, name).allMeant
    let isDNSName = Diagnosis(discovery, name).isDNSName
    let isKnown = !meant.contains { $0.has("NAMESPACE/") }
    if isKnown {
      found = asked(for: meant) { query, view, name throws(ListFailure) in
        try query.look(for: name, in: &view)
        if isDNSName, view.observation.isSeen, let parts = name.parts {
          query.lookAtService(parts, in: &view)
        }
      }
    }
    // Where it is not, something else was meant; of an address nothing tells what.
    if !Diagnosis(discovery, name).isAddress, !found.clusters.contains(where: \.observation.isSeen) {
      found = asked(for: meant, isTold: isKnown) { query, view, _ throws(ListFailure) in
        view.noteAllPorts()
        try query.everything(in: &view, asAdministrator: true)
      }
    }
    answer.findings = Diagnosis(found, name).findings
    return answer
  }

  /// What the clusters of these names say, each asked for one of them. That one does not answer is no news beside a
  /// name of the wrong form.
  private func asked(
    for names: [String], isTold: Bool = false,
    _ ask: (ClusterQuery, inout ClusterView, ServiceName) throws(ListFailure) -> Void
  ) -> KubernetesDiscovery {
    var found = KubernetesDiscovery(clusters, appliesServerSelectors: false)
    var done: Set<Int> = []
    for name in names {
      guard let (parsed, index) = found.place(of: name), done.insert(index).inserted else { continue }
      var ignored = ResolveAnswer()
      guard let target = plan(only: found.clusters[index].store.settings.id, &ignored, isTold: isTold).first else {
        continue
      }
      var view = KubernetesDiscovery(clusters, serviceName: name, appliesServerSelectors: false).clusters[index]
      do throws(ListFailure) {
        try ask(ClusterQuery(target, in: context), &view, parsed)
        found.clusters[index] = view
      } catch { continue }
    }
    return found
  }

  /// Every service name of every cluster that can be asked, page by page, all clusters at once.
  /// - Parameter interest: `.everything` for the nodes too, which then stand in `discovery`.
  func all(keeping interest: ClusterStore.Interest = .counts) -> ResolveAnswer {
    let discovery = KubernetesDiscovery(clusters, interest: interest, appliesServerSelectors: false)
    var answer = ResolveAnswer()
    let targets = plan(only: options.cluster, &answer)
    let count = Atomic<Int>(0)
    let parts = inParallel(targets) { target -> (view: ClusterView, findings: [Finding], oddities: [Finding]) in
      let index = target.id.flatMap(discovery.index(of:)) ?? 0
      var view = discovery.clusters[index]
      let query = ClusterQuery(target, in: context)
      do throws(ListFailure) {
        try query.everything(in: &view) { more in
          context.progress("\(count.wrappingAdd(more, ordering: .relaxed).newValue) objects read")
        }
        return (view, [], query.oddities)
      } catch { return (view, query.findings(for: error), []) }
    }
    var found = discovery
    for (target, part) in zip(targets, parts) {
      // A list that broke off says nothing of what is behind it.
      if part.findings.isEmpty {
        found.clusters[target.id.flatMap(discovery.index(of:)) ?? 0] = part.view
      } else {
        answer.missing.append(target.id)
      }
      answer.findings += part.findings + part.oddities
    }
    if answer.findings.contains(where: isUnanswered) { answer.status = .unfinished }
    answer.take(found)
    // With what a part did not give nothing can be compared.
    if answer.status != nil || !answer.missing.isEmpty { answer.discovery = nil }
    return answer
  }

  func reasons(for name: String) -> [Finding] { resolve(name).findings }

  /// - Parameter isTold: the trace knows of the servers already.
  func plan(only cluster: String?, _ answer: inout ResolveAnswer, isTold: Bool = false) -> [Target] {
    var options = options
    options.cluster = cluster
    let plan = options.plan(in: context, config: config)
    answer.findings = plan.findings
    answer.notices = plan.notices
    answer.sources = plan.sources
    answer.secrets = plan.secrets
    // Of a configuration that is refused the finding is told already.
    if plan.targets.isEmpty, config?.refused == nil { answer.status = .unfinished }
    for target in plan.targets where !isTold { context.trace(target.summary) }
    return options.asAdministrator ? plan.targets.map(\.asAdministrator) : plan.targets
  }

  private func isUnanswered(_ finding: Finding) -> Bool {
    finding.severity == .error && Selection.unanswered.contains { finding.rule.id.hasPrefix($0) }
  }
}

extension KubernetesDiscovery {
  /// A service name taken apart, and its cluster's place in `clusters`; nil where it has none.
  func place(of serviceName: String) -> (name: ServiceName, cluster: Int)? {
    guard let name = try? ServiceName(serviceName, mode: mode),
      let index = mode == .single ? 0 : name.cluster.flatMap(index(of:))
    else { return nil }
    return (name, index)
  }
}
