import SourceText

/// Reads a text as tinyyaml does, line by line, with its every oddity: what it takes and libyaml refuses, what it
/// refuses, and what it takes for something else.
struct TinyReader {
  /// A line that is more than a comment.
  struct Line {
    let start, end: Int
    /// Blank lines and comments behind it.
    var blanks = 0
  }

  let text: SourceText
  let version: TinyYAML
  let limits: YAMLLimits
  /// The file, with blanks where a dash was read: what follows it stands where it stood.
  var bytes: [UInt8]
  var lines: ArraySlice<Line> = []
  var nodes: NodeStore
  private var depth = 0

  init(_ text: SourceText, _ version: TinyYAML, _ limits: YAMLLimits) {
    self.text = text
    self.version = version
    self.limits = limits
    bytes = text.bytes
    nodes = NodeStore(for: bytes.count)
    var all: [Line] = []
    var start = 0
    while start <= bytes.count {
      let newline = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let end = newline > start && bytes[newline - 1] == 0x0D ? newline - 1 : newline
      if isEmpty(start..<end) {
        // Those behind the first line are lost.
        if all.count > 1, newline < bytes.count { all[all.count - 1].blanks += 1 }
      } else {
        all.append(Line(start: start, end: end))
      }
      start = newline + 1
    }
    lines = all[...]
  }

  /// The document, or else a list of the documents.
  mutating func document() throws(YAMLError) -> Tree.ID {
    // It knows no UTF-16: what it sees has a byte of nothing beside each letter.
    if text.isUTF16, let line = lines.first { throw fault(.unclassified, line.start..<line.end) }
    if let first = lines.first, isAt(first.start, "%YAML") { lines.removeFirst() }
    var roots: [Tree.ID] = []
    var isExplicit = false
    while let line = lines.first {
      let left = lines.count
      if isAt(line.start, "---") {
        lines.removeFirst()
        isExplicit = true
        let rest = line.start + 3..<line.end
        if rest.isEmpty ? line.blanks == 0 : !(isEmpty(rest) && bytes[rest.lowerBound] != UInt8(ascii: "#")) {
          roots.append(try item(rest, indent: nil))
        }
        continue
      }
      guard isExplicit || roots.isEmpty else { throw fault(.several, line.start..<line.end) }
      let level = indent(of: line)
      roots.append(bytes[line.start + level] == UInt8(ascii: "-") ? try list(0) : try map(level))
      // tinyyaml goes on for ever.
      guard lines.count < left else { throw fault(.several, line.start..<line.end) }
    }
    if roots.count > 1, isNull(roots[0]) { roots.removeFirst() }
    if roots.count == 1 { return roots[0] }
    let all = nodes.append(.blockSequence, 0..<0)
    nodes.close(all, children: roots, from: 0, range: 0..<0)
    return all
  }

  // MARK: - Collections

  private mutating func map(_ indent: Int) throws(YAMLError) -> Tree.ID {
    let start = lines.first.map { $0.start + self.indent(of: $0) } ?? bytes.count
    let id = try open(.blockMapping, at: start)
    depth += 1
    defer { depth -= 1 }
    var children: [Tree.ID] = []
    while let line = lines.first {
      if version == .v044, line.end - line.start == 3, line.blanks < 2, isAt(line.start, "...") {
        lines = []
        break
      }
      guard try stands(line, at: indent) else { break }
      let whole = line.start..<line.end
      guard let (word, rest) = try word(whole), rest < line.end, bytes[rest] == UInt8(ascii: ":") else {
        throw fault(.unclassified, whole)
      }
      children.append(try key(word))
      let value = try behindTag(skipSpace(rest + 1..<line.end), line)
      lines.removeFirst()
      if !isEmpty(value) {
        children.append(try scalar(value, indent: indent))
      } else if let next = lines.first {
        let level = self.indent(of: next)
        switch bytes[next.start + level] {
        case UInt8(ascii: "-"): children.append(try list(level))
        case UInt8(ascii: "?"): children.append(try set(level))
        default: children.append(indent >= level ? null(rest + 1) : try map(level))
        }
      } else {
        children.append(null(rest + 1))
      }
    }
    close(id, children, from: start)
    return id
  }

  /// A tag goes, whatever it says.
  private func behindTag(_ start: Int, _ line: Line) throws(YAMLError) -> Range<Int> {
    guard start < line.end, bytes[start] == UInt8(ascii: "!") else { return start..<line.end }
    let name = skipSpace(min(start + 2, line.end)..<line.end)
    guard name < line.end else { throw fault(.emptyTag, start..<line.end) }
    let end = bytes[name..<line.end].firstIndex(where: isSpace) ?? line.end
    return skipSpace(end..<line.end)..<line.end
  }

