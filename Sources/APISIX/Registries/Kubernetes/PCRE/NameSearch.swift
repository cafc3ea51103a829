import CPCRE2

/// Looks for namespaces' names that an expression describes, shortest first and letter by letter: a partial match tells
/// whether a beginning can become one. Of beginnings at whose ends the same items of the expression stand only the
/// first is continued, so that repetitions come to an end.
struct NameSearch: ~Copyable {
  private struct Visitor {
    /// The items of the expression, by their place in it, that were tried at the end of the text.
    var items: Set<Int> = []
    var triesLeft = 50_000
  }

  private static let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
  /// Beginnings of one length that are continued.
  private static let width = 32

  private let expression: PCRE
  /// Goes through all ways to describe a text, since none comes past `(?!)`.
  private let ways: PCRE
  private let visitor: UnsafeMutablePointer<Visitor>

  /// Throws where the expression is none, and where the search takes too long.
  static func answer(for text: String, _ library: PCRELibrary) throws(PCRE.Fault) -> NamespacePattern {
    let expression = try PCRE(text, for: library, steps: 5_000)
    let ways = try PCRE(
      "(?:\(expression.expression))\\z(?!)",
      options: PCRE2_AUTO_CALLOUT | PCRE2_NO_AUTO_POSSESS | PCRE2_NO_START_OPTIMIZE | PCRE2_NO_DOTSTAR_ANCHOR)
    return try NameSearch(expression, ways).answer()
  }

  private init(_ expression: consuming PCRE, _ ways: consuming PCRE) {
    self.expression = expression
    self.ways = ways
    visitor = .allocate(capacity: 1)
    visitor.initialize(to: Visitor())
    self.ways.report(to: visitor) { block, visitor in
      guard let block = block?.pointee, let visitor = visitor?.assumingMemoryBound(to: Visitor.self) else { return 0 }
      if block.current_position == block.subject_length { visitor.pointee.items.insert(block.pattern_position) }
      visitor.pointee.triesLeft -= 1
      return visitor.pointee.triesLeft < 0 ? PCRE2_ERROR_CALLOUT : 0
    }
  }

  deinit {
    visitor.deinitialize(count: 1)
    visitor.deallocate()
  }

  private func answer() throws(PCRE.Fault) -> NamespacePattern {
    let text = expression.expression.utf8
    let end = text.count + "(?:)".utf8.count
    // How often something was repeated, and what is yet to come, does not show in the items.
    let merges = !text.contains { "{=!".utf8.contains($0) }
    var seen: Set<Set<Int>> = []
    var answer = NamespacePattern.impossible
    var beginnings: [[UInt8]] = [[]]
    while !beginnings.isEmpty, beginnings[0].count < 63 {
      var longer: [[UInt8]] = []
      // No name begins with a hyphen, the last of the letters.
      let letters = Self.letters.dropLast(beginnings[0].isEmpty ? 1 : 0)
      for name in beginnings.lazy.flatMap({ front in letters.lazy.map { front + [$0] } }) {
        guard let items = try items(atEndOf: name) else { continue }
        if items.contains(end), NamespacePattern.isName(name) {
          if try !expression.findsWhole(name) { return .missed(String(decoding: name, as: UTF8.self)) }
          answer = .fine
        }
        if merges, !items.isEmpty, !seen.insert(items).inserted { continue }
        if longer.count < Self.width { longer.append(name) } else { answer = .fine }
      }
      beginnings = longer
    }
    return answer
  }

  /// nil for a text that the expression does not describe and that cannot become one by more letters.
  private func items(atEndOf text: [UInt8]) throws(PCRE.Fault) -> Set<Int>? {
    guard try ways.result(of: text, options: PCRE2_ANCHORED | PCRE2_PARTIAL_HARD) == PCRE2_ERROR_PARTIAL else {
      return nil
    }
    visitor.pointee.items = []
    _ = try ways.result(of: text, options: PCRE2_ANCHORED)
    return visitor.pointee.items
  }
}
