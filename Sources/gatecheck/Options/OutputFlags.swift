import Findings
import Lint

/// How a command's result is shown.
struct OutputFlags: Flags {
  /// The formats in the order they were given.
  var plan: [OutputPlan] = []
  var terminal = TerminalFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter(
        "output", short: "o", \.plan, "format",
        "\(OutputPlan.formats); FORMAT=FILE writes to a file. Repeatable.")
    ] + TerminalFlags.flags(at: \.terminal)
  }

  /// That it writes to.
  var files: [String] { plan.compactMap(\.file) }
}

/// One `-o FORMAT` or `-o FORMAT=FILE`.
struct FormatFlag<Format: RawRepresentable & CaseIterable>: FlagValue where Format.RawValue == String {
  let format: Format
  var file: String?

  static var formats: String { Format.allCases.map(\.rawValue).joined(separator: ", ") }
  static var wanted: String { "a format" }
  static var completion: Completion? { .words { Format.allCases.map(\.rawValue) } }
  var text: String { format.rawValue + (file.map { "=" + $0 } ?? "") }

  static func objection(to text: String) -> String {
    let name = String(text.prefix { $0 != "=" })
    if Format(rawValue: name) != nil { return "\(name)= wants a file name behind it" }
    let near = nearest(name, among: Format.allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? "."
    return "has no format '\(terminalSafe(name))'\(near) Formats: \(formats)"
  }
}

typealias OutputPlan = FormatFlag<OutputFormat>

extension OutputFormat {
  /// For programs, which read it whole.
  var isDocument: Bool { ![.text, .short, .github].contains(self) }
}

extension FormatFlag {
  init?(flag text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let format = Format(rawValue: parts[0]), parts.last?.isEmpty == false else { return nil }
    self.init(format: format, file: parts.count == 2 ? parts[1] : nil)
  }
}

/// What every command understands about the terminal.
struct TerminalFlags: Flags {
  var color = ColorChoice.auto
  var quiet = false
  var verbose = false

  static var flags: [Parameter<Self>] {
    [
      Parameter("color", \.color, "color", "When to colour."),
      Parameter("quiet", short: "q", \.quiet, "Print the result only, no notices."),
      Parameter(
        "verbose", short: "v", \.verbose,
        "Tell on standard error what is done: requests, timings; never a secret."),
    ]
  }
}

enum ColorChoice: String, FlagValue, CaseIterable { case auto, always, never }

/// Which findings are shown, and which of them fail the run.
struct SelectionFlags: Flags {
  var failOn: Severity?
  var exitZero = false
  var select: [String] = []
  var ignore: [String] = []

  static var flags: [Parameter<Self>] {
    [
      Parameter("fail-on", \.failOn, "severity", "Fail at this severity and above."),
      Parameter("exit-zero", \.exitZero, "End with 0 whatever was found."),
      Parameter(
        "select", \.select, "rule", "Only these rules: an id, or a prefix such as kubernetes/. Repeatable.",
        completion: .rules),
      Parameter("ignore", \.ignore, "rule", "Not these rules: an id or a prefix. Repeatable.", completion: .rules),
    ]
  }
}

extension SelectionFlags {
  /// The flags, on top of what .gatecheck.yaml says.
  func selection(_ settings: Settings?) -> Selection {
    Selection(
      select: select.map { rules.selector($0) },
      ignore: ignore.map { rules.selector($0) } + (settings?.ignore ?? []),
      failOn: failOn ?? settings?.failOn ?? .error,
      unfinished: Selection.unanswered + InputRules.all.map(\.id))
  }
}
