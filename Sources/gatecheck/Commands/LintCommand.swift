import ArgumentParser
import Doctor
import Findings
import Lint

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

  func perform(in session: Session) -> ExitStatus { .passed }
}
