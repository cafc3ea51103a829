import Findings

/// A check of one kind of thing, with the pages of all that it may find. An area lists its checks once; that list runs
/// them and puts their pages into the catalogue.
struct Check<Subject>: Sendable {
  /// Asked for only by the catalogue: to lint a file needs no page.
  let rules: @Sendable () -> [Rule]
  let find: @Sendable (Subject) -> [Finding]

  init(
    _ rules: @escaping @autoclosure @Sendable () -> [Rule], _ find: @escaping @Sendable (Subject) -> [Finding]
  ) {
    self.rules = rules
    self.find = find
  }

  init(_ rule: @escaping @autoclosure @Sendable () -> Rule, _ find: @escaping @Sendable (Subject) -> [Finding]) {
    self.init([rule()], find)
  }

  /// One that finds one thing at most.
  init(
    _ rules: @escaping @autoclosure @Sendable () -> [Rule], _ find: @escaping @Sendable (Subject) -> Finding?
  ) {
    self.init(rules()) { subject in find(subject).map { [$0] } ?? [] }
  }

  init(_ rule: @escaping @autoclosure @Sendable () -> Rule, _ find: @escaping @Sendable (Subject) -> Finding?) {
    self.init([rule()], find)
  }
}

extension Array {
  func rules<Subject>() -> [Rule] where Element == Check<Subject> { flatMap { $0.rules() } }

  /// What all of them find, in their order.
  func findings<Subject>(in subject: Subject) -> [Finding] where Element == Check<Subject> {
    var found: [Finding] = []
    // By index, because copies of the checks would be counted; most find nothing.
    for index in indices {
      let more = self[index].find(subject)
      if !more.isEmpty { found += more }
    }
    return found
  }
}
