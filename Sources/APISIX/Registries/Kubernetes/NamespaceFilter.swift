import JSON

/// `namespace_selector`: `equal` and `not_equal` go to the API server as a field selector; `match` and `not_match` are
/// looked at by APISIX, object by object. When several are given the first of these four counts.
public struct NamespaceFilter: Sendable {
  enum Rule: Sendable {
    case all
    case equal(String)
    case notEqual(String)
    case match([String])
    case notMatch([String])
  }

  let rule: Rule
  private let library: PCRELibrary
  /// What was decided for a namespace: there are few of them, and many objects.
  private var known: [String: Bool] = [:]

  /// - Parameter library: that the release runs on.
  init(_ selector: LuaValue?, library: PCRELibrary = .pcre2) {
    self.library = library
    let expressions = { (key: String) in selector?[key]?.items?.map { $0.text ?? JSONValue($0).text() } }
    rule =
      if let name = selector?["equal"]?.text {
        .equal(name)
      } else if let name = selector?["not_equal"]?.text {
        .notEqual(name)
      } else if let all = expressions("match") {
        .match(all)
      } else if let all = expressions("not_match") {
        .notMatch(all)
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
  /// A broken expression in `match` is logged and passed over. In `not_match` it hides every namespace that no earlier
  /// one decided on, without a word.
  mutating func isKept(_ namespace: String, log: (Words) -> Void) -> Bool {
    if let answer = known[namespace] { return answer }
    let answer = decide(Array(namespace.utf8), log: log)
    if known.count < 100_000 { known[namespace] = answer }
    return answer
  }

  private func decide(_ namespace: [UInt8], log: (Words) -> Void) -> Bool {
    switch rule {
    case .all, .equal, .notEqual: return true
    case .match(let expressions):
      return expressions.contains { expression in
        do throws(PCRE.Fault) { return try PCRE(expression, for: library).findsWhole(namespace) } catch {
          log(Words(.matchFailed, library.error(error, in: expression)))
          return false
        }
      }
    case .notMatch(let expressions):
      return expressions.allSatisfy { expression in
        do throws(PCRE.Fault) { return try !PCRE(expression, for: library).findsWhole(namespace) } catch {
          return false
        }
      }
    }
  }
}
