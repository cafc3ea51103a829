public import JSON
import SourceText

extension Catalogue {
  /// For people: a rule a line; two where one of them would be wider than the terminal.
  /// - Parameter columns: of the terminal; nil where there is none.
  public static func lines(of rules: [Rule], columns: Int? = nil) -> String {
    let width = rules.map(\.id.count).max() ?? 0
    let lines = rules.map { rule in
      let (id, severity) = (rule.id, rule.severity.rawValue)
      return id + String(repeating: " ", count: width - id.count + 2) + severity
        + String(repeating: " ", count: 9 - severity.count) + rule.summary
    }
    guard let columns, lines.contains(where: { displayWidth($0) > columns }) else {
      return lines.map { $0 + "\n" }.joined()
    }
    return rules.map { rule in
      "\(rule.id) (\(rule.severity.rawValue))\n"
        + fill(rule.summary.split(separator: " "), width: columns - 2).map { "  \($0)\n" }.joined()
    }.joined()
  }

  /// For editors and scripts: the rules with their pages.
  /// - Parameter version: gatecheck's own.
  public static func json(of rules: [Rule], version: String) -> JSONValue {
    [
      "schemaVersion": 1, "gatecheck": .string(version), "command": "rules",
      "rules": .array(
        rules.map { rule in
          .object([
            "id": .string(rule.id), "severity": .string(rule.severity.rawValue), "summary": .string(rule.summary),
            "checks": .string(rule.checks), "why": .string(rule.why), "example": .string(rule.example),
            "fix": .string(rule.fix), "since": rule.since.map { .string($0) },
          ])
        }),
    ]
  }

  /// The rules whose pages speak of a text, such as a line of a log or a word of it: the nearest first.
  /// - Parameter limit: how many at most.
  /// - Returns: the rules, and the words that no page has.
  public func search(_ text: String, limit: Int = 10) -> (rules: [Rule], missing: [String]) {
    // No page holds a longer text as a whole.
    let wanted = text.prefix(400).lowercased()
    guard wanted.utf8.count > 2 else { return ([], []) }
    // A line of a log has fewer; each word is looked for in every page.
    let words = wanted.split(maxSplits: 64) { !$0.isLetter && !$0.isNumber && !"_-".contains($0) }.prefix(64)
    let pieces = words.flatMap(runs(of:)).map { (text: String($0), terms: terms(of: $0).map { String($0) }) }
    let languages = wanted.utf8.allSatisfy { $0 < 0x80 } ? [.english] : Language.allCases
    let pages = rules.map { rule in
      let said = languages.map { rule.translated(to: $0) }
      let texts = said.flatMap { [$0.checks, $0.why, $0.example, $0.fix] }
      return [rule.id, said.map(\.summary).joined(separator: "\n"), texts.joined(separator: "\n")]
        .map { $0.lowercased() }
    }
    var scores = [Int](repeating: 0, count: rules.count)
    var parts = Set(pieces.flatMap(\.terms))
    var missing = parts
    parts.insert(wanted)
    for part in parts {
      // In its id a page says what it is about; and a word that few pages have tells more than one of many.
      let hits = pages.map { page in
        [8, 2, 1].enumerated().reduce(0) { $0 + (page[$1.offset].has(part) ? $1.element : 0) }
      }
      let count = hits.count { $0 > 0 }
      guard count > 0 else { continue }
      missing.remove(part)
      for index in hits.indices { scores[index] += hits[index] * (rules.count * 4 / count) }
    }
    let best = scores.max() ?? 0
    // The example of a page about a log is a line of it: what has the text as it was pasted comes first.
    if words.count > 1 {
      for index in rules.indices where rules[index].example.lowercased().has(wanted) { scores[index] += best }
    }
    let ranked = scores.indices.filter { scores[$0] > 0 && scores[$0] * 12 >= best }
    let found = ranked.sorted { (-scores[$0], rules[$0].id) < (-scores[$1], rules[$1].id) }.prefix(limit)
    var told: Set<String> = []
    let strange = pieces.filter {
      !$0.terms.isEmpty && missing.isSuperset(of: $0.terms) && told.insert($0.text).inserted
    }
    return (found.map { rules[$0] }, strange.map(\.text))
  }
}

/// A word, parted where Chinese begins and ends.
private func runs(of word: Substring) -> [Substring] {
  var runs: [Substring] = []
  var rest = word
  while let first = rest.first {
    let isWide = displayWidth(first) == 2
    let run = rest.prefix { (displayWidth($0) == 2) == isWide }
    rest = rest[run.endIndex...]
    runs.append(run)
  }
  return runs
}

/// What is looked for of a word; of Chinese, which has no blanks between words, each two letters that stand together.
private func terms(of run: Substring) -> [Substring] {
  if run.first.map({ displayWidth($0) == 2 }) ?? false {
    return zip(run.indices, run.indices.dropFirst()).map { run[$0...$1] }
  }
  return run.count > 2 ? [run] : []
}
