public import APISIX
import Common
public import Findings
public import Inputs
import JSON
import Kubernetes
import Parallel
import SourceText
import YAML

/// What lint says of some files.
public struct LintResult: Sendable {
  var read: [Linter.Read] = []
  public var findings: [Finding] = []
  /// What could not be read.
  public var problems: [FileError] = []
  /// What the fixes of a file are judged by, by its path; only of files that have some.
  var trials: [String: FixTrial] = [:]

  public init() {}

  /// Those that are of a kind that gatecheck knows, and all that were named, in the order given.
  public var files: [Report.File] { read.map(\.file) }

  /// How many were named and are not gatecheck's to check. One is told by a note of its own; who names two hundred
  /// wants none for each.
  fileprivate var passedOver: Int { read.count { $0.file.kind == nil } }

  /// What there is to say of the run as a whole.
  /// - Parameter isClean: whether nothing was found.
  public func remarks(isClean: Bool) -> [String] {
    let (all, foreign) = (read.count, passedOver)
    return (foreign > 1 ? ["\(foreign) of \(all) files are not APISIX's or Kubernetes': not checked"] : [])
      + (isClean && (all == 0 || foreign < all) ? ["no problems in \(counted(all - foreign, "file"))"] : [])
  }

  /// What each file was taken for, a line each.
  /// - Parameter looked: how many files were looked at, those of no kind in folders too.
  public func kinds(of looked: Int) -> [String] {
    files.map { "\($0.path): \($0.kind ?? "not checked")" }
      + (looked > files.count ? ["\(counted(looked - files.count, "file")) passed over"] : [])
  }

  /// The texts that findings quote, with their credentials marked.
  public var sources: [String: SourceFile] {
    Dictionary(read.lazy.map { ($0.file.path, $0.source) }) { _, last in last }
  }
}

/// Runs every rule over files, offline and deterministically: the same result whatever the number of threads.
public struct Linter: Sendable {
  /// The conditions under which a file is judged; settings may differ from folder to folder.
  var conditions: @Sendable (_ path: String) -> Conditions
  private let catalogue: @Sendable () -> Catalogue
  /// Seconds since 1970; only expiry of tokens hangs on it.
  private let now: Int
  /// What the named files are, if the user said so.
  private let kind: FileKind?
  /// The release to which the files are to be taken, if they are.
  var target: Release?
  /// Whether effects are collected.
  var collects = false

  /// - Parameters:
  ///   - catalogue: every rule; only asked for when an ignore comment names one.
  ///   - now: seconds since 1970.
  ///   - kind: what the files are that were named; nil where they are to be made out.
  ///   - target: what changes for the files with this release is said as well.
  public init(
    _ catalogue: @escaping @autoclosure @Sendable () -> Catalogue, now: Int, kind: FileKind? = nil,
    upgradeTo target: Release? = nil, conditions: @escaping @Sendable (_ path: String) -> Conditions
  ) {
    self.catalogue = catalogue
    self.now = now
    self.kind = kind
    self.target = target
    self.conditions = conditions
  }

  /// Reads the files, and checks them as below. What is to be passed over, see `InputFile.read`, is not in the result.
  public func check(
    _ files: [InputFile], threads: Int = 1,
    isActive: @Sendable (_ selector: String, _ path: String) -> Bool = { _, _ in true }
  ) -> LintResult {
    if target != nil {
      var problems: [FileError] = []
      let inputs = concurrentMap(files, threads: threads) { file in
        Result { () throws(FileError) in try file.input(isSaid: kind != nil) }
      }.values(problems: &problems)
      var result = check(inputs, threads: threads, isActive: isActive)
      result.problems = problems
      return result
    }
    let looked = concurrentMap(files, threads: threads, having: desk) { desk, file in
      Result { () throws(FileError) in try file.input(isSaid: kind != nil).flatMap { read($0, at: &desk) } }
    }
    var problems: [FileError] = []
    let charts = files.filter { ChartFile.isOne($0.path) }.compactMap { try? $0.input() }
    var result = compared(looked.values(problems: &problems), charts, threads, isActive)
    result.problems = problems
    return result
  }

  /// - Parameters:
  ///   - threads: how many files are looked at at once.
  ///   - isActive: whether findings of a rule count at all in a file; an ignore of one that does not is not called
  ///     unused.
  public func check(
    _ inputs: [LintInput], threads: Int = 1,
    isActive: @Sendable (_ selector: String, _ path: String) -> Bool = { _, _ in true }
  ) -> LintResult {
    let looked = concurrentMap(inputs, threads: threads, having: desk) { read($1, at: &$0) }
    let charts = inputs.filter { ChartFile.isOne($0.path) }
    return compared(looked.compactMap { $0 }, charts, threads, isActive, changes(inputs, threads))
  }

