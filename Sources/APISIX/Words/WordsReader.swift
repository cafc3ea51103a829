import SourceText

extension Words {
  /// The sentence of a line, whichever release wrote it: a line of error.log with its head and tail, or what a command
  /// prints. A line that Lua wrote begins with its place, and so is a `raised`.
  ///
  /// - Parameter isCut: the line may end in the midst of a sentence; its last values are then missing.
  /// - Returns: nil when it holds no sentence of the catalogue.
  public init?(line: some StringProtocol, isCut: Bool = false) { self.init(line: Array(line.utf8)[...], isCut: isCut) }

  /// The same from bytes.
  public init?(line: ArraySlice<UInt8>, isCut: Bool = false) {
    guard let words = WordsReader.read(WordsReader.bare(line), isCut: isCut) else { return nil }
    self = words
  }
}

/// Reads sentences by the forms that write them.
enum WordsReader {
  /// The first four bytes choose the few forms that a text may have.
  private static let digest = Dictionary(
    grouping: forms.filter { !$0.pieces[0].isEmpty }, by: { $0.pieces[0].prefix(4) })
  /// Those that begin with a value; what begins with a place in Lua's source was raised there, whatever follows.
  private static let open = {
    let open = forms.filter { $0.pieces[0].isEmpty }
    return open.filter { $0.sentence == .raised } + open.filter { $0.sentence != .raised }
  }()

  /// The more text is fixed, the surer a form is.
  private static let forms =
    (Sentence.allCases.compactMap { Form.newest[$0] } + Sentence.older.map { Form($0.sentence, $0.wording) })
    .sorted { $0.pieces.joined().count > $1.pieces.joined().count }

  static func read(_ text: ArraySlice<UInt8>, isCut: Bool = false) -> Words? {
    let text = withoutFunction(text)
    let near = digest[text.prefix(4)] ?? []
    for form in near + open {
      if let found = match(form, text, isCut: isCut) { return found.words }
    }
    guard isCut else { return nil }
    return near.compactMap { match($0, text, isCut: true, mayEnd: true) }.max { $0.seen < $1.seen }?.words
  }

  /// - Parameters:
  ///   - isCut: the text is the end of a line that was cut off, so that a sentence in it may lack its own.
  ///   - mayEnd: so may this one, behind eight bytes of fixed text at least.
  /// - Returns: also how much fixed text was seen.
  private static func match(
    _ form: Form, _ text: ArraySlice<UInt8>, isCut: Bool, mayEnd: Bool = false
  ) -> (words: Words, seen: Int)? {
    var seen = form.pieces[0].count
    guard text.starts(with: form.pieces[0]), !mayEnd || seen >= 8 else { return nil }
    var values: [String] = []
    var cause: Words?
    var rest = text.dropFirst(seen)
    for (index, blank) in form.blanks.enumerated() {
      let piece = form.pieces[index + 1]
      let isLast = index == form.blanks.count - 1
      let place = isLast && ends(rest, with: piece) ? rest.endIndex - piece.count : start(of: piece, in: rest)
      guard let end = place ?? (mayEnd ? rest.endIndex : nil) else { return nil }
      let value = rest[..<end]
      guard fits(value, blank) else { return nil }
      if blank == .cause { cause = read(value, isCut: isCut && end == text.endIndex) }
      if blank != .cause || cause == nil { values.append(String(decoding: value, as: UTF8.self)) }
      if place == nil { break }
      rest = rest[end...].dropFirst(piece.count)
      seen += piece.count
    }
    return (Words(form.sentence, values: values, cause: cause), seen)
  }

  /// What begins with a value must look like it.
  private static func fits(_ value: ArraySlice<UInt8>, _ blank: Blank) -> Bool {
    switch blank {
    case .file: ends(value, with: Array(".lua".utf8))
    case .line: !value.isEmpty && value.allSatisfy(\.isDigit)
    case .mark: value.contains(UInt8(ascii: ":")) && value.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ":") }
    default: true
    }
  }

  // MARK: Around the sentence

  private static let fronts = [
    "stream ", "[lua] ", "init_worker_by_lua error: ", "init_by_lua error: ",
    "lua entry thread aborted: runtime error: ", "nginx: [error] ", "nginx: [emerg] ",
  ].map { Array($0.utf8) }
  private static let tails = [", client: ", ", context: ", "\nstack traceback:", " while prereading client data"].map {
    Array($0.utf8)
  }

  /// The line without nginx' head (`2026/11/28 11:07:09 [error] 41#41: *6 [lua] `) and tail (`, context: ngx.timer`).
  static func bare(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = behindProgram(behindProcess(line))
    text = text.drop { $0 == UInt8(ascii: " ") }
    while let front = fronts.first(where: { text.starts(with: $0) }) { text = text.dropFirst(front.count) }
    for tail in tails {
      if let end = start(of: tail, in: text) { text = text[..<end] }
    }
    while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
    return text
  }

  /// Without `/usr/bin/luajit: `, which begins what a command's Lua error prints.
  private static func behindProgram(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), ends(line[..<colon], with: Array("luajit".utf8)) else {
      return line
    }
    return line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
  }

  /// What follows `41#41: *6 `; all of a line without.
  private static func behindProcess(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = line
    while let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
      rest = rest[(hash + 1)...]
      let tail = rest.drop(while: \.isDigit)
      guard hash > line.startIndex, line[hash - 1].isDigit, tail.startIndex > rest.startIndex,
        tail.starts(with: ": ".utf8)
      else { continue }
      let text = tail.dropFirst(2)
      guard text.first == UInt8(ascii: "*") else { return text }
      return text.dropFirst().drop(while: \.isDigit).dropFirst()
    }
    return line
  }

  /// Without `handle_upstream(): `, which some lines have behind their place.
  private static func withoutFunction(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let tail = text.drop(while: \.isWord)
    return tail.starts(with: "(): ".utf8) ? tail.dropFirst(4) : text
  }

  // MARK: Bytes

  private static func ends(_ text: ArraySlice<UInt8>, with piece: [UInt8]) -> Bool {
    text.count >= piece.count && text.suffix(piece.count).elementsEqual(piece)
  }

  private static func start(of piece: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    guard !piece.isEmpty else { return text.endIndex }
    let offset = text.withUnsafeBufferPointer { text in
      piece.withUnsafeBufferPointer { place(of: $0, in: text) }
    }
    return offset.map { text.startIndex + $0 }
  }
}
