import SourceText

/// Values and keys.
extension TinyReader {
  /// A list in brackets as an item of a list is a Lua error, and so is a map, but for empty ones.
  mutating func item(_ range: Range<Int>, indent: Int?) throws(YAMLError) -> Tree.ID {
    let start = skipSpace(range)
    let id = try scalar(range, indent: indent)
    let isBracket = start < range.upperBound && "[{".utf8.contains(bytes[start])
    if isBracket, !(isAt(start, "{}") || isAt(start, "[]")) || !isEmpty(start + 2..<range.upperBound) {
      throw fault(.flowItem, range)
    }
    return id
  }

  /// - Parameter indent: of the line, which a block scalar has to exceed; nil where tinyyaml forgot it.
  mutating func scalar(_ range: Range<Int>, indent: Int?) throws(YAMLError) -> Tree.ID {
    let start = skipSpace(range)
    let whole = start..<trimmedEnd(start..<range.upperBound)
    if let typed = typed(bytes[whole]) { return nodes.append(.plain, typed.startIndex..<typed.endIndex) }
    let word = try word(whole)?.word
    switch bytes[start] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try flow(whole)
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return try block(whole, indent: indent)
    case UInt8(ascii: "!"): if whole.count == 1 { throw fault(.loneTag, whole) }
    default: break
    }
    let comment = bytes[whole].firstIndex(of: UInt8(ascii: "#")) ?? whole.upperBound
    return append(word ?? Word(form: .plain, range: start..<trimmedEnd(start..<comment)))
  }

  /// The part of a text, up to its first `#`, that makes something else of it than a text; nil where none does.
  private func typed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    if case .timestamp = TinyScalar(text) { return text }
    guard let comment = text.firstIndex(of: UInt8(ascii: "#")) else { return TinyScalar(text).isString ? nil : text }
    let value = text[..<(text[..<comment].lastIndex { !isSpace($0) }.map { $0 + 1 } ?? text.startIndex)]
    return value.elementsEqual([UInt8(ascii: "~")]) || TinyScalar(value).isString ? nil : value
  }

  private mutating func block(_ header: Range<Int>, indent: Int?) throws(YAMLError) -> Tree.ID {
    guard !lines.isEmpty else { throw fault(.noContent, header) }
    guard let indent else { throw fault(.unnumbered, header) }
    let mark = String(decoding: bytes[header], as: UTF8.self)
    var first: Int?
    let inner = lines.prefix(while: { line in
      let level = self.indent(of: line)
      defer { first = first ?? level }
      return level > indent && level >= first ?? 0
    })
    guard ["|", "|+", "|-", ">", ">+", ">-"].contains(mark) else { throw fault(.notBlockHeader, header) }
    let form: NodeStore.Form = mark.hasPrefix("|") ? .literal : .folded
    guard let last = inner.last, let first else { return nodes.append(scalar: "", form, header) }
    lines.removeFirst(inner.count)
    var text: [UInt8] = []
    for line in inner.dropLast() {
      text += bytes[line.start + first..<line.end]
      text += [UInt8](repeating: 0x0A, count: line.blanks)
      text.append(form == .literal ? 0x0A : 0x20)
    }
    text += bytes[last.start + first..<trimmedEnd(last.start + first..<last.end)]
    let breaks = (mark.hasSuffix("+") ? last.blanks : 0) + (mark.hasSuffix("-") ? 0 : 1)
    text += [UInt8](repeating: 0x0A, count: breaks)
    return nodes.append(scalar: String(decoding: text, as: UTF8.self), form, header.lowerBound..<last.end)
  }

  /// Quotes do not keep a key from being a number.
  mutating func key(_ word: Word) throws(YAMLError) -> Tree.ID {
    let text = word.text ?? Array(bytes[NodeStore.Record(word.form, word.range).content])
    if text.trimmed.elementsEqual("*".utf8) { throw fault(.loneStar, word.range) }
    guard let typed = typed(text.trimmed) else { return append(word) }
    if case .bool(false) = TinyScalar(typed) { return append(word) }
    return nodes.append(scalar: String(decoding: typed, as: UTF8.self), .plain, word.range)
  }

  /// - Parameter asText: nothing else than a text comes of it, as in brackets.
  mutating func append(_ word: Word, asText: Bool = false) -> Tree.ID {
    guard word.text == nil else {
      return nodes.append(scalar: String(decoding: word.text ?? [], as: UTF8.self), word.form, word.range)
    }
    let id = nodes.append(word.form, word.range)
    if word.form == .plain, !TinyScalar(bytes[word.range]).isString || asText {
      nodes.label(id, tag: "tag:yaml.org,2002:str", anchor: nil, start: word.range.lowerBound)
    }
    return id
  }

  mutating func null(_ place: Int) -> Tree.ID { nodes.append(.plain, place..<place) }
}
