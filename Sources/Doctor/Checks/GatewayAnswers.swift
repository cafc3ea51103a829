import APISIX
import Findings
import Probes

extension Check {
  /// Gets what the running APISIX holds of each registry.
  static func gatewayAnswers(
    _ installation: Installation, _ kinds: [RegistryKind], gives dumps: [RegistryKind: Fact<DiscoveryDump>]
  ) -> Check {
    let place = installation.control.map { "the control API at \(installation.shown($0))" }
    return Check(.gateway, "\(place ?? "the control API") answers", gives: dumps.values.map { $0.withhold }) {
      context throws(Unmet) in
      guard let control = installation.control else {
        throw .skipped("nothing says where it is: --control URL")
      }
      var findings: [Finding] = []
      for kind in kinds {
        do throws(Finding) { dumps[kind]?.give(try installation.dump(control, kind, in: context)) } catch {
          findings.append(error)
        }
      }
      return Outcome(findings)
    }
  }

  /// Compares it with what the registry has now.
  static func gatewayHoldsTheSame(
    _ kind: RegistryKind, _ installation: Installation, _ dump: Fact<DiscoveryDump>, _ services: Fact<ResolveAnswer>
  ) -> Check {
    Check(.gateway, "it holds the nodes that \(kind.key) has") { _ throws(Unmet) in
      let held = try dump()
      var answer = try services()
      guard let kept = answer.kept else { throw .skipped("what \(kind.key) has is not known as a whole") }
      answer.forgetFindings()
      // Of other registries only the services that upstreams name were asked for.
      answer.compare(kind == .kubernetes ? held : held.only(Set(kept.map(\.service))), in: installation.access.release)
      return Outcome(answer.findings)
    }
  }
}
