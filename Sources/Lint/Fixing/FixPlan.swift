public import Findings
public import SourceText
import YAML

/// What the fixes of one file's findings make of its bytes.
public struct FixPlan: Sendable {
  /// The file with the fixes in it.
  public private(set) var bytes: [UInt8]
  /// The edits that were made, in order; for a renderer that shows the change.
  public private(set) var edits: [TextEdit] = []
  /// The findings that were mended, in the order given.
  public let applied: [Finding]
  /// The findings whose fix has to wait, because it touches the same bytes as another: they are found again, and
  /// mended, in the next round.
  public let waiting: [Finding]
  /// The findings whose fix would make the file worse.
  public let refused: [Finding]

  public var changes: Bool { !edits.isEmpty }
}

extension FixPlan {
  /// Chooses and applies fixes. A fix is made whole or not at all; of two that touch the same bytes the one that starts
  /// first is made; two that are the same are made once.
  /// - Parameters:
  ///   - findings: those of this one file.
  ///   - bytes: what the findings were made from.
  ///   - unsafe: whether fixes that want a second look are made too.
  ///   - trial: judges what comes of them; without one the file has to stay YAML.
  public init(_ findings: [Finding], in bytes: [UInt8], unsafe: Bool = false, trial: FixTrial? = nil) {
    let candidates = findings.indices.filter { index in
      guard let fix = findings[index].fix else { return false }
      return (fix.safe || unsafe) && !fix.edits.isEmpty
    }
    let ordered = candidates.sorted { left, right in
      (Self.start(findings[left]), left) < (Self.start(findings[right]), right)
    }
    let trial = trial ?? FixTrial(bytes)
    var chosen = Chosen()
    var (made, spoilt): (Set<Int>, Set<Int>) = ([], [])
    self.bytes = bytes
    // All at once, as a rule. Where that spoils the file, by halves, to leave out only the fix that does.
    var parts = [ordered[...]]
    var tries = Self.tries(bytes.count)
    while let part = parts.popLast() {
      var with = chosen
      let added = part.filter { index in
        findings[index].fix.map { with.add($0.edits, fileSize: bytes.count) } ?? false
      }
      guard !added.isEmpty else { continue }
      guard tries > 0 else {
        spoilt.formUnion(added)
        continue
      }
      tries -= 1
      let attempt = TextEdit.apply(with.edits, to: bytes)
      let mended = made.union(added).map { findings[$0] }
      if trial.allows(attempt.bytes, attempt.applied, mending: mended, unsafe: unsafe) {
        chosen = with
        made.formUnion(added)
        (self.bytes, edits) = attempt
      } else if part.count > 1 {
        let middle = part.startIndex + part.count / 2
        parts += [part[middle...], part[..<middle]]
      } else {
        spoilt.formUnion(added)
      }
    }
    applied = findings.indices.filter(made.contains).map { findings[$0] }
    waiting = candidates.filter { !made.contains($0) && !spoilt.contains($0) }.map { findings[$0] }
    refused = candidates.filter(spoilt.contains).map { findings[$0] }
  }

  /// Each try reads the whole file again. Of what is left of a large one none is made.
  private static func tries(_ size: Int) -> Int { min(max(8, (1 << 20) / max(size, 1)), 64) }

  private static func start(_ finding: Finding) -> Int { finding.fix?.edits.map(\.offset).min() ?? 0 }
}

/// Edits that do not touch each other, in order of offset.
private struct Chosen {
  private(set) var edits: [TextEdit] = []

  /// Adds all edits of a fix, or none.
  mutating func add(_ fix: [TextEdit], fileSize: Int) -> Bool {
    var added: [TextEdit] = []
    for edit in fix {
      let index = firstIndex(notBefore: edit.offset)
      // Two findings may ask for the same change.
      if index < edits.count, edits[index] == edit { continue }
      guard fits(edit, at: index, fileSize: fileSize) else {
        for edit in added { edits.remove(at: firstIndex(notBefore: edit.offset)) }
        return false
      }
      edits.insert(edit, at: index)
      added.append(edit)
    }
    return true
  }

  private func fits(_ edit: TextEdit, at index: Int, fileSize: Int) -> Bool {
    let (end, overflow) = edit.offset.addingReportingOverflow(edit.length)
    guard edit.offset >= 0, edit.length >= 0, !overflow, end <= fileSize else { return false }
    if index < edits.count, edits[index].offset < end || edits[index].offset == edit.offset { return false }
    return index == 0 || edits[index - 1].offset + edits[index - 1].length <= edit.offset
  }

  /// No two edits start at the same place.
  private func firstIndex(notBefore offset: Int) -> Int {
    edits.firstIndex(sorted: { $0.offset >= offset })
  }
}