  /// What a thread has for itself.
  private struct Desk {
    let shared: @Sendable (_ path: String) -> Conditions
    var known: (folder: Substring, conditions: Conditions)?

    /// Files of a folder mostly follow each other, and have the same.
    mutating func conditions(_ path: String) -> Conditions {
      let folder = LocalPath.directory(of: path)
      if let known, known.folder == folder { return known.conditions }
      var conditions = shared(path)
      let release = conditions.release
      conditions.schemas =
        known.flatMap { $0.conditions.release == release ? $0.conditions.schemas : nil } ?? Schemas(release)
      known = (folder, conditions)
      return conditions
    }
  }

  private var desk: @Sendable () -> Desk { { [conditions] in Desk(shared: conditions) } }

  /// Checks the files against each other.
  private func compared(
    _ known: [Read], _ charts: [LintInput], _ threads: Int,
    _ isActive: @Sendable (_ selector: String, _ path: String) -> Bool, _ changes: [String: [Finding]] = [:]
  ) -> LintResult {
    var result = LintResult()
    var run: Project?
    if changes.isEmpty, known.allSatisfy({ $0.compared.isEmpty && $0.ignores.isEmpty }) {
      result.findings = known.flatMap { $0.findings.filter(\.isCertain) }
    } else {
      let project = Project(
        files: known.flatMap(\.compared), configs: known.flatMap(\.facts),
        charts: Dictionary(charts.compactMap(ChartFile.chart)) { first, _ in first },
        values: known.flatMap(\.charts), release: { conditions($0).release },
        environment: { conditions($0).environment })
      run = project
      let found = concurrentMap(known, threads: threads) { file in
        let more = file.compared.flatMap { ResourceRules.check($0, file.charts, in: project) }
        let all = (file.findings + more + changes[file.file.path, default: []]).filter(\.isCertain)
        return file.ignores.apply(to: all) {
          (target != nil || !$0.hasPrefix("upgrade/")) && isActive($0, file.file.path)
        }
      }
      result.findings = found.flatMap { $0 }
    }
    result.read = known
    if result.passedOver > 1 { result.findings.removeAll { $0.rule.id == InputRules.otherProgram.id } }
    return judged(result, in: run, threads, isActive)
  }

  /// What is kept of a file and of those that stand in it.
  struct Read: Sendable {
    let file: Report.File
    let source: SourceFile
    /// What there is to say whatever other files hold: all of it for a config.yaml, whose tree is not kept.
    let findings: [Finding]
    let ignores: Ignores
    /// What each config.yaml among them says to others.
    let facts: [ConfigFacts]
    /// The files whose rules look at others.
    let compared: [LintFile]
    /// The values of charts in it.
    let charts: [ChartValues]
    /// What the release makes of it, where that is collected, and whether it takes a config.yaml in it.
    var effects: [Effect] = []
    var isRefused = false
    let isNamed: Bool
    /// What fixes are judged by; nil where there are none.
    var evidence: FixTrial.Evidence?
  }

  /// With its evidence.
  func read(_ input: LintInput) -> Read? {
    var desk = desk()
    return read(input, at: &desk, isTrial: true)
  }

