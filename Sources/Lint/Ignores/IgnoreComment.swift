/// What a comment tells gatecheck.
enum IgnoreComment: Hashable {
  struct Selector: Hashable {
    let text: String
    /// Its bytes in the file.
    let range: Range<Int>
  }

  enum Scope: Hashable {
    case line, file
  }

  case ignore(Scope, [Selector])
  /// It is meant for gatecheck and cannot be read: what is wrong, and the cure.
  case malformed(String, help: String)

  static let help = "write # gatecheck: ignore[RULE] REASON"

  /// Reads the bytes behind a comment's `#`, with their places in the file; nil for a comment that is not meant for
  /// gatecheck.
  init?(_ bytes: ArraySlice<UInt8>) {
    let rest: ArraySlice<UInt8>
    if bytes.starts(with: "gatecheck:".utf8) {
      rest = bytes.dropFirst("gatecheck:".utf8.count).drop(while: isBlank)
    } else if bytes.starts(with: "gatecheck-ignore".utf8) || bytes.starts(with: "gatecheck ignore[".utf8) {
      self = .malformed("this comment has no colon behind gatecheck", help: Self.help)
      return
    } else {
      return nil
    }
    let word = rest.prefix { $0 != UInt8(ascii: "[") && !isBlank($0) }
    let scope: Scope
    switch String(decoding: word, as: UTF8.self) {
    case "ignore": scope = .line
    case "ignore-file": scope = .file
    default:
      self = .malformed("only ignore and ignore-file can stand behind gatecheck:", help: Self.help)
      return
    }
    let list = rest[word.endIndex...].drop(while: isBlank)
    guard list.first == UInt8(ascii: "[") else {
      self = .malformed("this ignore names no rule in brackets", help: Self.help)
      return
    }
    guard let close = list.firstIndex(of: UInt8(ascii: "]")) else {
      self = .malformed("the bracket of this ignore is not closed", help: Self.help)
      return
    }
    var selectors: [Selector] = []
    for part in list[(list.startIndex + 1)..<close].split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      var part = part.drop(while: isBlank)
      while let last = part.last, isBlank(last) { part.removeLast() }
      if part.isEmpty { continue }
      selectors.append(Selector(text: String(decoding: part, as: UTF8.self), range: part.startIndex..<part.endIndex))
    }
    self =
      selectors.isEmpty
      ? .malformed("the brackets of this ignore are empty", help: Self.help) : .ignore(scope, selectors)
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
