/// Words in lines of `width` columns. Chinese has no blanks between words: its lines break at any letter.
func fill(_ words: [Substring], width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  var used = 0
  for word in words {
    for (index, piece) in pieces(of: word).enumerated() {
      let blank = index == 0 && used > 0 ? 1 : 0
      let columns = displayWidth(String(piece))
      if used > 0, used + blank + columns > width {
        lines.append(line)
        (line, used) = (String(piece), columns)
      } else {
        line += (blank > 0 ? " " : "") + piece
        used += blank + columns
      }
    }
  }
  if used > 0 { lines.append(line) }
  return lines
}

/// Between which a line may break.
private func pieces(of word: Substring) -> [Substring] {
  if word.utf8.allSatisfy({ $0 < 0x80 }) { return [word] }
  var pieces: [Substring] = []
  var start = word.startIndex
  for index in word.indices.dropFirst() {
    let (left, right) = (word[word.index(before: index)], word[index])
    guard displayWidth(left) == 2 || displayWidth(right) == 2, !opening.contains(left), !closing.contains(right) else {
      continue
    }
    pieces.append(word[start..<index])
    start = index
  }
  return pieces + [word[start...]]
}

/// What no line ends with, and what none begins with.
private let opening: Set<Character> = ["（", "“", "‘", "《", "「", "【"]
private let closing: Set<Character> = ["，", "。", "、", "；", "：", "？", "！", "）", "”", "’", "》", "」", "】"]
