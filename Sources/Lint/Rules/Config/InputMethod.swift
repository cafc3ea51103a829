import Findings
import SourceText
import YAML

/// What an input method leaves behind where YAML wants ASCII: `：`, `“6443”`, full-width and no-break blanks.
enum InputMethod {
  static let rule: Rule = """
    yaml/input-method (error): A full-width character is where YAML wants ASCII
    Checks: That no full-width colon stands behind a key, no curly quotes stand around a value, and no full-width or \
    no-break space stands before a key, behind a colon or at a line's end: in the discovery section, and where a \
    file breaks that is not YAML.
    Why: YAML knows `:`, `"` and the space of ASCII only. A key with `：` is none, and what curly quotes stand around \
    is a text with quotes in it; both look right.
    Example: port：“6443”
    Fix: port: "6443"
    zh: YAML 要求 ASCII 字符，这里却是全角字符
    Checks: 在 discovery 部分，以及在不是合法 YAML 的文件出错之处：键后面不能是全角冒号；值的两边不能是中文引号；键\
    的前面、冒号后面和行尾不能有全角空格或不换行空格。
    Why: YAML 只认 ASCII 的 `:`、`"` 和空格。后面跟着 `：` 的不是键；用中文引号括起来的值，引号也是值的一部分。两者\
    看起来都没问题，多半是输入法没有切换。
    """

  /// Everything of the kind in a file, each line told once.
  static func check(_ file: LintFile) -> [Finding] {
    let text = file.tree.text
    // Nearly every file is ASCII, or has none of these; where a quote is never closed all that follows is text.
    guard !text.isASCII,
      file.error.map({ $0.kind == .syntax && !$0.message.has("end of stream") }) ?? (file.kind == .apisixConfig),
      text.bytes[extent(of: file)].contains(where: { $0 >= 0xC2 })
    else { return [] }
    let section = section(of: file)
    let inside = linesInside(texts: file.tree, section)
    let last = file.error?.position.line
    var depth = 0
    var (findings, kept) = ([Finding](), [Finding]())
    for number in text.lines(extent(of: file)).prefix(while: { $0 <= last ?? .max }) {
      guard !inside.contains(number), let range = text.lineBytes(number) else { continue }
      var line = Line(bytes: text.bytes[range], depth: depth)
      let slips = line.slips()
      depth = line.depth
      // What broke the file stands where it breaks, or in the text right above.
      if let last, slips.allSatisfy(\.isText) {
        if number < last, line.isPair { findings = [] }
        continue
      }
      guard let first = slips.first, section.contains(number) || first.isIndent else { continue }
      let names = Set(slips.map(\.name)).sorted()
      let finding = file.finding(
        rule,
        "\(names.joined(separator: " and ")) \(names.count == 1 && names[0] != "curly quotes" ? "stands" : "stand") "
          + "where YAML wants ASCII", range: first.range.lowerBound..<slips[slips.count - 1].range.upperBound,
        help: "write "
          + slips.map(\.help).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
          .joined(separator: ", "),
        fix: Fix(safe: true, edits: slips.map { file.edit($0.range, $0.text) }))
      // A key in no column that anyone meant breaks a file only where its map ends.
      if first.isIndent, line.isPair { kept.append(finding) } else { findings.append(finding) }
    }
    return kept + findings
  }

  /// The lines that begin inside a text of several: in quotes or a block, and, where not all is told, any.
  private static func linesInside(texts tree: Tree, _ section: ClosedRange<Int>) -> Set<Int> {
    let starts = tree.text.lineStarts
    var lines: Set<Int> = []
    for id in tree.ids where tree[id].isCopied {
      let range = tree[id].range
      var index = starts.firstIndex(sorted: { $0 > range.lowerBound })
      guard tree[id].style != .plain || !section.contains(index) else { continue }
      while index < starts.count, starts[index] < range.upperBound {
        lines.insert(index + 1)
        index += 1
      }
    }
    return lines
  }

  /// Without what only follows: all else that is said of a line, and of the file where its maps come out otherwise.
  static func first(in findings: [Finding]) -> [Finding] {
    let slips = findings.filter { $0.rule == rule }
    if slips.isEmpty { return findings }
    let lines = Set(slips.compactMap { $0.range?.start.line })
    guard slips.allSatisfy({ $0.fix?.edits.allSatisfy { ["\"", ""].contains($0.text) } ?? false }) else { return slips }
    return findings.filter { $0.rule == rule || !lines.contains($0.range?.start.line ?? 0) }
  }

  /// Where the configuration stands, which may be a part of another file.
  private static func extent(of file: LintFile) -> Range<Int> {
    guard file.error == nil, let root = file.root else { return file.tree.text.bytes.indices }
    return file.tree[root].range
  }

  /// The lines of which all is told; of others, which may be text, only what stands before a key.
  private static func section(of file: LintFile) -> ClosedRange<Int> {
    let tree = file.tree
    guard file.error == nil, let root = file.root, let pair = tree.pair("discovery", in: root) else {
      return tree.text.lines(extent(of: file))
    }
    return tree.text.lines(tree[pair.key].range.lowerBound..<tree[pair.value].range.upperBound)
  }
}

/// One line, and what is wrong with it.
struct Line {
  struct Slip {
    let range: Range<Int>
    let name: String
    let text: String
    let help: String
    /// It stands before the line's first letter.
    var isIndent = false
    /// YAML takes it for a text, so that it breaks no file.
    var isText = false
  }

  let bytes: ArraySlice<UInt8>
  /// How many brackets are open where it begins; once its slips are known, where it ends.
  private(set) var depth: Int

