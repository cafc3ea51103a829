public import Findings

/// `token verify`: asks every target of a plan as APISIX does, list and watch.
public struct TokenQuestion: Sendable {
  private let plan: AccessPlan

  public init(_ plan: AccessPlan) { self.plan = plan }

  public func ask(in context: Context) -> TokenAnswer {
    TokenAnswer(
      checks: plan.targets.map { target in
        context.trace(target.summary)
        var probe = TokenProbe(target, in: context)
        return probe.run()
      }, hasSeveral: plan.hasSeveral, starts: !plan.findings.contains { $0.severity == .error })
  }
}

public struct TokenAnswer: Sendable {
  /// In the order of the plan's targets.
  public let checks: [TokenCheck]
  let hasSeveral: Bool
  /// Nothing found in the configuration keeps APISIX from asking at all.
  let starts: Bool

  public var findings: [Finding] { checks.flatMap(\.findings) }
}
