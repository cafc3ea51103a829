import APISIX
import Findings
import Inputs
import Lint
import Parallel
import Probes
import SourceText

/// One run of lint, from arguments to status.
struct LintRun {
  private let arguments: LintCommand
  private let session: Session
  private var problems: [Finding] = []
  /// How many files there were, of whatever kind.
  private var looked = 0
  /// What APISIX would have; findings may quote a value that was filled in.
  private var environment = APISIX.Environment.unknown

  init(_ arguments: LintCommand, session: Session) {
    self.arguments = arguments
    self.session = session
  }

  mutating func perform() -> ExitStatus {
    guard readEnvironment() else { return .unfinished }
    do {
      var scopes = try scopes(environment)
      try scopes.base.selection.check(against: rules)
      let inputs = try find(&scopes)
      looked = inputs.files.count
      try scopes.add(inputs.files)
      let target = try arguments.upgradeTo.map { try ReleaseChoice($0, "--upgrade-to") }
      return lint(inputs, scopes, target)
    } catch let error as SettingsError {
      let report = Report(command: "lint", version: Version.current, findings: error.findings)
      _ = session.finish(report, arguments.output.plan, color: arguments.output.terminal.color)
      return .usage
    } catch {
      return session.refuse(error, "lint", arguments.output.plan)
    }
  }

  private mutating func lint(_ found: FileList, _ scopes: LintScopes, _ target: ReleaseChoice?) -> ExitStatus {
    let isSame = target.map { scopes.areAll($0.release) } ?? false
    let same = "files are judged as that release already; say with --apisix-version which one runs now"
    for note in scopes.notes + [target?.note, isSame ? "--upgrade-to: " + same : nil].compactMap({ $0 }) {
      session.notice(note, quiet: arguments.output.terminal.quiet)
    }
    let linter = Linter(rules, now: Session.now(), kind: arguments.kind, upgradeTo: target?.release) {
      scopes[$0].conditions
    }
    let jobs = jobs
    guard arguments.diff || arguments.fix else {
      let result = linter.check(found.files, threads: jobs) { scopes[$1].selection.includes($0) }
      problems += (found.problems + result.problems).map(\.finding)
      return finish(scopes.counted(result), scopes, session)
    }
    var found = found
    let inputs = found.read(threads: jobs)
    problems += found.problems.map(\.finding)
    let check = { (inputs: [LintInput]) in
      scopes.counted(linter.check(inputs, threads: jobs) { scopes[$1].selection.includes($0) })
    }
    let result = check(inputs)
    let fixed = FixedFiles(inputs, result, unsafe: arguments.unsafeFixes, look: check)
    for path in inputs.map(\.path) where fixed.unsettled.contains(path) {
      session.notice("\(path): its fixes undo each other; fix it by hand", quiet: arguments.output.terminal.quiet)
    }
    return arguments.diff ? show(fixed, of: result, scopes) : mend(inputs, fixed, scopes)
  }

  private func finish(_ result: LintResult, _ scopes: LintScopes?, _ session: Session) -> ExitStatus {
    let selection = scopes?.base.selection ?? Selection()
    var problems = problems
    let files = result.files
    if files.isEmpty, problems.isEmpty { problems.append(InputRules.noFileFound(passedOver: looked)) }
    if let scopes { problems.removeAll { !scopes.counts($0) } }
    if arguments.output.terminal.verbose {
      for line in result.kinds(of: looked) { session.notices.write("gatecheck: \(terminalSafe(line))\n") }
    }
    let report = Report(
      command: "lint", version: Version.current, files: files, findings: problems + result.findings,
      sources: result.sources, secrets: secrets)
    for remark in result.remarks(isClean: report.findings.isEmpty) {
      session.notice(remark, quiet: arguments.output.terminal.quiet)
    }
    // The process ends with this: to free piece by piece what thousands of files left would take a fortieth of the run.
    UnsafeMutablePointer.allocate(capacity: 1).initialize(to: (result, report))
    return session.finish(
      report, arguments.output.plan, color: arguments.output.terminal.color, selection: selection,
      exitZero: arguments.selection.exitZero, annotate: true)
  }

