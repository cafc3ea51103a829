import JSON

/// `namespace_selector`: `equal` and `not_equal` go to the API server as a field selector; `match` and `not_match` are
/// looked at by APISIX, object by object. When several are given the first of these four counts.
public struct NamespaceFilter: Sendable {
  enum Rule: Sendable {
    case all
    case equal(String)
    case notEqual(String)
    case match([Candidate])
    case notMatch([Candidate])
  }

  /// A pattern, or why it is none.
  struct Candidate: Sendable {
    let text: String
    let pattern: Result<PCRE, PCRE.Fault>

    init(_ text: String) {
      self.text = text
      do throws(PCRE.Fault) { pattern = .success(try PCRE(text)) } catch { pattern = .failure(error) }
    }

    func matchesWhole(_ namespace: String) -> Result<Bool, PCRE.Fault> {
      do throws(PCRE.Fault) { return .success(try pattern.get().matchesWhole(namespace)) } catch {
        return .failure(error)
      }
    }
  }

  let rule: Rule
  /// What was decided for a namespace: there are few of them, and many objects.
  private var known: [String: Bool] = [:]

  init(_ selector: LuaValue?) {
    func patterns(_ key: String) -> [Candidate]? {
      selector?[key]?.items?.map { Candidate($0.text ?? JSONValue($0).text()) }
    }
    rule =
      if let name = selector?["equal"]?.text {
        .equal(name)
      } else if let name = selector?["not_equal"]?.text {
        .notEqual(name)
      } else if let patterns = patterns("match") {
        .match(patterns)
      } else if let patterns = patterns("not_match") {
        .notMatch(patterns)
      } else {
        .all
      }
  }

  /// The one key that counts; nil where none is set.
  public var key: String? {
    switch rule {
    case .all: nil
    case .equal: "equal"
    case .notEqual: "not_equal"
    case .match: "match"
    case .notMatch: "not_match"
    }
  }

  /// The `fieldSelector` that is sent; nil for none.
  var fieldSelector: String? {
    switch rule {
    case .equal(let name): "metadata.namespace=\(name)"
    case .notEqual(let name): "metadata.namespace!=\(name)"
    default: nil
    }
  }

  /// Would the API server send objects of this namespace?
  func isSent(_ namespace: String) -> Bool {
    switch rule {
    case .equal(let name): namespace == name
    case .notEqual(let name): namespace != name
    default: true
    }
  }

  /// Would APISIX keep them?
  ///
  /// A broken pattern in `match` is logged and passed over. In `not_match` it hides every namespace that no earlier
  /// pattern decided on, without a word.
  mutating func isKept(_ namespace: String, log: (Words) -> Void) -> Bool {
    if let answer = known[namespace] { return answer }
    let answer = decide(namespace, log: log)
    if known.count < 100_000 { known[namespace] = answer }
    return answer
  }

  private func decide(_ namespace: String, log: (Words) -> Void) -> Bool {
    switch rule {
    case .all, .equal, .notEqual: return true
    case .match(let candidates):
      for candidate in candidates {
        switch candidate.matchesWhole(namespace) {
        case .success(true): return true
        case .success(false): continue
        case .failure(let fault): log(Words(.matchFailed, Self.text(fault)))
        }
      }
      return false
    case .notMatch(let candidates):
      for candidate in candidates {
        switch candidate.matchesWhole(namespace) {
        case .success(false): continue
        case .success(true), .failure: return false
        }
      }
      return true
    }
  }

  /// The patterns that PCRE refuses, and what it says.
  public var brokenPatterns: [(pattern: String, message: String)] {
    var broken: [(pattern: String, message: String)] = []
    for (text, fault) in faults {
      if case .broken(let message) = fault { broken.append((text, message)) }
    }
    return broken
  }

  /// Patterns with syntax that is not known here; a namespace they decide on is treated as with a broken one.
  public var unsupportedPatterns: [String] {
    faults.filter { $0.1 == .unsupported }.map(\.0)
  }

  private var faults: [(String, PCRE.Fault)] {
    let candidates: [Candidate]
    switch rule {
    case .match(let patterns), .notMatch(let patterns): candidates = patterns
    default: candidates = []
    }
    var faults: [(String, PCRE.Fault)] = []
    for candidate in candidates {
      if case .failure(let fault) = candidate.pattern { faults.append((candidate.text, fault)) }
    }
    return faults
  }

  private static func text(_ fault: PCRE.Fault) -> String {
    switch fault {
    case .broken(let message): message
    case .unsupported: "pattern not understood here"
    case .tooHard: "pcre_exec() failed: -8"
    }
  }
}