  /// nil when it is of no kind that gatecheck knows and was not named.
  private func read(_ input: LintInput, at desk: inout Desk, isTrial: Bool = false) -> Read? {
    let (tree, error) = parsed(input, desk.conditions(input.path).environment)
    let said = input.named ? kind.map { ToldKind(kind: $0, isCertain: true) } : nil
    guard !input.isCut, let told = said ?? Self.kind(of: input, tree, error) else {
      return input.named ? passedOver(input, tree, error) : nil
    }
    let conditions = desk.conditions(input.path)
    let file = LintFile(
      path: input.path, kind: told.kind, isCertain: told.isCertain, tree: tree, error: error,
      isFinal: conditions.environment.isKnown)
    let written = [file] + (told.kind == .kubernetes ? file.embeddedFiles() : [])
    let files = written.compactMap { $0.asRead(by: conditions.release.reader) }
    let charts = ChartValues.all(in: file)
    var seen: Set = [ObjectIdentifier(file)]
    let values = charts.map(\.root.file).filter { seen.insert(ObjectIdentifier($0)).inserted }
    let parts = ChartValues.configs(of: charts)
    let compared = files.filter { $0.kind != .apisixConfig }
    let configs = (files.filter { $0.kind == .apisixConfig } + parts).map { ConfigContext($0, conditions, now: now) }
    let others = files.filter { $0.tree.reader != .libyaml }
    let findings = configs.flatMap(ConfigRules.check) + compared.flatMap(YAMLRules.errors)
    let ignores = Ignores(of: files + (values + parts).filter { $0.host != nil }, catalogue: catalogue())
    let isJudged = isTrial || !compared.isEmpty || !ignores.isEmpty || findings.contains { $0.fix != nil }
    let secrets = (written + others + values + parts.filter { $0.host != nil }).flatMap(secrets)
    return Read(
      file: Report.File(
        path: input.path, kind: told.kind.rawValue,
        verdict: told.kind == .apisixConfig ? configs.first.map { $0.verdict.json(isOpen: $0.isOpen(findings)) } : nil),
      source: SourceFile(tree.text, secrets: secrets),
      findings: findings,
      ignores: ignores, facts: configs.map(\.facts), compared: compared, charts: charts,
      effects: collects ? Effects.all(of: configs, compared, conditions.release) : [],
      isRefused: collects && configs.contains { $0.verdict.accepts == false }, isNamed: input.named,
      evidence: isJudged ? FixTrial.Evidence(written, read: files, configs) : nil)
  }

  private static func kind(of input: LintInput, _ tree: Tree, _ error: YAMLError?) -> ToldKind? {
    // A template that no YAML comes of is nobody's before it is rendered.
    if let error, tree.mayHeal(error, in: input.path) || FileKind.isOfOtherLanguage(tree, input.path) { return nil }
    return FileKind.detect(tree, path: input.path)
      ?? (error != nil ? BrokenFile(tree).told(input.path, named: input.named) : nil)
  }

  private func passedOver(_ input: LintInput, _ tree: Tree, _ error: YAMLError?) -> Read {
    let isSeed = tree.documents.first.map { FileKind.isSeed(tree, $0) } ?? false
    let other =
      error == nil && tree.templates == nil
      ? YAMLSlips.log(tree, in: input.path)
      : YAMLSlips.otherLanguage(tree, in: input.path) ?? YAMLSlips.template(tree.text)
    let note = Finding(
      rule: InputRules.otherProgram,
      message: isSeed
        ? "this is apisix-seed's own configuration; it was not checked"
        : "\(other?.what ?? "not a file of APISIX's or Kubernetes'"): not checked",
      file: input.path, help: isSeed ? nil : other?.help ?? "if it is one, say which: --kind apisix-config")
    return Read(
      file: Report.File(path: input.path, kind: nil), source: SourceFile(tree.text, secrets: []), findings: [note],
      ignores: Ignores(of: [], catalogue: catalogue()), facts: [], compared: [], charts: [],
      isNamed: true)
  }

  private func parsed(_ input: LintInput, _ environment: Environment) -> (tree: Tree, error: YAMLError?) {
    let bytes = input.bytes
    if FileName(input.path).isTemplate { return Tree.unrendered(bytes, variables: .single) }
    let read = Tree.unrendered(bytes)
    if read.error?.kind == .syntax {
      // APISIX reads its files as they are; an object may be filled in first.
      let filled = Tree.unrendered(bytes, variables: .braced)
      if filled.error == nil, filled.tree.templates != nil, FileKind.detect(filled.tree)?.kind == .kubernetes {
        return filled
      }
    }
    // Who tells the environment has the file with which APISIX starts: what its quotes hold is just that.
    guard environment.isKnown, read.tree.hasOnlyQuotedTemplates else { return read }
    return Tree.partial(bytes)
  }

  /// Where credentials stand, in the outer file.
  private func secrets(in file: LintFile) -> [Range<Int>] {
    CredentialRanges.find(in: file.tree, broken: file.error != nil).map { range in
      let place = file.place(range)
      return place.start.offset..<max(place.start.offset, place.end.offset)
    }
  }
}

extension Verdict {
  /// The `verdict` of the JSON document.
  /// - Parameter isOpen: whether it hangs on what another program fills in.
  func json(isOpen: Bool) -> JSONValue {
    // A list, as one is made for each file and seldom shown: a dictionary's literal costs twice that.
    .object(
      JSONObject([
        .init(key: "apisix", value: .string(release.description)),
        .init(key: "accepts", value: JSONValue(isOpen ? nil : accepts)),
        .init(key: "stage", value: JSONValue(isOpen ? nil : stage?.rawValue)),
        .init(key: "message", value: JSONValue(isOpen ? nil : message)),
      ]))
  }
}
