import Findings
import Inputs
import Probes
import SourceText

/// Looks through what would be passed on for secrets: those of this run, those of the files, and what looks like one.
struct BundleScan {
  let report: Report
  let known: KnownSecrets
  let credentials: Set<[UInt8]>

  func findings(in members: [Archive.Member]) -> [Finding] {
    members.flatMap { member in
      let text = String(decoding: member.bytes, as: UTF8.self)
      return isClean(text) ? [] : findings(in: member.name, text)
    }
  }

  func isClean(_ text: String) -> Bool {
    report.shown(text) == text && known.hidden(in: text) == text
      && !credentials.contains { !places(of: $0, in: text).isEmpty }
  }

  private func findings(in member: String, _ text: String) -> [Finding] {
    var found: [Finding] = []
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false))
    where !isClean(String(line)) { found.append(BundleRules.found(in: member, line: number, key: key(of: line))) }
    // One that goes over several lines.
    return found.isEmpty ? [BundleRules.found(in: member, line: 1, key: nil)] : found
  }

  private func key(of line: Substring) -> String? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let key = line[..<colon].trimmed { " \t-{[\"'".contains($0) }
    return (1...48).contains(key.utf8.count) && key.utf8.allSatisfy { $0.isWord || $0 == UInt8(ascii: "-") }
      && isClean(String(key)) ? String(key) : nil
  }
}
