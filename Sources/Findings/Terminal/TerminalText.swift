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

/// The same, with line breaks left: for what is shown to people, by a terminal or by a viewer of a document.
public func viewerSafe(_ text: String) -> String { terminalSafeLines(text).joined(separator: "\n") }

/// What stands for a scalar that a terminal must not see; nil for all others.
func terminalEscape(_ scalar: Unicode.Scalar) -> String? {
  switch scalar.value {
  case 0x09: "\\t"
  case 0x0A: "\\n"
  case 0x0D: "\\r"
  default: scalar.isHiding ? "\\u{\(String(scalar.value, radix: 16))}" : nil
  }
}
