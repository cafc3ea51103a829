import Inputs
import SourceText

/// How gatecheck is called.
enum Program {
  /// kubectl calls a program of this name as its plugin: `kubectl gatecheck`.
  private static let isPlugin = ProgramArguments.program == "kubectl-gatecheck"

  /// A text for people, with each command in it as they type it here.
  static func spoken(_ text: String) -> String { isPlugin ? asPlugin(text) : text }

  static func asPlugin(_ text: String) -> String {
    let firstWords = Set(
      Commands.all.map { $0.name.prefix { $0 != " " } } + ["help", "--help", "<command>", "<subcommand>"])
    var parts = text.parts(between: "gatecheck ").map(String.init)
    for index in parts.indices.dropFirst() {
      let word = parts[index].prefix { $0.isLetter || "-<>".contains($0) }
      let isCommand = firstWords.contains(word) && !"/-.".contains(parts[index - 1].last ?? " ")
      parts[index] = (isCommand ? "kubectl gatecheck " : "gatecheck ") + parts[index]
    }
    return parts.joined()
  }
}
