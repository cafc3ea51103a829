import Logs
import SourceText
import YAML

/// The slips behind a syntax error: the parser stumbles later than people do.
struct YAMLSlips {
  private let error: YAMLError
  private let text: SourceText

  init(_ error: YAMLError, in file: LintFile) {
    self.error = error
    text = file.tree.text
  }

  /// The cure of the slips that people make most.
  var help: String? {
    let number = text.position(at: error.position.offset).line
    let line = text.line(number) ?? ""
    if let encoding { return encoding }
    let code = line.firstBytes(of: " #").map { String(line[..<$0.lowerBound]) } ?? (line.hasPrefix("#") ? "" : line)
    if let (wide, plain) = Self.fullWidth.first(where: { code.has($0.wide) }) {
      return "write \(plain) in place of \(wide), which an input method left"
    }
    if error.message.has("unknown escape") { return "in double quotes \\ is an escape; use single quotes" }
    if line.has("{"), line.firstBytes(of: "${") != nil {
      return "inside braces put ${…} in quotes: {host: \"${NAME}\"}"
    }
    if line.hasSuffix(","), !line.has("{"), !line.has("[") {
      return "remove the comma at the end of the line; that is JSON's way"
    }
    if line.has("\t") { return "indent with spaces; YAML allows no tabs there" }
    if error.message.has("expected ':'") { return cure(trimmed(text.line(number - 1) ?? ""), number - 1) }
    if error.message.has("mapping values") { return withoutColon(above: number) }
    if error.message.has("expected node content") { return besideDash(number) }
    return nil
  }

  private static let fullWidth: [(wide: String, plain: String)] = [
    (wide: "\u{FF0C}", plain: ","), ("\u{FF1A}", ": "), ("\u{201C}", "\""), ("\u{201D}", "\""), ("\u{3001}", ","),
    ("\u{3010}", "["), ("\u{FF3B}", "["), ("\u{FF5B}", "{"), ("\u{FF5D}", "}"), ("\u{3000}", "a space"),
  ]

  /// What to do about a text that is no UTF-8.
  private var encoding: String? {
    let bytes = text.bytes
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += 1
      } else if index + 1 < bytes.count, (0x81...0xFE).contains(bytes[index]), (0x40...0xFE).contains(bytes[index + 1]),
        bytes[index + 1] != 0x7F
      {
        index += 2
      } else {
        return "the file is not UTF-8; save it as UTF-8"
      }
    }
    return "the file is not UTF-8 but, as it looks, GBK; convert it: iconv -f GBK -t UTF-8 FILE > NEW"
  }

  /// That the text is YAML only once it is filled in, and what to do then; nil where no template is seen in it.
  static func template(_ text: SourceText) -> (what: String, help: String)? {
    text.bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 400).prefix(400).contains(where: BrokenFile.isTemplated)
      ? ("this is a template", "render it first, and check what comes: helm template CHART | gatecheck lint -") : nil
  }

  /// The same of a log, which may be JSON, and so YAML.
  static func log(_ tree: Tree, in file: String) -> (what: String, help: String)? {
    guard LogReading.isLog(tree.text.bytes) else { return nil }
    let isPlain = file.utf8.allSatisfy { $0.isWord || "-./".utf8.contains($0) } && file.utf8.first != 0x2D
    return (
      "this is a log",
      "lint reads configuration; this reads it: gatecheck logs explain \(isPlain ? file : "FILE")"
    )
  }

  /// What the text is, when it was never YAML, and what to do with it.
  static func otherLanguage(_ tree: Tree, in file: String) -> (what: String, help: String)? {
    if let log = log(tree, in: file) { return log }
    let lines = tree.text.bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    guard let first = lines.first.map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
    let word = first.split(separator: " ").first ?? ""
    if ["cat", "curl", "kubectl", "docker", "echo", "helm", "sudo", "$"].contains(word) {
      return ("this is a command", "check what it writes or applies, as a file of its own")
    }
    return FileKind.isOfOtherLanguage(tree, file)
      ? ("this is in another language", "check the YAML that it holds as a file of its own") : nil
  }

  /// A text over several lines in which the parser met a colon: its first line lacks one, or the line with the colon
  /// stands too far to the right.
  private func withoutColon(above number: Int) -> String? {
    var start: String?
    var startLine = number
    var current = number - 1
    while current >= 1, let line = text.line(current) {
      let content = trimmed(line)
      if !content.isEmpty, !content.hasPrefix("#") {
        if let key = key(of: content) {
          return start.flatMap { cure($0, startLine) } ?? tooDeep(number, below: line, key)
        }
        (start, startLine) = (content, current)
      }
      current -= 1
    }
    return start.flatMap { cure($0, startLine) }
  }

  private func cure(_ content: String, _ line: Int) -> String? {
    if content.allSatisfy({ $0 == "." }) { return "remove the \(content) in line \(line)" }
    let words = content.split(separator: " ")
    guard let key = words.first, words.count < 3, key.utf8.count <= 60, key.first != "-",
      key.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
    else { return nil }
    // It may be a piece of a token.
    if key.utf8.count >= 12, key.contains(where: \.isNumber) || key.contains(where: \.isUppercase) {
      return "line \(line) has no colon: write one behind the key" + (words.count == 1 ? "" : ", and a space")
    }
    return "line \(line) has no colon: write \(key):" + (words.count == 1 ? "" : " and a space before the value")
  }

  private func tooDeep(_ number: Int, below line: String, _ key: String) -> String? {
    guard let deep = text.line(number), let place = line.firstBytes(of: key) else { return nil }
    let column = line[..<place.lowerBound].count
    return deep.prefix { $0 == " " }.count > column
      ? "line \(number) stands too far to the right: begin it below \(key), with \(column) spaces" : nil
  }

  /// `name:` in the column of the `-` above it.
  private func besideDash(_ number: Int) -> String? {
    guard let line = text.line(number), number > 1, let above = text.line(number - 1), trimmed(above) == "-",
      above.prefix(while: { $0 == " " }).count == line.prefix(while: { $0 == " " }).count
    else { return nil }
    return "indent line \(number) and those below it by two, so that they belong to the -"
  }

  /// The key of `key: value`, `key:` or `- key: value`.
  private func key(of content: String) -> String? {
    let rest = content.hasPrefix("- ") ? trimmed(String(content.dropFirst(2))) : content
    guard let colon = rest.firstBytes(of: ":") else { return nil }
    let behind = rest[colon.upperBound...]
    guard behind.isEmpty || behind.first == " " else { return nil }
    let key = String(rest[..<colon.lowerBound])
    return key.isEmpty || key.has(" ") ? nil : key
  }

  private func trimmed(_ line: String) -> String {
    String(line.trimmed { $0 == " " || $0 == "\r" })
  }
}
