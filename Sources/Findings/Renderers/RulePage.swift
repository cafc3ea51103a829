import SourceText

/// The page of a rule: for the terminal, and as Markdown for docs/rules/ and SARIF's help. Both show the same text.
extension Rule {
  /// For `gatecheck explain`; lines of prose broken at `width` columns.
  public func page(color: Bool = false, width: Int = 80) -> String {
    let style = Style(isOn: color)
    var parts = ["\(style(.bold, id)) (\(style(severity.ink, severity.rawValue)))", wrapped(summary, width: width)]
    for section in sections {
      let bodies = section.blocks.map { $0.isCode ? indented($0.text) : wrapped($0.text, width: width) }
      parts.append(style(.bold, section.title) + "\n" + bodies.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// docs/rules/AREA/NAME.md.
  public var markdown: String {
    var parts = ["# \(id)", summary, "Severity: \(severity.rawValue)"]
    for section in sections {
      let bodies = section.blocks.map { $0.isCode ? fenced($0.text) : $0.text }
      parts.append("## \(section.title)\n\n\(bodies.joined(separator: "\n\n"))")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Where the Markdown page lies below docs/rules.
  public var pagePath: String { id + ".md" }

  private struct Section {
    let title: String
    let blocks: [PageBlock]
  }

  private var sections: [Section] {
    let titles = language.headings
    var sections = [
      Section(title: titles.checks, blocks: [PageBlock(text: trimmed(checks))]),
      Section(title: titles.why, blocks: [PageBlock(text: trimmed(why))]),
      Section(title: titles.example, blocks: [PageBlock(text: trimmed(example), isCode: true)]),
      Section(title: titles.fix, blocks: PageBlock.all(in: trimmed(fix))),
    ]
    if let since { sections.append(Section(title: titles.since, blocks: [PageBlock(text: "APISIX \(since)")])) }
    return sections
  }
}

extension Catalogue {
  /// docs/rules/README.md: all rules, by area.
  public var markdownIndex: String {
    var parts = ["# Rules", "Every rule has a page, which `gatecheck explain RULE` shows as well."]
    for area in areas {
      let rows = area.rules.map { rule in
        "| [\(rule.id)](\(rule.pagePath)) | \(rule.severity.rawValue) | \(cell(rule.summary)) |"
      }
      parts.append("## \(area.prefix.dropLast())")
      parts.append((["| rule | severity | what is wrong |", "|---|---|---|"] + rows).joined(separator: "\n"))
    }
    if !retired.isEmpty {
      parts.append("## Retired\n\nThese ids are not used again: \(retired.map { "`\($0)`" }.joined(separator: ", ")).")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Every page with its path below docs/rules, the index first.
  public var pages: [(path: String, text: String)] {
    [("README.md", markdownIndex)] + rules.map { ($0.pagePath, $0.markdown) }
  }
}

/// A bar would end the cell of a table.
private func cell(_ text: String) -> String { text.escaped(["|": "\\|", "\n": " "]) }

private func trimmed(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .trimmed { $0.allSatisfy(\.isWhitespace) }.joined(separator: "\n")
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
}

/// A fence longer than any in the text.
private func fenced(_ text: String) -> String {
  var longest = 0
  var run = 0
  for byte in text.utf8 {
    run = byte == UInt8(ascii: "`") ? run + 1 : 0
    longest = max(longest, run)
  }
  let fence = String(repeating: "`", count: max(3, longest + 1))
  return "\(fence)\n\(text)\n\(fence)"
}

/// Breaks paragraphs at `width` columns. Lists, tables, code and indented lines stay as they are.
private func wrapped(_ text: String, width: Int) -> String {
  var result: [String] = []
  var paragraph: [Substring] = []
  var inFence = false
  func flush() {
    if !paragraph.isEmpty { result += fill(paragraph.flatMap { $0.split(separator: " ") }, width: width) }
    paragraph = []
  }
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    let isFence = line.hasPrefix("```")
    if isFence || inFence || line.isEmpty || line.hasPrefix(" ") || line.hasPrefix("- ") || line.hasPrefix("|") {
      flush()
      result.append(String(line))
      if isFence { inFence.toggle() }
    } else {
      paragraph.append(line)
    }
  }
  flush()
  return result.joined(separator: "\n")
}
