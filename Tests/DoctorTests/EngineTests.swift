import Findings
import Probes
import Synchronization
import Testing

@testable import Doctor

extension Rule {
  static let broken: Rule = """
    test/broken (error): It is broken
    Checks: nothing
    Why: for a test
    Example: none
    Fix: none
    """
}

/// What becomes of checks that need each other.
@Suite struct EngineTests {
  private func run(_ checks: [Check], _ context: Context? = nil) -> [CheckResult] {
    Engine(context: context ?? Context(environment: [:], now: { 0 })) { _ in }.run(checks).results
  }

  @Test func aFactGoesToWhoNeedsIt() {
    let fact = Fact<Int>()
    let results = run([
      Check(.connection, "gives", gives: [fact.withhold]) { _ in
        fact.give(7)
        return .init()
      },
      Check(.permissions, "needs") { _ throws(Unmet) in
        .init(try fact() == 7 ? [] : [Finding(rule: .broken, message: "another")])
      },
    ])
    #expect(results.map(\.status) == [.ok, .ok])
  }

  /// Who needs what did not come is skipped, with the reason of whoever comes first; others go on.
  @Test func whatIsMissingStopsItsDependantsOnly() {
    let (first, second) = (Fact<Int>(), Fact<Int>())
    let results = run([
      Check(.connection, "the server answers", gives: [first.withhold]) { _ in
        .init([Finding(rule: .broken, message: "it does not")])
      },
      Check(.permissions, "may read", gives: [second.withhold]) { _ throws(Unmet) in
        second.give(try first())
        return .init()
      },
      Check(.content, "has services") { _ throws(Unmet) in
        _ = try second()
        return .init()
      },
      Check(.log, "is quiet") { _ in .init() },
    ])
    #expect(results.map(\.status) == [.error, .skipped, .skipped, .ok])
    #expect(results[2].reason == "it needs: the server answers")
  }

  @Test func whatIsFoundLeadsToMore() {
    let results = run([
      Check(.configuration, "one") { _ in .init(more: [Check(.connection, "two") { _ in .init() }]) },
      Check(.log, "three") { _ in .init() },
    ])
    #expect(results.map(\.name) == ["one", "two", "three"])
  }

  /// Nobody is asked any more once the time is over, and that is no word for "no".
  @Test func afterTheDeadlineAllIsUnknown() {
    var context = Context(environment: [:], now: { 0 })
    context.deadline = .now
    let results = run([Check(.connection, "answers") { _ in .init() }], context)
    #expect(results[0].status == .unknown && results[0].isUnanswered)
    #expect(results[0].reason?.contains("--timeout") == true)
  }

  @Test func theObserverHearsOfEach() {
    let heard = Mutex<Set<String>>([])
    let engine = Engine(context: Context(environment: [:], now: { 0 })) { result in
      heard.withLock { _ = $0.insert(result.name) }
    }
    _ = engine.run([Check(.log, "a") { _ in .init(more: [Check(.log, "b") { _ in .init() }]) }])
    #expect(heard.withLock { $0 } == ["a", "b"])
  }
}
