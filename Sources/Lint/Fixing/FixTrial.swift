import APISIX
import Findings
import JSON
import Parallel
import SourceText
import YAML

/// A file as it is, beside which is judged what fixes make of it: none is offered, or made, for which the file is the
/// worse.
public struct FixTrial: Sendable {
  /// What lint makes of a text.
  struct State: Sendable {
    let read: Linter.Read
    let findings: [Finding]
  }

  /// What a file is to YAML and to APISIX.
  struct Evidence: Sendable {
    /// The file and those that stand in it.
    let written: [LintFile]
    /// One of them cannot be read.
    let isBroken: Bool
    /// Whether APISIX takes each config.yaml among them.
    let accepts: [Bool?]

    init(_ written: [LintFile], read: [LintFile], _ configs: [ConfigContext]) {
      self.written = written
      isBroken = (written + read).contains { $0.error != nil } || configs.contains { $0.verdict.stage == .yaml }
      accepts = configs.map(\.verdict.accepts)
    }
  }

  private let bytes: [UInt8]
  private let state: State?
  /// How often each thing is said.
  private let said: [Said: Int]
  private let isJSON: Bool
  /// A diff cannot show bytes that are none of UTF-8.
  private let isText: Bool
  private let look: @Sendable ([UInt8]) -> State?

  /// - Parameters:
  ///   - bytes: the file.
  ///   - state: what lint makes of it.
  ///   - look: what it makes of another text in its place.
  init(_ bytes: [UInt8], _ state: State, look: @escaping @Sendable ([UInt8]) -> State?) {
    self.bytes = bytes
    self.state = state
    self.look = look
    said = Self.said(state.findings)
    isJSON = Self.isJSON(bytes)
    isText = String(validating: bytes, as: UTF8.self) != nil
  }

  /// Only the text itself is judged: YAML stays YAML, and no document is lost.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    state = nil
    look = { _ in nil }
    said = [:]
    isJSON = Self.isJSON(bytes)
    isText = String(validating: bytes, as: UTF8.self) != nil
  }

  /// Whether a file is none the worse for some fixes: it is read as before and means the same but where it was mended;
  /// what was to be mended is; APISIX takes what it took. With fixes that are all safe there is no new error.
  /// - Parameters:
  ///   - edits: in order.
  ///   - mended: the findings whose fixes they are.
  ///   - unsafe: whether fixes that want a second look are among them.
  func allows(_ bytes: [UInt8], _ edits: [TextEdit], mending mended: [Finding], unsafe: Bool) -> Bool {
    guard isText, !isJSON || Self.isJSON(bytes) else { return false }
    guard let state else { return isYAML(bytes) }
    guard let after = look(bytes), after.read.file.kind == state.read.file.kind,
      let old = state.read.evidence, let new = after.read.evidence, old.isBroken || !new.isBroken
    else { return false }
    let now = Self.said(after.findings)
    let gone = Self.said(mended).allSatisfy { now[$0.key] ?? 0 <= (said[$0.key] ?? 0) - $0.value }
    guard gone, isTaken(old.accepts, new.accepts, unsafe: unsafe) else { return false }
    // What was not read before has more to say now.
    if old.isBroken { return isYAML(bytes) && (unsafe || !new.isBroken || isOnTheWay(after, bytes)) }
    guard old.written.count == new.written.count else { return false }
    let places = EditedPlaces(edits)
    var least = Severity.error
    for (old, new) in zip(old.written, new.written) {
      switch changes(old, new, places) {
      case .here: break
      // One fix for two places that are both judged.
      case .section where !unsafe: least = .warning
      case .section, .elsewhere: return false
      }
    }
    // APISIX tells one mistake of a kind at a time: the next may show in the place of the one that was mended.
    let isNext = { (new: Said) in
      least == .error && mended.contains { $0.rule.id == new.rule }
        && now.count(of: new.rule) <= self.said.count(of: new.rule)
    }
    return unsafe
      || now.allSatisfy { new in
        // A key that is there twice is dropped, whatever it is called.
        let isWorse = new.key.severity >= least || new.key.rule == YAMLRules.duplicateKey.id
        return !isWorse || new.value <= said[new.key] ?? 0 || isNext(new.key)
      }
  }

  /// Whether a file that is broken in several places can be read once the safe fixes of the others are made.
  private func isOnTheWay(_ state: State, _ bytes: [UInt8]) -> Bool {
    var (state, bytes) = (state, bytes)
    for _ in 0..<Self.mostFaults {
      let fixes = state.findings.lazy.compactMap(\.fix).filter { $0.safe }
      guard let fix = fixes.first else { return false }
      let (next, applied) = TextEdit.apply(fix.edits, to: bytes)
      guard !applied.isEmpty, next != bytes, let after = look(next), let read = after.read.evidence else {
        return false
      }
      if !read.isBroken { return true }
      (state, bytes) = (after, next)
    }
    return false
  }

  /// That are followed in one file.
  private static let mostFaults = 8

  private func isTaken(_ old: [Bool?], _ new: [Bool?], unsafe: Bool) -> Bool {
    // A chart may only now have a configuration.
    guard old.count == new.count else { return new.count { $0 == false } <= old.count { $0 == false } }
    return zip(old, new).allSatisfy { old, new in unsafe ? old == false || new != false : rank(old) <= rank(new) }
  }

  private func rank(_ accepts: Bool?) -> Int { accepts.map { $0 ? 2 : 0 } ?? 1 }

  private func isYAML(_ bytes: [UInt8]) -> Bool {
    let (before, after) = (Tree.unrendered(self.bytes), Tree.unrendered(bytes))
    return (after.error == nil || before.error != nil)
      && after.tree.documents.count >= before.tree.documents.count
  }

  /// Where a file means something else: where it was edited, also where an alias stands in the same section, or
  /// anywhere.
  private enum Reach { case here, section, elsewhere }

  private func changes(_ old: LintFile, _ new: LintFile, _ places: EditedPlaces) -> Reach {
    func outer(_ file: LintFile, _ range: Range<Int>) -> Range<Int> {
      if file.host == nil { return range }
      let place = file.place(range)
      return place.start.offset..<max(place.start.offset, place.end.offset)
    }
    let isEdited = { EditedPlaces.touch(places.before, outer(old, $0)) }
    let isSame = old.tree.isSame(as: new.tree, but: isEdited) { EditedPlaces.touch(places.after, outer(new, $0)) }
    let aliases = old.tree.aliases(of: isEdited)
    if !isSame { return .elsewhere }
    if aliases.isEmpty { return .here }
    let isOne = aliases.allSatisfy { old.tree.section(of: $0.alias)?.key == old.tree.section(of: $0.target)?.key }
    return isOne && old.kind == .apisixConfig ? .section : .elsewhere
  }

  private static func isJSON(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first(where: { !$0.isSpace }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    return (try? JSONValue.parse(bytes)) != nil
  }

  /// One thing that is said, however often, in whatever words.
  struct Said: Hashable {
    let rule: String
    let subject: String
    let severity: Severity
  }

  static func said(_ findings: [Finding]) -> [Said: Int] {
    findings.reduce(into: [:]) { counts, finding in
      let subject = finding.path ?? finding.message
      counts[Said(rule: finding.rule.id, subject: subject, severity: finding.severity), default: 0] += 1
    }
  }
}

