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
    if Self.isName(Array(text.utf8)) {
      self = .fine
      return
    }
    do throws(PCRE.Fault) { _ = try PCRE(text, for: library) } catch {
      self = .broken(library.reason(error).text)
      return
    }
    do throws(PCRE.Fault) {
      self =
        switch try NameSearch.answer(for: text, library) {
        case .missed(let name): .missed(name)
        case .impossible: .impossible
        case .fine: .fine
        }
    } catch {
      self = .fine
    }
  }

  /// A DNS label, but for its length. As an expression it describes itself and nothing else.
  static func isName(_ bytes: [UInt8]) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return bytes.allSatisfy { $0 == hyphen || $0.isSmall } && !bytes.isEmpty && bytes.first != hyphen
      && bytes.last != hyphen
  }
}
