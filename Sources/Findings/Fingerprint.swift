import SourceText

/// What makes a finding the same finding after lines have moved: its rule, its file, the path of the value and the text
/// of its line. Equal ones are numbered, because GitLab drops what it has seen.
struct Fingerprints {
  private var seen: [String: Int] = [:]

  /// 32 hex digits. A credential in the line is masked before it is hashed.
  mutating func next(for finding: Finding, in report: Report) -> String {
    var parts = [finding.rule.id, finding.file.map(tidyPath) ?? "", finding.path ?? ""]
    if let line = Self.line(of: finding, in: report) {
      parts.append(line)
    } else if finding.path == nil {
      parts.append(finding.message)
    }
    let key = parts.joined(separator: "\u{0}")
    let count = seen[key, default: 0]
    seen[key] = count + 1
    let bytes = Array("\(key)\u{0}\(count)".utf8)
    let seeds: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x9ae1_6a3b_2f90_404f]
    return seeds.map { fnv1a(bytes, seed: $0).digits(radix: 16, width: 16) }.joined()
  }

  private static func line(of finding: Finding, in report: Report) -> String? {
    guard let file = finding.file, let range = finding.range, let source = report.sources[file],
      let bytes = source.text.lineBytes(range.start.line)
    else { return nil }
    let blanks = Array(" \t".utf8)
    // Enough to tell lines apart; a file may be one line of megabytes.
    let head = bytes.lowerBound..<min(bytes.upperBound, bytes.lowerBound + 1000)
    let trimmed = source.masked(head).drop { blanks.contains($0) }
    return String(decoding: trimmed, as: UTF8.self)
  }

  private func fnv1a(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// A path without a leading `./`, as repositories name their files.
func tidyPath(_ path: String) -> String {
  var path = path[...]
  while path.hasPrefix("./") { path = path.dropFirst(2).drop { $0 == "/" } }
  return String(path)
}
