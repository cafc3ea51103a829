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
    guard !text.utf8.isName(of: \.isSmall, inner: "-"), !Self.isPlainlyFine(Array(text.utf8)) else {
      self = .fine
      return
    }
    do throws(PCRE.Fault) {
      _ = try PCRE(text, for: library)
      self = (try? NameSearch.answer(for: text, library)) ?? .fine
    } catch {
      self = .broken(library.reason(error).text)
    }
  }

  /// Whether the expression is a row of characters and classes, each repeated as often as can be or not at all, and
  /// describes a name. What such an one finds first in a name that it describes is the whole name: another match would
  /// end earlier, so one of its items would end earlier than in the whole name, and could have gone on to there. So no
  /// library needs to be asked.
  private static func isPlainlyFine(_ text: [UInt8]) -> Bool {
    [true, false].contains { sample(of: text, fillsUp: $0).map(isName) == true }
  }

  /// - Parameter fillsUp: takes once what may be left out.
  /// - Returns: nil for an expression with groups, alternatives, escapes or other repetitions.
  private static func sample(of text: [UInt8], fillsUp: Bool) -> [UInt8]? {
    var rest = text[...]
    if rest.first == UInt8(ascii: "^") { rest.removeFirst() }
    if rest.last == UInt8(ascii: "$") { rest.removeLast() }
    let hyphen = UInt8(ascii: "-")
    var name: [UInt8] = []
    while var item = rest.popFirst() {
      if item == UInt8(ascii: "["), let first = rest.first, first.isSmall,
        let end = rest.firstIndex(of: UInt8(ascii: "]")),
        isClass(rest[..<end])
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

  /// Whether this is what brackets may hold: letters, digits, ranges that rise, and a hyphen at the end.
  private static func isClass(_ bytes: ArraySlice<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return bytes.indices.allSatisfy { index in
      if bytes[index] != hyphen { return bytes[index].isSmall }
      guard index + 1 < bytes.endIndex else { return true }
      return index > bytes.startIndex && bytes[index + 1].isSmall && bytes[index - 1] <= bytes[index + 1]
    }
  }

  /// A DNS label, but for its length. As an expression it describes itself and nothing else.
  static func isName(_ bytes: [UInt8]) -> Bool { bytes.isName(of: \.isSmall, inner: "-") }
}
