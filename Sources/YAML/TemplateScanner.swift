import Glibc
import SourceText

/// Finds templates, and makes the text that is parsed in their place.
struct TemplateScanner {
  let bytes: [UInt8]
  let variables: Templates.Variables
  private(set) var parts: [Templates.Part] = []
  private(set) var neutral: [UInt8]
  /// The last byte so far that is no blank, of those before `passed`; and what stands below, once it was looked for.
  private var lastText: Int?
  private var passed = 0
  private var textBelow = (line: 0, column: 0)
  /// `if` and its like, `else` and `end` on lines of their own, by the number of their part.
  private var controls: [(part: Int, word: Control)] = []

  private enum Control { case open, other, close }

  init(_ bytes: [UInt8], variables: Templates.Variables) {
    self.bytes = bytes
    self.variables = variables
    neutral = []
  }

  /// Whether there are any.
  mutating func run() -> Bool {
    guard variables != .none || Self.mayHold(bytes) else { return false }
    find()
    joinBranches()
    guard !parts.isEmpty else { return false }
    neutral = bytes
    var index = 0
    while index < parts.count { index = settle(from: index) }
    leaveOutOthers()
    return true
  }

  private static func mayHold(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      has("{", before: "{%#", in: bytes) || has("<", before: "%", in: bytes)
    }
  }

  private static func has(
    _ sign: Unicode.Scalar, before next: String, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard var place = bytes.baseAddress else { return false }
    let end = place + bytes.count
    while let found = memchr(place, Int32(sign.value), end - place) {
      place = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
      if place < end, next.utf8.contains(place.pointee) { return true }
    }
    return false
  }

  private mutating func find() {
    var isComment = false
    var lineStart = true
    var index = 0
    while index + 1 < bytes.count {
      let byte = bytes[index]
      if byte == 0x0A || byte == 0x0D {
        (lineStart, isComment) = (true, false)
      } else if lineStart, byte != 0x20, byte != 0x09 {
        (lineStart, isComment) = (false, byte == UInt8(ascii: "#"))
      }
      if variables != .none, !isComment, let end = endOfVariable(index) {
        parts.append(Templates.Part(range: index..<end, role: .gap))
        index = end
      } else if !isComment, byte == UInt8(ascii: "{") || byte == UInt8(ascii: "<"), let end = end(of: index) {
        parts.append(Templates.Part(range: index..<end, role: role(index..<end)))
        index = end
      } else {
        index += 1
      }
    }
  }

  /// `{{ if … }}A{{ else }}B{{ end }}` on one line gives one text that is not known.
  private mutating func joinBranches() {
    var joined: [Templates.Part] = []
    var open: [Int] = []
    var line = 0..<0
    for part in parts {
      let start = part.range.lowerBound
      if start >= line.upperBound {
        let before = bytes[line.upperBound..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? line.lowerBound
        line = before..<(bytes[start...].firstIndex(of: 0x0A) ?? bytes.count)
      }
      let word = part.role == .silent ? word(part.range).word : ""
      joined.append(part)
      if Self.opening.contains(word) { open.append(joined.count - 1) }
      guard Self.closing.contains(word), let first = open.popLast() else { continue }
      let range = joined[first].range.lowerBound..<part.range.upperBound
      guard line.contains(range.lowerBound), range.upperBound <= line.upperBound else { continue }
      joined.replaceSubrange(first..., with: [Templates.Part(range: range, role: .gap)])
    }
    parts = joined
  }

  /// The first word of a template, and what leads to it.
  private func word(_ range: Range<Int>) -> (sign: ArraySlice<UInt8>, word: String, rest: ArraySlice<UInt8>) {
    let inner = bytes[range].dropFirst(2).dropLast(2)
    let sign = inner.prefix { "-+~=#".utf8.contains($0) }
    let rest = inner[sign.endIndex...].drop(while: \.isSpace)
    return (sign, String(decoding: rest.prefix(while: \.isWord), as: UTF8.self), rest)
  }

  private func role(_ range: Range<Int>) -> Templates.Role {
    let (sign, word, rest) = word(range)
    let isControl = Self.opening.contains(word) || Self.other.contains(word) || Self.closing.contains(word)
    switch (bytes[range.lowerBound], bytes[range.lowerBound + 1]) {
    case (UInt8(ascii: "<"), _):
      return sign.contains(UInt8(ascii: "=")) || (!sign.isEmpty && !isControl) ? .gap : .silent
    case (_, UInt8(ascii: "{")):
      let isAssigned =
        rest.first == UInt8(ascii: "$")
        && rest.dropFirst().drop { $0.isWord || $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == UInt8(ascii: "$") }
          .first.map { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=") } ?? false
      return isControl || isAssigned || rest.starts(with: "/*".utf8) ? .silent : .gap
    default: return word == "include" ? .gap : .silent
    }
  }

  private static let opening: Set = ["if", "with", "range", "define", "block", "for", "unless", "case", "while"]
  private static let other: Set = ["else", "elif", "elsif", "elseif"]
  private static let closing: Set = ["end", "endif", "endfor"]

  /// Writes what is parsed in the place of the templates of a line.
  /// - Returns: the number of the first part behind them.
  private mutating func settle(from first: Int) -> Int {
    let start = lineStart(parts[first].range.lowerBound)
    var end = lineEnd(parts[first].range.upperBound)
    var last = first
    while last + 1 < parts.count, parts[last + 1].range.lowerBound < end {
      last += 1
      if parts[last].range.upperBound > end { end = lineEnd(parts[last].range.upperBound) }
    }
    for index in first...last { blank(parts[index].range) }
    let left = neutral[start..<end]
    let isAlone = left.allSatisfy(\.isSpace)
    let indent = left.prefix { $0 == 0x20 || $0 == UInt8(ascii: "-") }.count
    let leads = left.trimmed.last == UInt8(ascii: ":")
    if isAlone {
      let above = lineAbove(start)
      let isOwned = above.last == UInt8(ascii: ":")
      // Blanks there would move the whole block to the right.
      if above.opensBlock, let below = nextLine(end), below.first == 0x20,
        below.prefix(while: { $0 == 0x20 }).count <= parts[first].range.lowerBound - start
      {
        word(over: parts[first].range)
        neutral[parts[first].range.lowerBound] = UInt8(ascii: "#")
      } else if endsBlock(parts[first].range.lowerBound - start, from: start, to: end) {
        word(over: parts[first].range)
        neutral[parts[first].range.lowerBound] = UInt8(ascii: "#")
      }
      for index in first...last {
        parts[index].column = column(of: parts[index], from: start)
        if parts[index].role == .gap, isOwned { parts[index].role = .ownedGap }
      }
      if last == first, parts[first].role == .silent { note(first) }
    } else if leads, isDeeper(end, than: indent) {
      for index in first...last where !isRemark(parts[index].range) {
        parts[index].role = .ownedGap
        parts[index].column = indent + 1
      }
    } else {
      var tail: Int? = end
      for index in (first...last).reversed() {
        // What is only said leaves nothing at the end of a line.
        let range = parts[index].range
        tail = tail.flatMap {
          isRemark(range) && neutral[range.upperBound..<$0].allSatisfy(\.isSpace) ? range.lowerBound : nil
        }
        if tail != nil { continue }
        parts[index].role = .inline
        word(over: range)
      }
    }
    return last + 1
  }

  /// Whether it is `{{/* … */}}` or `{# … #}`.
  private func isRemark(_ range: Range<Int>) -> Bool {
    bytes[range].starts(with: "{#".utf8)
      || (bytes[range].starts(with: "{{".utf8) && word(range).rest.starts(with: "/*".utf8))
  }

  /// Whether what stands on a line is left of the text above it, and nothing below belongs to that text: blanks there
  /// would be a part of it.
  private mutating func endsBlock(_ column: Int, from start: Int, to end: Int) -> Bool {
    if let last = neutral[passed..<start].lastIndex(where: { !$0.isSpace }) { lastText = last }
    passed = start
    guard let lastText, neutral[lineStart(lastText)...].prefix(while: { $0 == 0x20 }).count > column else {
      return false
    }
    if textBelow.line <= end { textBelow = text(below: end) }
    return textBelow.column <= column
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range where neutral[index] != 0x0A && neutral[index] != 0x0D { neutral[index] = 0x20 }
  }

  /// A word as long as the first line of the template.
  private mutating func word(over range: Range<Int>) {
    for index in range {
      if neutral[index] == 0x0A || neutral[index] == 0x0D { break }
      neutral[index] = UInt8(ascii: "x")
    }
  }

  /// The column at which the lines of a gap will stand.
  private func column(of part: Templates.Part, from start: Int) -> Int {
    let words = bytes[part.range].split { !$0.isWord }
    let mark = words.lastIndex { $0.elementsEqual("nindent".utf8) || $0.elementsEqual("indent".utf8) }
    let given = mark.flatMap { $0 + 1 < words.count ? Int(String(decoding: words[$0 + 1], as: UTF8.self)) : nil }
    return given ?? part.range.lowerBound - start
  }

  private mutating func note(_ part: Int) {
    let (_, word, rest) = word(parts[part].range)
    if Self.closing.contains(word) {
      controls.append((part, .close))
    } else if Self.other.contains(word) {
      controls.append((part, .other))
    } else if Self.opening.contains(word)
      || (bytes[parts[part].range.lowerBound] == UInt8(ascii: "<") && rest.opensLoop)
    {
      controls.append((part, .open))
    }
  }

  /// Of several branches the first is read: the others stand in its place, not beside it.
  private mutating func leaveOutOthers() {
    var open: [Int?] = []
    var left: [Range<Int>] = []
    for (part, word) in controls {
      switch word {
      case .open: open.append(nil)
      case .other: if let last = open.indices.last, open[last] == nil { open[last] = part }
      case .close:
        guard let branch = open.popLast(), let branch else { continue }
        left.append(parts[branch].range.lowerBound..<parts[part].range.lowerBound)
      }
    }
    guard !left.isEmpty else { return }
    var kept: [Templates.Part] = []
    var rest = left.sorted { $0.lowerBound < $1.lowerBound }[...]
    for part in parts {
      if let last = kept.last, last.range.contains(part.range.lowerBound) { continue }
      // One that stands inside another was passed with it.
      rest = rest.drop { $0.lowerBound < part.range.lowerBound }
      if let range = rest.first, range.lowerBound == part.range.lowerBound {
        blank(range)
        kept.append(Templates.Part(range: range, role: .gap, column: .max))
      } else {
        kept.append(part)
      }
    }
    parts = kept
  }
}
