import APISIX
import ArgumentParser
import Doctor
import Findings
import Glibc
import Lint
import SourceText

struct LintCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Checks files offline: config.yaml, standalone resources, ADC, Kubernetes manifests, Helm values.")

  /// Every option of this command that is followed by a value; LongLists needs to know them.
  static let valueOptions: Set<String> = [
    "-o", "--output", "--color", "--fail-on", "--select", "--ignore", "--apisix-version", "--env", "--env-file",
    "--root",
    "--files-from", "--stdin-filename", "--jobs",
  ]

  @Argument(
    help: ArgumentHelp("Files and folders; - for standard input. Without any, the current folder.", valueName: "path"))
  var paths: [String] = []

  @OptionGroup var output: OutputOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var release: ReleaseOptions

  @Flag(help: "Fill in variables from this process's environment.")
  var envFromProcess = false

  @Option(help: ArgumentHelp("A file with paths, one a line; - for standard input.", valueName: "file"))
  var filesFrom: String?

  @Option(help: ArgumentHelp("The name of what comes from standard input.", valueName: "name"))
  var stdinFilename: String?

  @Flag(help: "Apply the safe fixes.")
  var fix = false

  @Flag(help: "Show the fixes as a diff; change nothing.")
  var diff = false

  @Flag(help: "With --fix or --diff: also fixes that need a second look.")
  var unsafeFixes = false

  @Option(help: ArgumentHelp("Threads; as many as processors without it.", valueName: "count"))
  var jobs: Int?

  func validate() throws {
    if filesFrom != nil, !paths.isEmpty || !LongLists.aside.isEmpty {
      throw ValidationError("--files-from and paths exclude each other.")
    }
  }

  func perform(in session: Session) -> ExitStatus {
    var run = LintRun(command: self, session: session)
    return run.perform()
  }
}

/// One run of lint, from arguments to status.
private struct LintRun {
  let command: LintCommand
  let session: Session
  private var settings = SettingsFinder()
  private var problems: [Finding] = []

  init(command: LintCommand, session: Session) {
    self.command = command
    self.session = session
  }

  mutating func perform() -> ExitStatus {
    do throws(SettingsError) {
      let base = try settings.settings()
      try base?.check(against: rules)
      return lint(base)
    } catch {
      let report = Report(command: "lint", version: Version.current, findings: error.findings)
      _ = session.finish(report, command.output)
      return .usage
    }
  }

  private mutating func lint(_ base: Settings?) -> ExitStatus {
    let selection = command.selection.selection(base)
    do throws(Selection.UnknownRule) { try selection.check(against: rules) } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
    }
    let release: ReleaseChoice
    do { release = try command.release.choice(settings: base?.apisixVersion) } catch {
      session.notices.write("gatecheck: \(error)\n")
      return .usage
    }
    if let note = release.note { session.notice(note, command.output.terminal) }
    guard let environment = environment() else { return .unfinished }
    let registries = Set(base?.registries ?? [])
    let files = command.release.files
    let conditions = Conditions(
      release: release.release, environment: environment, files: files.lookup,
      declared: registries.union(files.registries))
    let linter = Linter(rules, now: session.now) { _ in conditions }
    let inputs = read(base)
    let jobs = max(1, command.jobs ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var result = linter.check(inputs, threads: jobs) { selection.includes($0) }
    result.findings.removeAll { finding in
      finding.file.map { base?.ignores(finding.rule, in: settings.absolute($0)) ?? false } ?? false
    }
    if command.fix || command.diff {
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
        "no problems in \(result.files.count) file\(result.files.count == 1 ? "" : "s")", command.output.terminal)
    }
    return session.finish(
      report, command.output, selection: selection, exitZero: command.selection.exitZero, annotate: true)
  }

  /// `--fix` writes, `--diff` shows; both then report what is left.
  private mutating func mend(
    _ result: LintResult, _ inputs: [LintInput], _ linter: Linter, _ selection: Selection
  ) -> ExitStatus {
    var left = result
    for input in inputs {
      guard let source = result.sources[input.path] else { continue }
      let findings = selection.apply(to: result.findings.filter { $0.file == input.path })
      if command.diff {
        let plan = FixPlan(findings, in: input.bytes, unsafe: command.unsafeFixes)
        guard plan.changes else { continue }
        let diff = unifiedDiff(
          input.path, source, fixes: plan.applied.compactMap(\.fix), forTerminal: session.output.isTerminal,
          color: session.colors(command.output.terminal.color, on: session.output))
        session.output.write(String(decoding: diff, as: UTF8.self))
        continue
      }
      let outcome = FixPlan.settle(input.bytes, unsafe: command.unsafeFixes) { bytes in
        selection.apply(
          to: linter.check([LintInput(path: input.path, bytes: bytes, named: input.named)]).findings)
      }
      guard outcome.bytes != input.bytes else { continue }
      if input.path == "<stdin>" || command.stdinFilename == input.path {
        session.output.write(String(decoding: outcome.bytes, as: UTF8.self))
      } else {
        do throws(FileError) { try FileWriter.replace(input.path, input.bytes, with: outcome.bytes) } catch {
          problems.append(error.finding)
          continue
        }
        session.notice("\(input.path): \(outcome.applied) fixed", command.output.terminal)
      }
      left.findings.removeAll { $0.file == input.path }
      left.findings += outcome.remaining
      left.sources[input.path] =
        linter.check([LintInput(path: input.path, bytes: outcome.bytes, named: true)])
        .sources[input.path]
    }
    if command.diff {
      let report = Report(
        command: "lint", version: Version.current, findings: selection.apply(to: problems + result.findings))
      return ExitStatus(for: report.findings, selection: selection, exitZero: command.selection.exitZero)
    }
    return finish(left, selection)
  }

  private mutating func read(_ base: Settings?) -> [LintInput] {
    var paths = command.paths + LongLists.aside
    if let list = command.filesFrom {
      do throws(FileError) { paths = try Inputs.paths(listedIn: list) } catch {
        problems.append(error.finding)
        return []
      }
    } else if paths.isEmpty {
      paths = ["."]
    }
    let inputs = Inputs(paths, standardInputName: command.stdinFilename) { path, isDirectory in
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
    if command.envFromProcess { return .known(session.environment.all) }
    do throws(FileError) { return try command.release.environment() } catch {
      problems.append(error.finding)
      _ = finish(LintResult(), Selection())
      return nil
    }
  }
}

extension SelectionOptions {
  /// The flags, on top of what .gatecheck.yaml says.
  func selection(_ settings: Settings?) -> Selection {
    Selection(
      select: select, ignore: ignore + (settings?.ignore ?? []), failOn: failOn ?? settings?.failOn ?? .error,
      unfinished: Selection.unanswered + ["input/", "kubeconfig/"])
  }
}
