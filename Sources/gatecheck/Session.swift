import Findings
import Glibc
import Inputs
import JSON

/// What a command may use of the process around it, and the one way by which its result gets out.
struct Session {
  let environment = ProcessEnvironment()
  var output = Output.standard
  let notices = Output.error

  /// Shows a report in every format that was asked for, and gives the status.
  /// - Parameter selection: says what counts; the report holds only what it lets through.
  func finish(
    _ report: Report, _ options: OutputFlags, selection: Selection = Selection(), exitZero: Bool = false
  ) -> ExitStatus {
    finish(report, options.plan, color: options.terminal.color, selection: selection, exitZero: exitZero)
  }

  /// - Parameter annotate: in GitHub Actions print annotations as well, where no format was asked for.
  func finish(
    _ report: Report, _ plan: [OutputPlan], color choice: ColorChoice, selection: Selection = Selection(),
    exitZero: Bool = false, annotate: Bool = false
  ) -> ExitStatus {
    var plan = plan
    if plan.isEmpty {
      plan.append(OutputPlan(format: .text, file: nil))
      if annotate, environment["GITHUB_ACTIONS"] == "true" { plan.append(OutputPlan(format: .github, file: nil)) }
    }
    let isShown = show(plan, color: choice, failOn: selection.failOn, isDocument: \.isDocument) {
      report.rendered(as: $0, options: $1)
    }
    guard isShown else { return .unfinished }
    return ExitStatus(for: report.findings, selection: selection, exitZero: exitZero)
  }

  /// Writes what was found in every format that was asked for, each where it belongs.
  /// - Returns: false where a file could not be written, which is told.
  func show<Format>(
    _ plan: [FormatFlag<Format>], color choice: ColorChoice, failOn: Severity, isDocument: (Format) -> Bool,
    _ render: (Format, RenderOptions) -> String
  ) -> Bool {
    // People read along where standard output is a document for programs.
    let hasDocument = plan.contains { isDocument($0.format) && [nil, "-"].contains($0.file) }
    for target in plan {
      let isDocument = isDocument(target.format)
      let stream = hasDocument && !isDocument ? notices : output
      let color = target.file == nil && colors(choice, on: stream)
      let text = render(target.format, RenderOptions(color: color, width: terminalWidth, failOn: failOn))
      guard let file = target.file, file != "-" else {
        _ = isDocument ? stream.writeAsIs(text) : stream.tell(text)
        continue
      }
      guard save(text, to: file) else { return false }
    }
    return true
  }

  /// A line for people, on standard error.
  func notice(_ text: String, _ options: TerminalFlags) { notice(text, quiet: options.quiet) }

  func notice(_ text: String, quiet: Bool) {
    if !quiet { notices.write("gatecheck: \(terminalSafe(text))\n") }
  }

  /// Writes a file that was asked for, `-` for standard output; says on standard error why it could not.
  func save(_ text: String, to path: String, isNew: Bool = false, makingFolders: Bool = false) -> Bool {
    if path == "-" { return Output.standard.writeAsIs(text) }
    return saved { () throws(FileError) in
      try OutputFile.write(text, to: path, isNew: isNew, makingFolders: makingFolders)
    }
  }

  /// The same of an archive, which is a new file.
  func save(_ archive: Archive, to path: String) -> Bool {
    saved { () throws(FileError) in try FileWriter.create(path, archive.packed) }
  }

  private func saved(_ write: () throws(FileError) -> Void) -> Bool {
    do throws(FileError) {
      try write()
      return true
    } catch {
      notices.write("gatecheck: cannot write \(terminalSafe(error.shownPath)): \(error.reason)\n")
      return false
    }
  }

  func colors(_ choice: ColorChoice, on output: Output) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      if environment["NO_COLOR"]?.isEmpty == false { return false }
      if let force = environment["CLICOLOR_FORCE"], force != "0" { return true }
      return output.isTerminal && environment["TERM"] != "dumb"
    }
  }

  /// Of a page. Without a choice the locale's: the first of its variables that is set and not empty decides.
  func language(_ choice: Language?) -> Language {
    if let choice { return choice }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    return locale.flatMap { Language(locale: $0) } ?? .english
  }

  /// Of the terminal, where standard output is one.
  var columns: Int? { output.isTerminal ? terminalWidth : nil }

  var terminalWidth: Int {
    var size = winsize()
    if output.isTerminal, ioctl(output.descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 {
      return Int(size.ws_col)
    }
    return environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 20 ? $0 : nil } ?? 100
  }

  /// Seconds since 1970.
  @Sendable static func now() -> Int { Glibc.time(nil) }
}
