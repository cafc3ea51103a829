import Findings
import SourceText
import YAML

/// Where tinyyaml stops, and how to write it so that it does not.
struct TinySlips {
  private let error: YAMLError
  private let file: LintFile

  init(_ error: YAMLError, in file: LintFile) {
    self.error = error
    self.file = file
  }

  var finding: Finding {
    let offset = error.position.offset
    return file.finding(
      YAMLRules.syntax, "APISIX reads YAML with tinyyaml before 3.10, which stops at this line: \(told)",
      range: offset..<offset, help: help, fix: fix)
  }

  private var told: String { String(error.message.trimmed { " :".contains($0) }) }

  private var number: Int { error.position.line }
  private var line: String { file.tree.text.line(number) ?? "" }
  private var content: String { String(line.trimmed { $0 == " " || $0 == "\r" }) }

  private var help: String? {
    if let key = keyAbove { return "write it behind its key: \(key): \(content)" }
    if error.message.has("ssub") { return "APISIX reads one document; take this --- and what does not belong out" }
    if error.message.has("compare nil") { return "write the item in quotes, on one line" }
    if error.message.has("blockstyle") { return "write | or > alone, with + or - at most, and no comment behind it" }
    if line.has(":\t") { return "write a space behind the colon, not a tab" }
    if content.has("- {") || content.has("- [") {
      return "write the item without brackets, its keys or items in lines of their own behind the dash"
    }
    if content.first == "{" || content.first == "[" { return "write the file in block style; it reads no JSON" }
    if error.message.has("bad indenting") {
      return above.map { $0.text.has(": &") || $0.text.hasPrefix("- &") } ?? false
        ? "it knows no anchors: write the keys out where they are used"
        : "write a value on one line, and what belongs to a map in one column"
    }
    return nil
  }

  /// The key of the line above, where an empty map or list stands on a line of its own.
  private var keyAbove: String? {
    guard content == "{}" || content == "[]", let above = above else { return nil }
    let key = String(above.text.trimmed { " -:".contains($0) })
    return above.text.hasSuffix(":") && !key.isEmpty ? key : nil
  }

  private var above: (text: String, end: Int)? {
    guard number > 1, let range = file.tree.text.lineBytes(number - 1) else { return nil }
    let bytes = file.tree.text.bytes[range].trimmed { $0 == 0x20 || $0 == 0x0D }
    return (String(decoding: bytes, as: UTF8.self), bytes.endIndex)
  }

  private var fix: Fix? {
    guard keyAbove != nil, let above else { return nil }
    return Fix(safe: true, edits: [file.edit(above.end..<error.position.offset, " ")])
  }
}