  /// `--diff`: shows what `--fix` would write.
  private func show(_ fixed: FixedFiles, of result: LintResult, _ scopes: LintScopes) -> ExitStatus {
    let (isTerminal, color) = (
      session.output.isTerminal, session.colors(arguments.output.terminal.color, on: session.output)
    )
    for change in fixed.inputs.compactMap({ fixed.change(of: $0.path) }) {
      let diff = unifiedDiff(change, forTerminal: isTerminal, color: color)
      session.output.write(String(decoding: diff, as: UTF8.self))
    }
    let problems = problems.filter(scopes.counts)
    if !problems.isEmpty {
      // What could not be looked at is told beside the diff.
      let report = Report(command: "lint", version: Version.current, findings: problems)
      _ = session.aside.finish(report, [], color: arguments.output.terminal.color)
    }
    return ExitStatus(
      for: problems + result.findings, selection: scopes.base.selection, exitZero: arguments.selection.exitZero)
  }

  /// `--fix`: fixes until nothing is left to fix, then writes, and reports what is left.
  private mutating func mend(_ inputs: [LintInput], _ fixed: FixedFiles, _ scopes: LintScopes) -> ExitStatus {
    var session = session
    for (before, after) in zip(inputs, fixed.inputs) {
      if before.path == InputFile.standardInputName || stdinName == before.path {
        // Standard output is the mended text, so the report has to go elsewhere.
        session.output.writeAsIs(String(decoding: after.bytes, as: UTF8.self))
        session.output = session.notices
        continue
      }
      guard before.bytes != after.bytes else { continue }
      do throws(FileError) {
        let others = try FileWriter.replace(before.path, before.bytes, with: after.bytes)
        let left =
          others > 0
          ? "; the file's \(others == 1 ? "other name" : "\(others) other names") (hard links) kept the old text" : ""
        session.notice(
          "\(before.path): \(fixed.count(before.path).text)\(left)", quiet: arguments.output.terminal.quiet)
      } catch {
        problems.append(error.finding)
      }
    }
    return finish(fixed.result, scopes, session)
  }

  private var stdinName: String? { arguments.stdinFilename.map(SecretPatterns.shownName) }

  private var jobs: Int { arguments.jobs ?? .max }

  private func scopes(_ environment: APISIX.Environment) throws -> LintScopes {
    let (selection, release) = (arguments.selection, arguments.release)
    return try LintScopes { settings in
      try settings?.check(against: rules)
      let choice = try release.choice(settings: settings?.apisixVersion)
      var conditions = Conditions(
        release: choice.release, environment: environment, files: release.files.lookup,
        declared: Set(settings?.registries ?? []))
      conditions.isReleaseSaid = (release.apisixVersion ?? settings?.apisixVersion) != nil
      return (
        LintScope(settings: settings, selection: selection.selection(settings), conditions: conditions), choice.note
      )
    }
  }

  private mutating func find(_ scopes: inout LintScopes) throws(SettingsError) -> FileList {
    var paths = arguments.paths
    if let list = arguments.filesFrom {
      do throws(FileError) { paths = try FileList.paths(listedIn: list) } catch {
        problems.append(error.finding)
        return FileList([])
      }
    } else if paths.isEmpty {
      paths = ["."]
    }
    let isParallel = jobs > 1
    let inputs = try FileList(
      paths, standardInputName: stdinName,
      filter: { folder, hasSettings throws(SettingsError) in try scopes.filter(ofFolder: folder, hasSettings) },
      beginWalk: { if isParallel { meanwhile(LintWarmUp.run) } })
    return inputs
  }

  private var secrets: [String] {
    if case .known(let variables) = environment { Array(variables.values) } else { [] }
  }

  /// Once: a pipe gives its text to the first who reads it.
  private mutating func readEnvironment() -> Bool {
    do throws(FileError) {
      let said = try arguments.release.environment()
      environment = arguments.envFromProcess ? .known(session.environment.all) : said
      return true
    } catch {
      problems.append(error.finding)
      _ = finish(LintResult(), nil, session)
      return false
    }
  }
}

extension FixedFiles.Count {
  /// In the words of the summary, which told only what showed at first.
  fileprivate var text: String {
    if later == 0 { return "\(told) fixed" }
    return told == 0
      ? "\(later) fixed that showed up only then" : "\(told) fixed, and \(later) more that showed up then"
  }
}
