import Findings
import Probes
import Testing

@testable import Doctor

/// The page of several clusters.
@Suite struct PageTests {
  private static func result(_ cluster: String, _ finding: Finding? = nil, isUnanswered: Bool = false) -> CheckResult {
    var result = CheckResult(category: .connection, name: "it answers")
    result.place = Place(cluster: cluster, workload: nil)
    result.findings = [finding].compactMap { $0 }
    result.isUnanswered = isUnanswered
    return result
  }

  /// What is wrong stands first, then what is not known; what is well is closed.
  @Test func whatIsWrongComesFirst() {
    var answer = DoctorAnswer()
    answer.add(
      [
        Self.result("a-well"), Self.result("b-unknown", isUnanswered: true),
        Self.result("c-broken", Finding(rule: .broken, message: "no")), Self.result("d-well"),
      ], Evidence(), AccessOptions())
    let page = answer.rendered(answer.report(version: "1"), as: .html, RenderOptions())
    let names = page.matches(of: #/<tr><th>([a-z-]+)</#).map { String($0.output.1) }
    #expect(names == ["c-broken", "b-unknown", "a-well", "d-well"])
    #expect(page.matches(of: #/<details>/#).count == 2 && page.matches(of: #/<details open>/#).count == 2)
  }
}