  private mutating func list(_ indent: Int) throws(YAMLError) -> Tree.ID {
    let start = lines.first.map { $0.start + self.indent(of: $0) } ?? bytes.count
    let id = try open(.blockSequence, at: start)
    depth += 1
    defer { depth -= 1 }
    var children: [Tree.ID] = []
    while let line = lines.first, try stands(line, at: indent, inList: true), let rest = behind("-", in: line) {
      let isNested = rest < line.end && bytes[rest] == UInt8(ascii: "-")
      let word = bytes[rest..<line.end].prefix { !isSpace($0) && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }
      let isWhole = word.endIndex == line.end
      if word.last == UInt8(ascii: ":"), isWhole || isSpace(bytes[word.endIndex]) {
        blank(line.start..<rest)
        children.append(try map(rest - line.start))
      } else if isNested, rest + 1 < line.end ? isSpace(bytes[rest + 1]) : line.blanks > 0 {
        blank(line.start..<rest)
        children.append(try list(rest - line.start))
      } else if !isEmpty(rest..<line.end) {
        lines.removeFirst()
        children.append(try item(rest..<line.end, indent: version == .v042 ? nil : indent))
      } else {
        lines.removeFirst()
        guard let next = lines.first else {
          children.append(null(rest))
          break
        }
        let level = self.indent(of: next)
        if bytes[next.start + level] != UInt8(ascii: "-") {
          children.append(try map(level))
        } else {
          children.append(level == indent ? null(rest) : try list(level))
        }
      }
    }
    close(id, children, from: start)
    return id
  }

  /// `? key`: a map whose values are true.
  private mutating func set(_ indent: Int) throws(YAMLError) -> Tree.ID {
    let start = lines.first.map { $0.start + self.indent(of: $0) } ?? bytes.count
    let id = try open(.blockMapping, at: start)
    depth += 1
    defer { depth -= 1 }
    var children: [Tree.ID] = []
    while let line = lines.first, try stands(line, at: indent), let rest = behind("?", in: line) {
      let word = bytes[rest..<line.end].prefix { !isSpace($0) && $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }
      if word.contains(UInt8(ascii: ":")) {
        blank(line.start..<rest)
        children.append(try map(rest - line.start))
      } else {
        lines.removeFirst()
        children.append(try scalar(rest..<line.end, indent: nil))
      }
      children.append(nodes.append(scalar: "true", .plain, line.end..<line.end))
    }
    close(id, children, from: start)
    return id
  }

  /// Whether a line belongs to the collection of this indent.
  private func stands(_ line: Line, at indent: Int, inList: Bool = false) throws(YAMLError) -> Bool {
    guard !isAt(line.start, "---") else { throw fault(.secondDocument, line.start..<line.end) }
    let level = self.indent(of: line)
    guard level <= indent else { throw fault(.badIndent, line.start..<line.end, inList: inList) }
    return level == indent
  }

  /// What follows the first mark with a blank behind it, wherever in the line that is.
  private func behind(_ mark: Unicode.Scalar, in line: Line) -> Int? {
    let mark = UInt8(ascii: mark)
    let index = (line.start..<line.end).first {
      bytes[$0] == mark && ($0 + 1 == line.end || isSpace(bytes[$0 + 1]))
    }
    return index.map { skipSpace($0 + 1..<line.end) }
  }

  private func isNull(_ id: Tree.ID) -> Bool {
    let record = nodes.records[id]
    guard record.form == .plain, !record.isLabelled, case .null = TinyScalar(bytes[record.content]) else {
      return false
    }
    return true
  }

  // MARK: - Nodes

  mutating func open(_ form: NodeStore.Form, at start: Int, deeper: Int = 0) throws(YAMLError) -> Tree.ID {
    guard depth + deeper < limits.depth else { throw limit("nested deeper than \(limits.depth) levels", start) }
    guard nodes.records.count < limits.nodes else { throw limit("more than \(limits.nodes) nodes", start) }
    return nodes.append(form, start..<start)
  }

  private mutating func close(_ id: Tree.ID, _ children: [Tree.ID], from start: Int) {
    let end = children.last.map { nodes.records[$0].range.upperBound } ?? start
    nodes.close(id, children: children, from: 0, range: start..<max(start, end))
  }

  func fault(_ fault: TinyFault, _ place: Range<Int>, inList: Bool = false) -> YAMLError {
    let line = fault.quotesLine ? String(decoding: bytes[place], as: UTF8.self) : ""
    return YAMLError(
      kind: .syntax, position: text.position(at: skipSpace(place)), message: fault.text,
      mark: "tinyyaml.lua:\(fault.line(version, inList: inList))", problem: fault.text + line)
  }

  private func limit(_ message: String, _ place: Int) -> YAMLError {
    let position = text.position(at: place)
    return YAMLError(
      kind: .limit, position: position, message: message, mark: "\(position.line):\(position.column)", problem: message)
  }
}

// MARK: - Bytes

extension TinyReader {
  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  func skipSpace(_ range: Range<Int>) -> Int { bytes[range].firstIndex { !isSpace($0) } ?? range.upperBound }

  func skipBlanks(_ range: Range<Int>) -> Int {
    bytes[range].firstIndex { $0 != 0x20 && $0 != 0x09 } ?? range.upperBound
  }

  func trimmedEnd(_ range: Range<Int>) -> Int {
    bytes[range].lastIndex { !isSpace($0) }.map { $0 + 1 } ?? range.lowerBound
  }

  func indent(of line: Line) -> Int { skipSpace(line.start..<line.end) - line.start }

  /// Blank, or a comment.
  func isEmpty(_ range: Range<Int>) -> Bool {
    let start = skipSpace(range)
    return start == range.upperBound || bytes[start] == UInt8(ascii: "#")
  }

  func isAt(_ start: Int, _ word: String) -> Bool { bytes[start...].starts(with: word.utf8) }

  mutating func blank(_ range: Range<Int>) { for index in range { bytes[index] = 0x20 } }
}
