/// Words in lines of `width` columns. Chinese has no blanks between words: its lines break at any letter, and the
/// last one has more than one. What stands between backticks is searched for as a whole: it breaks only where no line
/// holds it.
func fill(_ words: [Substring], width: Int) -> [String] {
  var lines: [[Piece]] = []
  var used = 0
  for piece in withSpans(words.flatMap(pieces), width: width) {
    let columns = piece.columns + (piece.isBehindBlank ? 1 : 0)
    if let last = lines.indices.last, used + columns <= width {
      lines[last].append(piece)
      used += columns
    } else {
      lines.append([piece])
      used = piece.columns
    }
  }
  if let last = lines.indices.last, last > 0, lines[last].count == 1, lines[last][0].isLetter,
    lines[last - 1].count > 1, let before = lines[last - 1].last, before.columns + used < width
  {
    lines[last].insert(lines[last - 1].removeLast(), at: 0)
  }
  return lines.map { joined($0[...]) }
}

/// What stands in one line as a whole.
private struct Piece {
  let text: String
  let columns: Int
  let isBehindBlank: Bool

  init(_ text: String, isBehindBlank: Bool) {
    (self.text, columns, self.isBehindBlank) = (text, displayWidth(text), isBehindBlank)
  }

  /// Whether it is one of Chinese, be it with the signs that go with it.
  var isLetter: Bool {
    text.count { !closing.contains($0) } == 1 && text.first.map { displayWidth($0) == 2 } ?? false
  }
}

private func joined(_ pieces: ArraySlice<Piece>) -> String {
  pieces.dropFirst().reduce(into: pieces.first?.text ?? "") { $0 += ($1.isBehindBlank ? " " : "") + $1.text }
}

/// With all from one backtick to the next in one piece.
private func withSpans(_ pieces: [Piece], width: Int) -> [Piece] {
  var result: [Piece] = []
  var start: Int?
  for piece in pieces {
    result.append(piece)
    guard piece.text.utf8.count(where: { $0 == UInt8(ascii: "`") }) % 2 == 1 else { continue }
    guard let first = start else {
      start = result.count - 1
      continue
    }
    start = nil
    let span = Piece(joined(result[first...]), isBehindBlank: result[first].isBehindBlank)
    if span.columns <= width { result.replaceSubrange(first..., with: [span]) }
  }
  return result
}

/// Between which a line may break.
private func pieces(of word: Substring) -> [Piece] {
  var pieces: [Piece] = []
  var start = word.startIndex
  if !word.utf8.allSatisfy({ $0 < 0x80 }) {
    for index in word.indices.dropFirst() {
      let (left, right) = (word[word.index(before: index)], word[index])
      guard displayWidth(left) == 2 || displayWidth(right) == 2, !opening.contains(left), !closing.contains(right)
      else { continue }
      pieces.append(Piece(String(word[start..<index]), isBehindBlank: pieces.isEmpty))
      start = index
    }
  }
  return pieces + [Piece(String(word[start...]), isBehindBlank: pieces.isEmpty)]
}

/// What no line ends with, and what none begins with.
private let opening: Set<Character> = ["（", "“", "‘", "《", "「", "【"]
private let closing: Set<Character> = ["，", "。", "、", "；", "：", "？", "！", "）", "”", "’", "》", "」", "】"]
