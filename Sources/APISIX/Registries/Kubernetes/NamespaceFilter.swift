import JSON

/// `namespace_selector`: `equal` and `not_equal` go to the API server as a field selector; `match` and `not_match` are
/// looked at by APISIX, object by object. When several are given the first of these four counts.
public struct NamespaceFilter: Sendable {
  /// In the order in which they count.
  private enum Key: String, CaseIterable {
    case equal
    case notEqual = "not_equal"
    case match
    case notMatch = "not_match"
  }

  private var rule: Key?
  /// The one namespace, or the expressions.
  private var values: [String] = []
  private let library: PCRELibrary
  /// What was decided for a namespace: there are few of them, and many objects.
  private var known: [String: Bool] = [:]

  /// - Parameter library: that the release runs on.
  init(_ selector: LuaValue?, library: PCRELibrary = .pcre2) {
    self.library = library
    for key in Key.allCases where rule == nil {
      guard let value = selector?[key.rawValue] else { continue }
      let isList = key == .match || key == .notMatch
      let found = isList ? value.items?.map { $0.text ?? JSONValue($0).text() } : value.text.map { [$0] }
      if let found { (rule, values) = (key, found) }
    }
  }

  /// The one key that counts; nil where none is set.
  public var key: String? { rule?.rawValue }

  /// The `fieldSelector` that is sent; nil for none.
  var fieldSelector: String? {
    switch rule {
    case .equal: "metadata.namespace=\(values[0])"
    case .notEqual: "metadata.namespace!=\(values[0])"
    default: nil
    }
  }

  /// Would the API server send objects of this namespace?
  func isSent(_ namespace: String) -> Bool {
    switch rule {
    case .equal: namespace == values[0]
    case .notEqual: namespace != values[0]
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
    guard rule == .match || rule == .notMatch else { return true }
    let isFound = values.contains { expression in
      do throws(PCRE.Fault) { return try PCRE(expression, for: library).findsWhole(namespace) } catch {
        if rule == .match { log(Words(.matchFailed, library.error(error, in: expression))) }
        return rule == .notMatch
      }
    }
    return isFound == (rule == .match)
  }
}
