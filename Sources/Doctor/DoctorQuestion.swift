public import Findings
import Parallel
public import Probes

/// `doctor`: everything that there is to know of one installation, or of several at once.
public struct DoctorQuestion: Sendable {
  /// Each with its name, where there are several.
  public var installations: [(name: String?, Installation)]

  /// For each by itself: one slow cluster costs only itself.
  public var timeout: Duration?
  /// How long what can heal is looked at again.
  public var wait: Duration?

  /// - Parameter contexts: of a kubeconfig, each a cluster with an installation of its own.
  public init(_ installation: Installation, contexts: [String] = []) {
    guard contexts.count > 1 else {
      var installation = installation
      installation.access.context = contexts.first
      installations = [(nil, installation)]
      return
    }
    installations = contexts.map { name in
      var one = installation
      one.access.context = name
      return (name, one)
    }
  }

  /// - Parameter observe: is told each result when it is there. Called from several threads.
  public func ask(
    in context: Context, observe: @escaping @Sendable (CheckResult) -> Void = { _ in }
  ) -> DoctorAnswer {
    var answer = DoctorAnswer()
    answer.time = context.now()
    // A cluster that is silent costs a thread that waits; checks cost several, with connections of their own.
    let slots = Slots(32)
    let parts = inParallel(installations, most: 256) { name, installation in
      var (results, evidence) = look(at: installation, context, slots, observe)
      let end = wait.map { ContinuousClock.now + $0 }
      while let end, .now < end, Self.mayHeal(results), !context.isCancelled() {
        context.pause(min(.seconds(2), end - .now))
        (results, evidence) = look(at: installation, context, slots, observe)
      }
      for index in results.indices { results[index].place.cluster = name }
      for index in evidence.kept.indices { evidence.kept[index].place.cluster = name }
      return (Self.inOrder(results), evidence, installation.access)
    }
    for (results, evidence, access) in parts { answer.add(results, evidence, access) }
    return answer
  }

  private func look(
    at installation: Installation, _ context: Context, _ slots: Slots,
    _ observe: @escaping @Sendable (CheckResult) -> Void
  ) -> ([CheckResult], Evidence) {
    var context = context
    context.remembersFiles()
    context.remembersAnswers()
    if let timeout { context.deadline = .now + timeout }
    let told = context.progress
    let tell: @Sendable (CheckResult) -> Void = { result in
      observe(result)
      told("looked at: \(result.name)")
    }
    /// The time in which it waits for others is none of its own.
    let run: @Sendable (Installation) -> ([CheckResult], Evidence) = { [context] installation in
      slots.use { waited in
        var context = installation.reading(context)
        context.deadline = context.deadline.map { $0 + waited }
        return Engine(context: context, observe: tell).run(installation.checks(in: context))
      }
    }
    guard installation.isToBeFound else { return run(installation) }
    let (search, found) = installation.search(in: context)
    tell(search)
    let parts = inParallel(found) { installation in
      var (results, evidence) = run(installation)
      for index in results.indices { results[index].place.workload = installation.name }
      for index in evidence.kept.indices { evidence.kept[index].place.workload = installation.name }
      return (results, evidence)
    }
    var evidence = Evidence()
    for part in parts { evidence.add(part.1) }
    return ([search] + parts.flatMap(\.0), evidence)
  }

  /// What a file says stays as it is, and so does what a log tells; a server may start, a right be given.
  private static func mayHeal(_ results: [CheckResult]) -> Bool {
    let bad = results.filter { $0.status == .error || $0.isUnanswered }
    return !bad.isEmpty && !bad.contains { [.configuration, .environment, .log].contains($0.category) }
  }

  /// By category, and in one of them as they were made.
  private static func inOrder(_ results: [CheckResult]) -> [CheckResult] {
    var places: [Place] = []
    for result in results where !places.contains(result.place) { places.append(result.place) }
    return places.flatMap { place in inOrder(of: results.filter { $0.place == place }) }
  }

  private static func inOrder(of results: [CheckResult]) -> [CheckResult] {
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
  /// What a bundle takes in.
  private(set) var kept: [Kept] = []
  /// When it was asked, in seconds since 1970.
  var time = 0

  public init() {}

  public var findings: [Finding] { checks.flatMap(\.findings) }

  mutating func add(_ results: [CheckResult], _ evidence: Evidence, _ access: AccessOptions) {
    let told = results.map { access.told($0.findings) }
    var said = Said(told)
    checks += zip(results, told).map { result, all in
      var result = result
      result.findings = all.filter { said.isNew($0) }
      result.worst = ([result.worst].compactMap { $0 } + all.map(\.severity)).max()
      return result
    }
    sources.merge(evidence.sources) { first, _ in first }
    secrets += evidence.secrets
    notices += evidence.notices
    kept += evidence.kept
  }

  /// That a bundle is written, or what is still in it.
  /// - Parameter file: as it was named.
  public mutating func add(bundle file: String, _ findings: [Finding]) {
    var result = CheckResult(category: .bundle, name: "\(file) holds no secret")
    result.findings = findings
    checks.append(result)
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
