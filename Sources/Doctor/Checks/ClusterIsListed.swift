import APISIX
import Findings
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
        told.append(ClusterRules.empty(hasServices: answer.services?.isEmpty == false))
      }
      return Outcome(told, Evidence(sources: answer.sources, secrets: answer.secrets))
    }
  }
}
