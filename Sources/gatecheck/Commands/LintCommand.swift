import ArgumentParser
import Findings

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
    var arguments = LintArguments(paths: paths + LongLists.aside)
    arguments.output = output.plan
    arguments.terminal = output.terminal.choice
    arguments.selection = selection.flags
    arguments.release = release.flags
    arguments.envFromProcess = envFromProcess
    arguments.filesFrom = filesFrom
    arguments.stdinFilename = stdinFilename
    arguments.fix = fix
    arguments.diff = diff
    arguments.unsafeFixes = unsafeFixes
    arguments.jobs = jobs
    return arguments.perform(in: session)
  }
}
