import SourceText

/// Text of unknown origin, made safe for a terminal: control characters, and those that reorder or hide text, as
/// `\u{1b}`; line breaks and tabs as `\n`, `\r`, `\t`. Everything else is as it was.
public func terminalSafe(_ text: String) -> String { isPlain(text.utf8) ? text : text.escaped(terminalEscape) }

/// Whether all is ASCII that is seen, a column each, as nearly all text is.
func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
  // Without a way out of the loop the compiler looks at many bytes at once.
  bytes.withContiguousStorageIfAvailable { bytes in
    var odd = 0
    for byte in bytes { odd += byte &- 0x20 < 0x5F ? 0 : 1 }
    return odd == 0
  } ?? bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
}

/// The lines of a text, each safe for a terminal.
func terminalSafeLines(_ text: String) -> [String] {
  if isPlain(text.utf8) { return [text] }
  return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    terminalSafe(String(line.last == "\r" ? line.dropLast() : line))
  }
}

/// What stands for a scalar that a terminal must not see; nil for all others.
func terminalEscape(_ scalar: Unicode.Scalar) -> String? {
  switch scalar.value {
  case 0x09: "\\t"
  case 0x0A: "\\n"
  case 0x0D: "\\r"
  case 0x00...0x1F, 0x7F...0x9F,  // controls
    0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,  // these reorder what is around them
    0x200B, 0x2028...0x2029, 0x2060, 0xFEFF:  // these are not seen
    "\\u{\(String(scalar.value, radix: 16))}"
  default: nil
  }
}
