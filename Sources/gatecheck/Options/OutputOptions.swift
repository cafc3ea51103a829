public import ArgumentParser
public import Findings

/// How a command's result is shown.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "text, short, json, sarif, junit, github, codeclimate; FORMAT=FILE writes to a file. Repeatable.",
      valueName: "format"))
  var output: [String] = []

  @OptionGroup var terminal: TerminalOptions
}

/// What every command understands about the terminal.
struct TerminalOptions: ParsableArguments {
  @Option(help: "When to colour: auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Print the result only, no notices.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Tell on standard error what is done: requests, timings; never a secret.")
  var verbose = false
}

extension TerminalOptions {
  var choice: TerminalChoice { TerminalChoice(color: color, quiet: quiet, verbose: verbose) }
}

/// The same as a plain value: ArgumentParser's property wrappers cannot be used where it did not parse.
struct TerminalChoice {
  var color = ColorChoice.auto
  var quiet = false
  var verbose = false
}

enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// Which findings are shown, and which of them fail the run.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Fail at this severity and above: error, warning or note.", valueName: "severity"))
  var failOn: Severity?

  @Flag(help: "End with 0 whatever was found.")
  var exitZero = false

  @Option(
    help: ArgumentHelp("Only these rules: an id, or a prefix such as kubernetes/. Repeatable.", valueName: "rule"))
  var select: [String] = []

  @Option(help: ArgumentHelp("Not these rules: an id or a prefix. Repeatable.", valueName: "rule"))
  var ignore: [String] = []
}

extension SelectionOptions {
  var flags: SelectionFlags { SelectionFlags(failOn: failOn, exitZero: exitZero, select: select, ignore: ignore) }
}

struct SelectionFlags {
  var failOn: Severity?
  var exitZero = false
  var select: [String] = []
  var ignore: [String] = []
}

extension Severity: ExpressibleByArgument {}
