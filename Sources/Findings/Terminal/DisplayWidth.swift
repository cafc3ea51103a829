/// How many columns a terminal gives to a character as the user sees it: 0, 1 or 2.
///
/// Terminals do not agree on emoji joined by U+200D; this takes the newer view, that a joined one is as wide as one
/// emoji.
func displayWidth(_ character: Character) -> Int {
  if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
  var width = 0
  var previous: Unicode.Scalar?
  for scalar in character.unicodeScalars {
    let asksForEmoji = scalar.value == 0xFE0F && previous?.properties.isEmoji == true
    let endsFlag = isRegionalIndicator(scalar) && previous.map(isRegionalIndicator) == true
    if asksForEmoji || endsFlag {
      width = 2
    } else if width == 0 {
      width = displayWidth(scalar)
    }
    previous = scalar
  }
  return width
}

/// The columns of a text of one line.
func displayWidth(_ text: String) -> Int { text.reduce(0) { $0 + displayWidth($1) } }

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value < 0x300 { return 1 }
  // Vowels and finals of a decomposed Hangul syllable stand in the cell of its first letter.
  if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  if isRegionalIndicator(scalar) { return 1 }
  if scalar.properties.isEmojiPresentation { return 2 }
  return wide.contains { $0.contains(value) } ? 2 : 1
}

private func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }

/// East_Asian_Width W and F (Unicode 15), without emoji; what is not assigned in a block counts with the block.
private let wide: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
  0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
  0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
]
