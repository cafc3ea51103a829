extension Words {
  /// The sentence of a line, whichever release wrote it: a line of error.log with its head and tail, or what a command
  /// prints. A line that Lua wrote begins with its place, and so is a `raised`.
  ///
  /// - Returns: nil when it holds no sentence of the catalogue.
  public init?(line: some StringProtocol) { self.init(line: Array(line.utf8)[...]) }

  /// The same from bytes.
  public init?(line: ArraySlice<UInt8>) {
    guard let words = WordsReader.read(WordsReader.bare(line)) else { return nil }
    self = words
  }
}

/// Reads sentences by the forms that write them.
enum WordsReader {
  private struct Pattern: Sendable {
    let sentence: Sentence
    let pieces: [[UInt8]]
    let blanks: [Blank]
    /// How much text is fixed: the more, the surer.
    let weight: Int

    init(_ sentence: Sentence, _ wording: String) {
      self.sentence = sentence
      let form = Form(wording)
      pieces = form.pieces.map { Array($0.utf8) }
      blanks = form.blanks
      weight = pieces.reduce(0) { $0 + $1.count }
    }
  }

  /// The first four bytes choose the few patterns that a text may be.
  private static let digest: [ArraySlice<UInt8>: [Pattern]] = Dictionary(
    grouping: patterns.filter { !$0.pieces[0].isEmpty }, by: { $0.pieces[0].prefix(4) })
  /// Those that begin with a value.
  private static let open = patterns.filter { $0.pieces[0].isEmpty }

  private static let patterns: [Pattern] =
    (Sentence.allCases.map { Pattern($0, $0.rawValue) } + Sentence.older.map { Pattern($0.sentence, $0.wording) })
    .sorted { $0.weight > $1.weight }

  static func read(_ text: ArraySlice<UInt8>) -> Words? {
    let text = withoutFunction(text)
    for pattern in digest[text.prefix(4)] ?? [] {
      if let words = match(pattern, text) { return words }
    }
    for pattern in open {
      if let words = match(pattern, text) { return words }
    }
    return nil
  }

  private static func match(_ pattern: Pattern, _ text: ArraySlice<UInt8>) -> Words? {
    guard text.starts(with: pattern.pieces[0]) else { return nil }
    var values: [String] = []
    var cause: Words?
    var rest = text.dropFirst(pattern.pieces[0].count)
    for (index, blank) in pattern.blanks.enumerated() {
      let piece = pattern.pieces[index + 1]
      let isLast = index == pattern.blanks.count - 1
      guard let end = isLast && ends(rest, with: piece) ? rest.endIndex - piece.count : place(of: piece, in: rest)
      else { return nil }
      let value = rest[..<end]
      guard fits(value, blank) else { return nil }
      if blank == .cause { cause = read(value) }
      if blank != .cause || cause == nil { values.append(String(decoding: value, as: UTF8.self)) }
      rest = rest[end...].dropFirst(piece.count)
    }
    return Words(pattern.sentence, values: values, cause: cause)
  }

  /// What begins with a value must look like it.
  private static func fits(_ value: ArraySlice<UInt8>, _ blank: Blank) -> Bool {
    switch blank {
    case .file: ends(value, with: Array(".lua".utf8))
    case .line: !value.isEmpty && value.allSatisfy(isDigit)
    case .mark: value.contains(UInt8(ascii: ":")) && value.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ":") }
    default: true
    }
  }

  // MARK: Around the sentence

  private static let fronts = [
    "stream ", "[lua] ", "init_worker_by_lua error: ", "init_by_lua error: ",
    "lua entry thread aborted: runtime error: ",
  ].map { Array($0.utf8) }

  /// The line without nginx' head (`2026/11/28 11:07:09 [error] 41#41: *6 [lua] `) and tail (`, context: ngx.timer`).
  static func bare(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = behindProcess(line)
    while let front = fronts.first(where: { text.starts(with: $0) }) { text = text.dropFirst(front.count) }
    if let end = place(of: Array(", client: ".utf8), in: text) {
      text = text[..<end]
    } else {
      let mark = Array(", context: ".utf8)
      var last: Int?
      var rest = text
      while let found = place(of: mark, in: rest) {
        last = found
        rest = rest[(found + mark.count)...]
      }
      if let last { text = text[..<last] }
    }
    while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
    return text
  }

  /// What follows `41#41: *6 `; all of a line without.
  private static func behindProcess(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = line
    while let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
      rest = rest[(hash + 1)...]
      let tail = rest.drop(while: isDigit)
      guard hash > line.startIndex, isDigit(line[hash - 1]), tail.startIndex > rest.startIndex,
        tail.starts(with: ": ".utf8)
      else { continue }
      let text = tail.dropFirst(2)
      guard text.first == UInt8(ascii: "*") else { return text }
      return text.dropFirst().drop(while: isDigit).dropFirst()
    }
    return line
  }

  /// Without `handle_upstream(): `, which some lines have behind their place.
  private static func withoutFunction(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let name = text.prefix { isDigit($0) || $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0 | 0x20) }
    let tail = text[name.endIndex...]
    return tail.starts(with: "(): ".utf8) ? tail.dropFirst(4) : text
  }

  // MARK: Bytes

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func ends(_ text: ArraySlice<UInt8>, with piece: [UInt8]) -> Bool {
    text.count >= piece.count && text.suffix(piece.count).elementsEqual(piece)
  }

  private static func place(of piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard let first = piece.first else { return text.endIndex }
    var rest = text
    while let index = rest.firstIndex(of: first), text.endIndex - index >= piece.count {
      if text[index...].starts(with: piece) { return index }
      rest = rest[(index + 1)...]
    }
    return nil
  }
}