extension [FixTrial.Said: Int] {
  /// How often a rule is broken.
  fileprivate func count(of rule: String) -> Int { reduce(0) { $0 + ($1.key.rule == rule ? $1.value : 0) } }
}

extension FixTrial {
  /// The findings with the fixes that are offered: of those that a trial refuses some are left as unsafe ones.
  /// - Parameter isWanted: whether a finding's fix may be asked for.
  func offered(_ findings: [Finding], isWanted: (Finding) -> Bool) -> [Finding] {
    var fixes: [ObjectIdentifier: Fix] = [:]
    var open = findings.filter { $0.fix?.safe ?? false && isWanted($0) }
    var refused: [Finding] = []
    for unsafe in [false, true] {
      if unsafe { open = refused + findings.filter { !($0.fix?.safe ?? true) && isWanted($0) } }
      // Those that wait for another have their own trial.
      for _ in 0..<Self.mostTurns where !open.isEmpty {
        let plan = FixPlan(open, in: bytes, unsafe: unsafe, trial: self)
        for finding in plan.applied { fixes[ObjectIdentifier(finding)] = finding.fix?.with(safe: !unsafe) }
        refused += plan.refused
        open = plan.waiting
      }
    }
    return findings.map { $0.withFix(fixes[ObjectIdentifier($0)]) }
  }

  private static var mostTurns: Int { 4 }
}

extension Fix {
  fileprivate func with(safe: Bool) -> Fix { Fix(safe: safe, edits: edits, secret: secret) }
}

extension Linter {
  /// The result with only those fixes that make nothing worse, and what they are judged by from now on.
  func judged(
    _ result: LintResult, in project: Project?, _ threads: Int,
    _ isActive: @Sendable (_ selector: String, _ path: String) -> Bool
  ) -> LintResult {
    let fixable = Set(result.findings.lazy.filter { $0.fix != nil }.compactMap(\.file))
    if fixable.isEmpty || collects { return result }
    var result = result
    let found = Dictionary(
      grouping: result.findings.indices.filter { fixable.contains(result.findings[$0].file ?? "") }
    ) {
      result.findings[$0].file ?? ""
    }
    let reads = result.read.filter { fixable.contains($0.file.path) }
    let judged = concurrentMap(reads, threads: threads) { [result] read in
      let path = read.file.path
      let indices = found[path] ?? []
      let findings = indices.map { result.findings[$0] }
      let trial = FixTrial(read.source.text.bytes, FixTrial.State(read: read, findings: findings + within(read))) {
        bytes in
        look(LintInput(path: path, bytes: bytes, named: read.isNamed), in: project)
      }
      return (path, trial, Array(zip(indices, trial.offered(findings) { isActive($0.rule.id, path) })))
    }
    for (path, trial, findings) in judged {
      result.trials[path] = trial
      for (index, finding) in findings { result.findings[index] = finding }
    }
    return result
  }

  /// Another text in the place of a file.
  private func look(_ input: LintInput, in project: Project?) -> FixTrial.State? {
    guard let read = read(input) else { return nil }
    let more = project.map { project in
      read.compared.flatMap { ResourceRules.check($0, read.charts, in: project) }
    }
    let all = (read.findings + (more ?? [])).filter(\.isCertain)
    return FixTrial.State(read: read, findings: read.ignores.apply(to: all) { _ in false } + within(read))
  }

  /// What a file says of itself. The run's project has it as it was before a fix.
  private func within(_ read: Read) -> [Finding] {
    if read.compared.isEmpty { return [] }
    let project = Project(
      files: read.compared, configs: read.facts, values: read.charts, release: { conditions($0).release },
      environment: { conditions($0).environment })
    let all = read.compared.flatMap { ResourceRules.check($0, read.charts, in: project) }
    return read.ignores.apply(to: all.filter(\.isCertain)) { _ in false }
  }
}
