import ArgumentParser
import Findings
import SourceText
import Templates

struct CompletionCommand: Command {
  static let name = "completion"
  static let abstract = "Prints the script with which a shell completes commands, flags and their values."
  static let discussion = """
    For bash into ~/.local/share/bash-completion/completions/gatecheck, for zsh into the file _gatecheck of a folder \
    of $fpath, for fish into ~/.config/fish/completions/gatecheck.fish.
    """

  var shell: Shell?

  static var argument: Parameter<Self>? {
    Parameter(argument: "shell", isRequired: true, \.shell, "Whose script.")
  }

  static var flags: [Parameter<Self>] { [] }

  func perform(in session: Session) -> ExitStatus {
    guard let shell else { return .usage }
    session.output.writeAsIs(shell.script + "\n")
    return .passed
  }
}

enum Shell: String, FlagValue, CaseIterable {
  case bash, zsh, fish

  /// ArgumentParser's, with what it lacks.
  fileprivate var script: String {
    switch self {
    case .bash:
      corrected(
        .bash,
        [
          ("#!/bin/bash\n\n", ""),
          // What holds a slash is not always a path.
          ("_add_completions() {\n", "_add_completions() {\n    [[ \"${1}\" = -W ]] || compopt -o filenames\n"),
          ("complete -o filenames -F _gatecheck gatecheck", Templates.bashWords),
          (
            "{{optional}}",
            Self.flags(.optionalValue).map {
              "        --\($0.key)) choices='\($0.value.words.joined(separator: " "))' ;;"
            }
            .sorted().joined(separator: "\n")
          ),
          ("{{alone}}", Self.letters(.flag)), ("{{valued}}", Self.letters(.option, areCompleted: true)),
        ])
    case .zsh:
      corrected(
        .zsh,
        Self.flags(.option).keys.flatMap { [("--\($0)[", "--\($0)=["), ("{--\($0),", "{--\($0)=,")] }
          // Also where the value is glued to it.
          + Self.letters(.option).map { (",-\($0)}", ",-\($0)+}") } + [
            // FORMAT=FILE
            (
              #"__gatecheck_complete "${___output[@]}""#,
              #"if compset -P "*="; then _files; else __gatecheck_complete "${___output[@]}"; fi"#
            ),
            ("\"${command_line[@]}\")", "\"${command_line[@]}\" 2>/dev/null)"),
            (
              "local -r command_name=",
              """
              # As for the command that help is asked about.
                  if [[ "${words[2]}" = help ]] && ((CURRENT > 2)); then
                      words[2]=()
                      ((CURRENT--))
                  fi
                  local -r command_name=
              """
            ),
          ])
    case .fish:
      Templates.fishPaths
        + corrected(
          .fish,
          [
            (
              #"for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;"#
                + #"__fish_complete_directories (commandline -t) \'\'"#, "__gatecheck_paths $exts"
            ),
            ("(__gatecheck_complete_directories)", "(__gatecheck_paths)"),
            ("command $tokens[1] $argv $tokens", "command $tokens[1] $argv $tokens 2>/dev/null"),
            // Where the cursor stands in the word, which nobody needs and `complete -C` cannot tell.
            ("(__gatecheck_tokens -tC)", "0"),
            (
              "set -l unparsed_tokens (__gatecheck_tokens -pc)\n",
              """
              set -l unparsed_tokens (__gatecheck_tokens -pc)
                  # Also where it is called by its path; and help is asked about a command.
                  set unparsed_tokens[1] gatecheck
                  test "$unparsed_tokens[2]" = help; and set -e unparsed_tokens[2]

              """
            ),
          ])
    }
  }

  /// What a script wants to know of a flag.
  private typealias Known = (short: Character?, words: [String], isCompleted: Bool)

  /// The flags of a kind, of all commands.
  private static func flags(_ kind: ParameterKind) -> [String: Known] {
    func flags<Called: Command>(_: Called.Type) -> [(String, Known)] {
      Called.flags.filter { $0.kind == kind }.map { ($0.name, ($0.short, $0.words(), $0.completion != nil)) }
    }
    return Dictionary(Commands.all.flatMap { flags($0) }) { first, _ in first }
  }

  /// Their short names; of all, or of those whose value can be completed.
  private static func letters(_ kind: ParameterKind, areCompleted: Bool = false) -> String {
    String(flags(kind).values.compactMap { $0.isCompleted || !areCompleted ? $0.short : nil }.sorted())
  }

  private func corrected(_ shell: CompletionShell, _ corrections: [(old: String, new: String)]) -> String {
    corrections.reduce(Gatecheck.completionScript(for: shell)) { $0.replacing($1.old, with: $1.new) }
  }
}