  static let colon: [UInt8] = [0xEF, 0xBC, 0x9A]
  private static let wide: [UInt8] = [0xE3, 0x80, 0x80]
  private static let noBreak: [UInt8] = [0xC2, 0xA0]
  /// “ ” ‘ ’ „ ＂
  static let quotes: [[UInt8]] = [
    [0xE2, 0x80, 0x9C], [0xE2, 0x80, 0x9D], [0xE2, 0x80, 0x98], [0xE2, 0x80, 0x99], [0xE2, 0x80, 0x9E],
    [0xEF, 0xBC, 0x82],
  ]

  /// `key: value` or `key:`
  var isPair: Bool {
    let content = bytes[..<comment(from: bytes.startIndex)].trimmed { $0 == 0x20 || $0 == 0x0D }
    return content.last == UInt8(ascii: ":") || String(decoding: content, as: UTF8.self).has(": ")
  }

  /// In their order; none for a line without any.
  mutating func slips() -> [Slip] {
    var found: [Slip] = []
    var index = bytes.startIndex
    // Before the key.
    while index < bytes.endIndex {
      if bytes[index] == 0x20 {
        index += 1
      } else if let blank = blank(at: index) {
        found.append(slip(index..<index + blank.count, blank.count == 3 ? "  " : " ", isIndent: true))
        index += blank.count
      } else {
        break
      }
    }
    let isComment = index < bytes.endIndex && bytes[index] == UInt8(ascii: "#")
    if index == bytes.endIndex || isComment { return [] }
    if depth > 0 { return found + flow(from: index) }
    while bytes[index...].starts(with: "- ".utf8) { index += 2 }
    let key = bytes[index...].prefix { $0.isWord || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    var rest = key.endIndex
    guard !key.isEmpty else { return found + value(from: index) }
    if bytes[rest...].starts(with: Self.colon) {
      let end = rest + 3
      let isLast = bytes[end...].allSatisfy { $0 == 0x20 || $0 == 0x0D }
      // No key, but the scheme of a URL.
      if bytes[end...].starts(with: "//".utf8) {
        return found + [Slip(range: rest..<end, name: "：", text: ":", help: "a colon", isText: true)]
      }
      let hasBlank = end < bytes.endIndex && bytes[end] == 0x20
      found.append(
        Slip(range: rest..<end, name: "：", text: isLast || hasBlank ? ":" : ": ", help: "a colon and a space"))
      rest = end
    } else if rest < bytes.endIndex, bytes[rest] == UInt8(ascii: ":") {
      rest += 1
    } else {
      // A text, in a list or over several lines.
      return found + (index > bytes.startIndex && bytes[index - 1] == 0x20 ? value(from: index) : [])
    }
    while rest < bytes.endIndex {
      if bytes[rest] == 0x20 {
        rest += 1
      } else if let blank = blank(at: rest) {
        // Behind a colon that is mended the blank is there already.
        let isThere =
          bytes[rest - 1] == 0x20 || found.last.map { $0.text == ": " && $0.range.upperBound == rest } ?? false
        found.append(slip(rest..<rest + blank.count, isThere ? "" : " "))
        rest += blank.count
      } else {
        break
      }
    }
    return found + value(from: rest)
  }

  private func blank(at index: Int) -> [UInt8]? {
    [Self.wide, Self.noBreak].first { bytes[index...].starts(with: $0) }
  }

  private func slip(_ range: Range<Int>, _ text: String, isIndent: Bool = false, isText: Bool = false) -> Slip {
    Slip(
      range: range, name: range.count == 3 ? "a full-width space" : "a no-break space", text: text,
      help: "plain spaces", isIndent: isIndent, isText: isText
    )
  }

  /// Where a comment begins behind a value, else the end.
  private func comment(from start: Int) -> Int {
    bytes[start...].indices.first {
      bytes[$0] == UInt8(ascii: "#") && ($0 == bytes.startIndex || bytes[$0 - 1] == 0x20)
    } ?? bytes.endIndex
  }

  private mutating func flow(from start: Int) -> [Slip] {
    let slips = FlowSlips(bytes, from: start, depth: depth)
    depth = slips.depth
    return slips.all
  }

  /// Curly quotes around a value, and a blank at its end.
  private mutating func value(from start: Int) -> [Slip] {
    let isFlow = bytes[start...].first.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } ?? false
    let inside = isFlow ? flow(from: start) : []
    var found: [Slip] = []
    var end = comment(from: start)
    // Behind these no text goes on.
    func isText(_ end: Int) -> Bool { end > start && !"\"']}".utf8.contains(bytes[end - 1]) }
    while end > start {
      if bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0D {
        end -= 1
      } else if bytes[start..<end].suffix(3).elementsEqual(Self.wide) {
        found.append(slip(end - 3..<end, "", isText: isText(end - 3)))
        end -= 3
      } else if bytes[start..<end].suffix(2).elementsEqual(Self.noBreak) {
        found.append(slip(end - 2..<end, "", isText: isText(end - 2)))
        end -= 2
      } else {
        break
      }
    }
    let text = bytes[start..<end]
    guard text.count > 6, let opening = Self.quotes.first(where: { text.starts(with: $0) }),
      Self.quotes.contains(where: { text.suffix($0.count).elementsEqual($0) })
    else { return inside + found.reversed() }
    let inner = text.dropFirst(opening.count).dropLast(3)
    // What has quotes of its own needs a look.
    guard !inner.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
      return found.reversed()
    }
    let isText = !String(decoding: inner, as: UTF8.self).has(": ")
    return [start..<start + 3, end - 3..<end].map {
      Slip(range: $0, name: "curly quotes", text: "\"", help: "straight quotes", isText: isText)
    } + found.reversed()
  }
}
