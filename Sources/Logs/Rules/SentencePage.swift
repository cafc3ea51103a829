import APISIX
public import Findings
import Inputs
import SourceText

extension LogRules {
  /// From an error line to its cause: each sentence with its rule, as Markdown; the pages lie in the folder `log`.
  public static var markdown: String {
    var rows: [String] = []
    for rule in all.sorted(by: { $0.id < $1.id }) {
      let name = rule.id.drop { $0 != "/" }.dropFirst()
      var seen: Set<Sentence> = []
      let sentences = checks.filter { $0.rule == rule }.flatMap(\.sentences).filter { seen.insert($0).inserted }
      let said = sentences.map { "`\($0.rawValue.escaped(["|": "\\|"]))`" }.joined(separator: "<br>")
      rows.append("| [\(rule.id)](log/\(name).md) | \(rule.severity.rawValue) | \(said.isEmpty ? "any other" : said) |")
    }
    return """
      # From an error line to its cause

      Every sentence of error.log, and of what `apisix start` prints, that gatecheck knows, by the rule that tells its
      cause. Where one sentence stands at several rules, what fills its blanks decides. `gatecheck logs explain FILE`
      does it for a whole log, and with `explain` one line finds its rule.

      | rule | severity | sentences |
      |---|---|---|

      """ + rows.map { $0 + "\n" }.joined()
  }
}

extension LogRules {
  /// The rule of a line as it was pasted; nil where it is none of a log, or of nothing that a rule tells.
  public static func rule(ofLine line: String) -> Rule? {
    guard line.has(" ") else { return nil }
    var reading = LogReading()
    do throws(FileError) { try reading.read(ByteStream(Array(line.utf8), name: "line"), named: "line") } catch {
      return nil
    }
    let groups = reading.groups
    let causes = LogChain(groups).causes
    return groups.indices.min { groups[$0].rank(isTop: causes[$0] == nil) < groups[$1].rank(isTop: causes[$1] == nil) }
      .map { groups[$0].explanation.rule }
  }
}
