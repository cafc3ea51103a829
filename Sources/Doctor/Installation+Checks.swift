import APISIX
import Findings
import Probes

extension Installation {
  /// All that is looked at, from the file to the log. What hangs on config.yaml is known once that is read.
  func checks(in context: Context) -> [Check] {
    guard let path = configName else { return planned(nil, in: context).checks(of: nil, in: context) }
    return [.configIsAccepted(path, self) { planned($0, in: context).checks(of: $0, in: context) }]
  }

  private func checks(of judged: JudgedConfig?, in context: Context) -> [Check] {
    let inventory = Fact<Inventory>()
    var checks: [Check] = configName == nil ? [] : [.variablesAreSet(judged, unread: found?.unread ?? [])]
    if let found, let judged { checks.append(.podsHaveToken(found, self, judged)) }
    checks.append(.upstreamsAreRead(self, judged, gives: inventory))
    if hasSources(judged?.config) { checks.append(.upstreamsAreRight(self, inventory)) }
    checks += registries(of: judged, inventory, in: context)
    return plan == nil ? checks + [.logIsQuiet(self, judged)] : checks
  }

  /// Each registry that a configuration enables, and the etcd that it names.
  private func registries(
    of judged: JudgedConfig?, _ inventory: Fact<Inventory>, in context: Context
  ) -> [Check] {
    var kinds = (judged?.registries ?? []).filter { $0 != .tars }
    if judged == nil, namesCluster { kinds.append(.kubernetes) }
    let dumped = kinds.filter { $0 != .dns }
    let dumps = Dictionary(dumped.map { ($0, Fact<DiscoveryDump>()) }) { first, _ in first }
    var checks: [Check] = []
    var nodes: [RegistryKind: NodeFacts] = [:]
    var answers: [RegistryKind: [Fact<RegistryCheckAnswer>]] = [:]
    if let judged {
      for part in RegistryCheck(nil, access).parts(of: judged.config, in: context) {
        let answer = Fact<RegistryCheckAnswer>()
        if let kind = part.kind { answers[kind, default: []].append(answer) }
        checks += part.checks(judged, answer)
      }
    }
    var seeded = RegistryCheck(nil, access)
    seeded.seed = seed
    if let part = seeded.seedPart(in: context) { checks += part.checks(judged, Fact()) }
    if plan == nil { checks.append(.gatewayAnswers(self, dumped, gives: dumps)) }
    if let control { checks.append(.gatewayIsReady(control, self, judged)) }
    if sources.admin != nil { checks += routeFiles.map { .gatewayTakes($0, self) } }
    for kind in kinds {
      let services = Fact<ResolveAnswer>()
      var listed: Fact<ResolveAnswer>?
      if kind == .kubernetes {
        let all = Fact<ResolveAnswer>()
        checks.append(cluster(judged, gives: all))
        listed = all
      }
      guard hasSources(judged?.config) else { continue }
      checks.append(
        .servicesHaveNodes(
          kind, self, judged?.config, inventory, listed: listed, works: answers[kind] ?? [], gives: services))
      if control != nil, let dump = dumps[kind] {
        checks.append(.gatewayHoldsTheSame(kind, self, dump, listed ?? services))
      }
      let tried = Fact<[RegistryService: [Finding]]>()
      checks.append(.nodesAnswer(kind, self, inventory, services, gives: tried))
      nodes[kind] = NodeFacts(services: services, tried: tried)
    }
    if let request { checks.append(.requestReachesNodes(request.uri, host: request.host, inventory, nodes)) }
    return checks
  }

  /// Kubernetes, by config.yaml or by a kubeconfig alone: each API server, then what all of them list.
  private func cluster(_ judged: JudgedConfig?, gives listed: Fact<ResolveAnswer>) -> Check {
    .wayIsKnown(self, judged, gives: [listed.withhold]) { plan in
      let answers = plan.targets.map { ($0, Fact<TokenCheck>()) }
      let asked = answers.flatMap { target, answer -> [Check] in
        let server: [Check] = [.serverAnswers(target, gives: answer), .tokenIsTaken(target, answer)]
        guard let account else {
          let rights: [Check] = [.accountMayRead(target, answer), .accountMayNoMore(target, answer)]
          guard let account = self.plan?.account(of: target) else { return server + rights }
          let missing = Fact<[String]>()
          return server + rights + [
            .namesAreFree(account, target, answer, gives: missing), .restCanBeMade(account, target, missing),
          ]
        }
        let (rights, missing) = (Fact<TokenCheck>(), Fact<[String]>())
        return server + [
          .namesAreFree(account, target, self, judged?.config, answer, gives: rights, missing),
          .restCanBeMade(account, target, missing), .accountMayRead(target, rights),
          .accountMayNoMore(target, rights),
        ]
      }
      return asked + [.clusterIsListed(self, judged, answers.map(\.1), gives: listed)]
    }
  }
}
