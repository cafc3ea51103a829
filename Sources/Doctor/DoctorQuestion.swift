public import Findings
import Parallel
public import Probes

/// `doctor`: everything that there is to know of one installation, or of several at once.
public struct DoctorQuestion: Sendable {
  /// Each with its name, where there are several.
  public var installations: [(name: String?, Installation)]

  public init(_ installation: Installation) { installations = [(nil, installation)] }

  /// - Parameter observe: is told each result when it is there. Called from several threads.
  public func ask(
    in context: Context, observe: @escaping @Sendable (CheckResult) -> Void = { _ in }
  ) -> DoctorAnswer {
    var answer = DoctorAnswer()
    let parts = inParallel(installations) { name, installation in
      var context = context
      context.remembersFiles()
      let told = context.progress
      let engine = Engine(context: context) { result in
        observe(result)
        told("looked at: \(result.name)")
      }
      var (results, evidence) = engine.run(installation.checks(in: context))
      for index in results.indices { results[index].installation = name }
      return (Self.inOrder(results), evidence, installation.access)
    }
    for (results, evidence, access) in parts { answer.add(results, evidence, access) }
    return answer
  }

  /// By category, and in one of them as they were made.
  private static func inOrder(_ results: [CheckResult]) -> [CheckResult] {
    Category.allCases.flatMap { category in results.filter { $0.category == category } }
  }
}

/// What came of all checks.
public struct DoctorAnswer: Sendable {
  /// In the order in which a fault is found.
  public private(set) var checks: [CheckResult] = []
  public private(set) var sources: [String: SourceFile] = [:]
  public private(set) var secrets: [String] = []
  public private(set) var notices: [String] = []

  public init() {}

  public var findings: [Finding] { checks.flatMap(\.findings) }

  mutating func add(_ results: [CheckResult], _ evidence: Evidence, _ access: AccessOptions) {
    let told = results.map { access.told($0.findings) }
    var said = Said(told)
    checks += zip(results, told).map { result, all in
      var result = result
      result.findings = all.filter { said.isNew($0) }
      result.worst = all.map(\.severity).max()
      return result
    }
    sources.merge(evidence.sources) { first, _ in first }
    secrets += evidence.secrets
    notices += evidence.notices
  }

  /// With only those findings that are selected.
  public func selected(_ selection: Selection) -> DoctorAnswer {
    var answer = self
    for index in checks.indices {
      let findings = selection.apply(to: checks[index].findings)
      if findings.count != checks[index].findings.count {
        answer.checks[index].findings = findings
        answer.checks[index].worst = nil
      }
    }
    return answer
  }
}
