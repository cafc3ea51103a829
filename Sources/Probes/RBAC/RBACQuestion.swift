public import Findings
public import Kubernetes

/// `rbac verify`: what the identity of every target of a plan may do, against what APISIX needs.
public struct RBACQuestion: Sendable {
  private let plan: AccessPlan
  private let needs: RBACOptions.Watches?

  /// - Parameter needs: what the identity must be able to list and watch; nil: what the configuration and release ask
  ///   for.
  public init(_ plan: AccessPlan, needs: RBACOptions.Watches? = nil) {
    self.plan = plan
    self.needs = needs
  }

  public func ask(in context: Context) -> RBACAnswer {
    let probes = plan.targets.map { target in
      context.trace(target.summary)
      var probe = RBACProbe(target, needs: needs, in: context)
      probe.run()
      return probe
    }
    return RBACAnswer(
      checks: probes.map(\.check), findings: probes.flatMap { $0.findings + $0.server.oddities },
      hasSeveral: plan.hasSeveral)
  }
}

/// What an identity may do beyond APISIX's need, where `TokenQuestion` has shown who it is and that it may list and
/// watch: that is not asked again.
package struct ExcessQuestion: Sendable {
  private let check: TokenCheck

  package init(_ check: TokenCheck) { self.check = check }

  package func ask(in context: Context) -> [Finding] {
    var probe = RBACProbe(check.target, needs: nil, in: context)
    probe.judgeExcess(of: check)
    return probe.findings
  }
}

public struct RBACAnswer: Sendable {
  /// In the order of the plan's targets.
  public let checks: [RBACCheck]
  public let findings: [Finding]
  let hasSeveral: Bool

  /// The objects that close every gap, for kubectl; nil when there is none.
  public var manifest: String? {
    let all = checks.compactMap(\.manifest)
    return all.isEmpty ? nil : all.joined(separator: "---\n")
  }
}
