import Findings
import Lint

struct LintCommand: Command {
  static let name = "lint"
  static let abstract =
    "Checks files offline: config.yaml, standalone resources, ADC, Kubernetes manifests, Helm values."

  var paths: [String] = []
  var output = OutputFlags()
  var selection = SelectionFlags()
  var release = ReleaseFlags()
  var envFromProcess = false
  var filesFrom: String?
  var stdinFilename: String?
  var kind: FileKind?
  var fix = false
  var diff = false
  var unsafeFixes = false
  var jobs: Int?
  var upgradeTo: String?

  static var argument: Parameter<Self>? {
    Parameter(
      arguments: "path", \.paths, "Files and folders; - for standard input. Without any, the current folder.",
      completion: .files())
  }

  static var flags: [Parameter<Self>] {
    OutputFlags.flags(at: \.output) + SelectionFlags.flags(at: \.selection)
      + ReleaseFlags.flags(at: \.release) + [
        Parameter(
          "upgrade-to", \.upgradeTo, "version", "Say as well what changes with this release of APISIX.",
          completion: .releases),
        Parameter("env-from-process", \.envFromProcess, "Fill in variables from this process's environment."),
        Parameter(
          "files-from", \.filesFrom, "file", "A file with paths, one a line; - for standard input.",
          completion: .files()),
        Parameter(
          "stdin-filename", \.stdinFilename, "name", "The name of what comes from standard input.", completion: .files()
        ),
        Parameter("kind", \.kind, "kind", "What the files are that are named; told from each file without it."),
        Parameter("fix", \.fix, "Apply the safe fixes."),
        Parameter("diff", \.diff, "Show the fixes as a diff; change nothing."),
        Parameter("unsafe-fixes", \.unsafeFixes, "With --fix or --diff: also fixes that need a second look."),
        Parameter("jobs", \.jobs, "count", "Threads; as many as processors without it."),
      ]
  }

  func validate() throws(Mistake) {
    if filesFrom != nil, !paths.isEmpty { throw Mistake("--files-from and paths exclude each other.") }
  }

  func perform(in session: Session) -> ExitStatus {
    var run = LintRun(self, session: session)
    return run.perform()
  }
}

extension FileKind: FlagValue {}
