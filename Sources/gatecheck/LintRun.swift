import APISIX
import Doctor
import Findings
import Glibc
import Lint
import SourceText

/// What lint is asked for, as a plain value.
struct LintArguments {
  var paths: [String]
  var output: [OutputPlan] = []
  var terminal = TerminalChoice()
  var selection = SelectionFlags()
  var release = ReleaseFlags()
  var envFromProcess = false
  var filesFrom: String?
  var stdinFilename: String?
  var fix = false
  var diff = false
  var unsafeFixes = false
  var jobs: Int?

  init(paths: [String]) { self.paths = paths }

  /// `lint` with nothing but paths, the call that editors and hooks make all day. It needs no ArgumentParser, which
  /// takes a third of such a run; nil for every other call.
  init?(plain arguments: [String]) {
    guard arguments.first == "lint", arguments.dropFirst().allSatisfy({ !$0.hasPrefix("-") || $0 == "-" }) else {
      return nil
    }
    self.init(paths: Array(arguments.dropFirst()))
  }

  func perform(in session: Session) -> ExitStatus {
    var run = LintRun(self, session: session)
    return run.perform()
  }
}

/// One run of lint, from arguments to status.
struct LintRun {
  private let arguments: LintArguments
  private let session: Session
  private var settings = SettingsFinder()
  private var problems: [Finding] = []

  init(_ arguments: LintArguments, session: Session) {
    self.arguments = arguments
    self.session = session
  }

  mutating func perform() -> ExitStatus {
    do throws(SettingsError) {
      let base = try settings.settings()
      try base?.check(against: rules)
      return lint(base)
    } catch {
      let report = Report(command: "lint", version: Version.current, findings: error.findings)
      _ = session.finish(report, arguments.output, color: arguments.terminal.color)
      return .usage
    }
  }

  private mutating func lint(_ base: Settings?) -> ExitStatus {
    let selection = arguments.selection.selection(base)
    do throws(Selection.UnknownRule) { try selection.check(against: rules) } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
    }
    let release: ReleaseChoice
    do { release = try arguments.release.choice(settings: base?.apisixVersion) } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
    }
    if let note = release.note { session.notice(note, quiet: arguments.terminal.quiet) }
    guard let environment = environment() else { return .unfinished }
    let registries = Set(base?.registries ?? [])
    let files = arguments.release.files
    let conditions = Conditions(
      release: release.release, environment: environment, files: files.lookup,
      declared: registries.union(files.registries))
    let linter = Linter(rules, now: session.now) { _ in conditions }
    let inputs = read(base)
    let jobs = max(1, arguments.jobs ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var result = linter.check(inputs, threads: jobs) { selection.includes($0) }
    result.findings.removeAll { finding in
      finding.file.map { base?.ignores(finding.rule, in: settings.absolute($0)) ?? false } ?? false
    }
    if arguments.fix || arguments.diff {
      return mend(result, inputs, linter, selection)
    }
    return finish(result, selection)
  }

  private func finish(_ result: LintResult, _ selection: Selection) -> ExitStatus {
    var findings = problems + result.findings
    if result.files.isEmpty, problems.isEmpty { findings.append(InputRules.noFileFound()) }
    let report = Report(
      command: "lint", version: Version.current, files: result.files, findings: selection.apply(to: findings),
      sources: result.sources)
    if report.findings.isEmpty {
      session.notice(
        "no problems in \(result.files.count) file\(result.files.count == 1 ? "" : "s")",
        quiet: arguments.terminal.quiet)
    }
    return session.finish(
      report, arguments.output, color: arguments.terminal.color, selection: selection,
      exitZero: arguments.selection.exitZero, annotate: true)
  }

  /// `--fix` writes, `--diff` shows; both then report what is left.
  private mutating func mend(
    _ result: LintResult, _ inputs: [LintInput], _ linter: Linter, _ selection: Selection
  ) -> ExitStatus {
    var left = result
    for input in inputs {
      guard let source = result.sources[input.path] else { continue }
      let findings = selection.apply(to: result.findings.filter { $0.file == input.path })
      if arguments.diff {
        let plan = FixPlan(findings, in: input.bytes, unsafe: arguments.unsafeFixes)
        guard plan.changes else { continue }
        let diff = unifiedDiff(
          input.path, source, fixes: plan.applied.compactMap(\.fix), forTerminal: session.output.isTerminal,
          color: session.colors(arguments.terminal.color, on: session.output))
        session.output.write(String(decoding: diff, as: UTF8.self))
        continue
      }
      let outcome = FixPlan.settle(input.bytes, unsafe: arguments.unsafeFixes) { bytes in
        selection.apply(
          to: linter.check([LintInput(path: input.path, bytes: bytes, named: input.named)]).findings)
      }
      guard outcome.bytes != input.bytes else { continue }
      if input.path == "<stdin>" || arguments.stdinFilename == input.path {
        session.output.write(String(decoding: outcome.bytes, as: UTF8.self))
      } else {
        do throws(FileError) { try FileWriter.replace(input.path, input.bytes, with: outcome.bytes) } catch {
          problems.append(error.finding)
          continue
        }
        session.notice("\(input.path): \(outcome.applied) fixed", quiet: arguments.terminal.quiet)
      }
      left.findings.removeAll { $0.file == input.path }
      left.findings += outcome.remaining
      left.sources[input.path] =
        linter.check([LintInput(path: input.path, bytes: outcome.bytes, named: true)])
        .sources[input.path]
    }
    if arguments.diff {
      let report = Report(
        command: "lint", version: Version.current, findings: selection.apply(to: problems + result.findings))
      return ExitStatus(for: report.findings, selection: selection, exitZero: arguments.selection.exitZero)
    }
    return finish(left, selection)
  }

  private mutating func read(_ base: Settings?) -> [LintInput] {
    var paths = arguments.paths
    if let list = arguments.filesFrom {
      do throws(FileError) { paths = try Inputs.paths(listedIn: list) } catch {
        problems.append(error.finding)
        return []
      }
    } else if paths.isEmpty {
      paths = ["."]
    }
    let inputs = Inputs(paths, standardInputName: arguments.stdinFilename) { path, isDirectory in
      base?.skips(path, isDirectory: isDirectory) ?? false
    }
    problems += inputs.problems.map(\.finding)
    return inputs.files.compactMap { file in
      do throws(FileError) {
        return try file.read().map { LintInput(path: file.path, bytes: $0, named: file.origin != .found) }
      } catch {
        problems.append(error.finding)
        return nil
      }
    }
  }

  private mutating func environment() -> APISIX.Environment? {
    if arguments.envFromProcess { return .known(session.environment.all) }
    do throws(FileError) { return try arguments.release.environment() } catch {
      problems.append(error.finding)
      _ = finish(LintResult(), Selection())
      return nil
    }
  }
}

extension SelectionOptions {
  func selection(_ settings: Settings?) -> Selection { flags.selection(settings) }
}

extension SelectionFlags {
  /// The flags, on top of what .gatecheck.yaml says.
  func selection(_ settings: Settings?) -> Selection {
    Selection(
      select: select, ignore: ignore + (settings?.ignore ?? []), failOn: failOn ?? settings?.failOn ?? .error,
      unfinished: Selection.unanswered + InputRules.all.map(\.id))
  }
}
