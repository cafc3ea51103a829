import SourceText

/// What a comment tells gatecheck.
enum IgnoreComment {
  struct Selector: Hashable {
    let text: String
    /// Its bytes in the file.
    let range: Range<Int>
  }

  enum Scope: String {
    case line = "ignore"
    case file = "ignore-file"
  }

  case ignore(Scope, [Selector])
  /// It is meant for gatecheck and cannot be read: what is wrong.
  case malformed(String)

  /// Reads the bytes behind a comment's `#`, with their places in the file; nil for a comment that is not meant for
  /// gatecheck.
  init?(_ bytes: ArraySlice<UInt8>) {
    if bytes.starts(with: "gatecheck-ignore".utf8) || bytes.starts(with: "gatecheck ignore[".utf8) {
      self = .malformed("this comment has no colon behind gatecheck")
      return
    }
    guard bytes.starts(with: "gatecheck:".utf8) else { return nil }
    let rest = bytes.dropFirst("gatecheck:".utf8.count).drop(while: isBlank)
    let word = rest.prefix { $0 != UInt8(ascii: "[") && !isBlank($0) }
    guard let scope = Scope(rawValue: String(decoding: word, as: UTF8.self)) else {
      self = .malformed("only ignore and ignore-file can stand behind gatecheck:")
      return
    }
    let list = rest[word.endIndex...].drop(while: isBlank)
    guard list.first == UInt8(ascii: "[") else {
      self = .malformed("this ignore names no rule in brackets")
      return
    }
    guard let close = list.firstIndex(of: UInt8(ascii: "]")) else {
      self = .malformed("the bracket of this ignore is not closed")
      return
    }
    var selectors: [Selector] = []
    for part in list[(list.startIndex + 1)..<close].split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    {
      let part = part.trimmed(isBlank)
      if part.isEmpty { continue }
      selectors.append(Selector(text: String(decoding: part, as: UTF8.self), range: part.startIndex..<part.endIndex))
    }
    self = selectors.isEmpty ? .malformed("the brackets of this ignore are empty") : .ignore(scope, selectors)
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
