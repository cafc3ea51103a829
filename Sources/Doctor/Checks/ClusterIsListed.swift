import APISIX
public import Findings
import Probes

extension Check {
  /// Lists all services of the clusters, as APISIX does: whether its selectors leave some, and its memory holds them.
  static func clusterIsListed(
    _ installation: Installation, _ judged: JudgedConfig?, _ answers: [Fact<TokenCheck>],
    gives services: Fact<ResolveAnswer>
  ) -> Check {
    Check(.content, "kubernetes has services, and APISIX can hold them", gives: [services.withhold]) {
      context throws(Unmet) in
      var works = false
      var why = Unmet.skipped("no API server is known")
      for answer in answers {
        let check = try answer()
        works = works || check.works
        do throws(Unmet) { try check.taken() } catch { why = error }
      }
      guard works else { throw why }
      let (answer, findings) = installation.services(of: .kubernetes, for: nil, judged?.config, in: context)
      guard let answer else { return Outcome(findings) }
      services.give(answer)
      // What the whole list says of single services is told with the upstreams that name them.
      var told = answer.findings
      if answer.services?.contains(where: { ($0.nodes ?? 0) > 0 }) == false, !told.hasErrors {
        told.append(EmptyCluster.finding(hasServices: answer.services?.isEmpty == false))
      }
      return Outcome(told, Evidence(sources: answer.sources, secrets: answer.secrets))
    }
  }
}

/// A cluster in which APISIX sees no node at all.
public enum EmptyCluster {
  public static let rule: Rule = """
    kubernetes/no-nodes (warning): APISIX sees no node in the whole cluster
    Checks: Whether the list that APISIX makes, with its selectors, has a single ready address.
    Why: Each route with discovery_type kubernetes then answers 503.
    Example: namespace_selector: {equal: shops}, where the namespace is called shop
    Fix: gatecheck resolve --all --config config.yaml, without namespace_selector and label_selector.
    zh: APISIX 在整个集群里看不到任何节点
    Checks: APISIX 用它的选择器所取的列表里，是否至少有一个就绪的地址。
    Why: 否则 discovery_type 为 kubernetes 的每条路由都返回 503。
    """

  static func finding(hasServices: Bool) -> Finding {
    Finding(
      rule: rule,
      message: hasServices
        ? "none of the services that APISIX sees has a ready address" : "APISIX sees no service in the whole cluster",
      help: "look at namespace_selector and label_selector, and at the pods: kubectl get endpoints -A")
  }
}
