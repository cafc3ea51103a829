import SourceText

/// What an item of `namespace_selector.match` or `not_match` is good for, told without a cluster.
public enum NamespacePattern: Sendable, Hashable {
  /// No expression, and why in the library's words.
  case broken(String)
  /// A namespace's name that the expression describes and that APISIX passes over all the same: it compares what is
  /// found first with the whole name, so `dev|dev-1` finds `dev` in `dev-1`.
  case missed(String)
  /// No namespace can have a name that the expression describes, as with `Prod` or `my_ns`.
  case impossible
  case fine

  public init(_ text: String, library: PCRELibrary) {
    guard !Self.isName(Array(text.utf8)) else {
      self = .fine
      return
    }
    do throws(PCRE.Fault) {
      let isFine = Self.isPlainlyFine(text, try PCRE(text, for: library))
      self = isFine ? .fine : (try? NameSearch.answer(for: text, library)) ?? .fine
    } catch {
      self = .broken(library.reason(error).text)
    }
  }

  /// Whether the expression is a row of characters and classes, each repeated as often as can be or not at all, and
  /// describes a name. What such an one finds first in a name that it describes is the whole name: another match would
  /// end earlier, so one of its items would end earlier than in the whole name, and could have gone on to there.
  private static func isPlainlyFine(_ text: String, _ expression: borrowing PCRE) -> Bool {
    for fillsUp in [true, false] {
      if let name = sample(of: text, fillsUp: fillsUp), isName(name), (try? expression.findsWhole(name)) == true {
        return true
      }
    }
    return false
  }

  /// - Parameter fillsUp: takes once what may be left out.
  /// - Returns: nil for an expression with groups, alternatives, escapes or other repetitions.
  private static func sample(of text: String, fillsUp: Bool) -> [UInt8]? {
    var rest = Array(text.utf8)[...]
    if rest.first == UInt8(ascii: "^") { rest.removeFirst() }
    if rest.last == UInt8(ascii: "$") { rest.removeLast() }
    let hyphen = UInt8(ascii: "-")
    var name: [UInt8] = []
    while var item = rest.popFirst() {
      if item == UInt8(ascii: "["), let first = rest.first, first.isSmall,
        let end = rest.firstIndex(of: UInt8(ascii: "]")),
        rest[..<end].allSatisfy({ $0.isSmall || $0 == hyphen })
      {
        item = first
        rest = rest[(end + 1)...]
      } else if item == UInt8(ascii: ".") {
        item = UInt8(ascii: "a")
      }
      guard item.isSmall || item == hyphen else { return nil }
      let repetition = rest.first.flatMap { "*+?".utf8.contains($0) ? $0 : nil }
      if repetition != nil { rest.removeFirst() }
      if fillsUp || repetition == nil || repetition == UInt8(ascii: "+") { name.append(item) }
    }
    return name
  }

  /// A DNS label, but for its length. As an expression it describes itself and nothing else.
  static func isName(_ bytes: [UInt8]) -> Bool { bytes.isName(of: \.isSmall, inner: "-") }
}
