/// The names of commands, of one word or two, for "did you mean".
public struct CommandNames {
  private let alone: [String]
  /// The first words of those that have two, each with the second ones.
  private let groups: [String: [String]]

  public init(_ names: [String]) {
    let parts = names.map { $0.split(separator: " ").map(String.init) }
    alone = parts.filter { $0.count == 1 }.map { $0[0] } + ["help", "version"]
    groups = Dictionary(grouping: parts.filter { $0.count == 2 }) { $0[0] }.mapValues { $0.map { $0[1] } }
  }

  /// What is told of words that call no command; nil for none, and for a group alone.
  public func mistake(in words: [String]) -> String? {
    guard let first = words.first, !alone.contains(first) else { return nil }
    let second = words.count > 1 ? words[1] : ""
    let isGroup = groups[first] != nil
    if isGroup, second.isEmpty { return nil }
    let told = "There is no command '\(terminalSafe(isGroup ? "\(first) \(second)" : first))'"
    return told + (meant(first, second).map { "; did you mean gatecheck \($0)?" } ?? ".")
  }

  private func meant(_ first: String, _ second: String) -> String? {
    if let group = groups[first] == nil ? nearest(first, among: groups.keys.sorted()) : first {
      let names = groups[group] ?? []
      let name = names.contains(second) ? second : nearest(second, among: names)
      return "\(group) \(name ?? names.joined(separator: ", \(group) "))"
    }
    if let name = ["check": "lint", "validate": "lint"][first] ?? nearest(first, among: alone) { return name }
    if first.contains(where: { "./".contains($0) }) {
      // As it is pasted into a shell.
      let isPlain = first.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./_-".contains($0)) }
      return "lint \(isPlain ? first : "FILE")"
    }
    let others = groups.filter { $0.value.contains(first) }.keys.sorted().map { "\($0) \(first)" }
    return others.last.map { last in
      let rest = others.dropLast().joined(separator: ", gatecheck ")
      return rest.isEmpty ? last : "\(rest) or gatecheck \(last)"
    }
  }
}
