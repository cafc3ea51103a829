import APISIX
import Findings
import Inputs
import Lint
import Probes

extension Check {
  /// Gets the upstreams from where they stand.
  static func upstreamsAreRead(
    _ installation: Installation, _ judged: JudgedConfig?, gives inventory: Fact<Inventory>
  ) -> Check {
    let place = installation.upstreamPlace
    return Check(.upstreams, "\(place ?? "the upstreams") can be read", gives: [inventory.withhold]) {
      context throws(Unmet) in
      let config = judged?.config
      guard let found = try installation.inventory(config, in: context) else {
        throw .skipped(
          config?.isDrivenByAPI == true
            ? "they come through its Admin API, as from the ingress controller (standalone): --admin URL"
            : "nothing says where they are: --admin URL, --apisix-file FILE or --control URL")
      }
      switch found {
      case .success(let found):
        let isCut = found.problems.hasErrors
        if !isCut || found.count > 0 { inventory.give(found) }
        return Outcome(found.problems, Evidence(secrets: found.known))
      case .failure(let stop): return Outcome(stop.findings)
      }
    }
  }

  /// What there is to say of them, whatever nodes they have.
  static func upstreamsAreRight(
    _ installation: Installation, _ inventory: Fact<Inventory>
  ) -> Check {
    Check(.upstreams, "each names a service, and a registry that is enabled") { context throws(Unmet) in
      let found = try inventory()
      var answer = ResolveAnswer()
      found.judge(&answer, asked: nil)
      let linted = installation.lint(installation.sources.referenced, in: context)
      let kept = installation.routeFiles.compactMap { path in
        context.contents(path).map { Kept(.text(.routes, $0), path: path, of: installation) }
      }
      return Outcome(
        linted.findings + answer.findings,
        Evidence(
          sources: answer.sources.merging(linted.sources) { first, _ in first }, secrets: answer.secrets,
          notices: answer.notices, kept: kept))
    }
  }
}
