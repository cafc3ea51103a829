import Foundation

/// A text in English and the same in Chinese: what is to be typed, searched for or looked up is in both alike.
enum Twin {
  static func isChinese(_ character: Character) -> Bool {
    character.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
  }

  /// What stands between backticks.
  static func spans(in text: String) -> Set<String> { Set(text.matches(of: #/`([^`\n]+)`/#).map { String($0.1) }) }

  /// Code, keys, commands, ids and numbers. Outside of backticks a word shows by its letters that it is one of them:
  /// `watch_endpoint_slices`, `config.yaml`, `ClusterRole`, `--probe`, `3.13`, `503`.
  static func names(in text: String) -> Set<String> {
    let names = words(in: text.replacing(#/`[^`\n]+`/#, with: " ")).filter {
      $0.contains(#/[_$]|--[a-z]|[a-z][A-Z]|[a-z]\.[a-z]|[a-z]\/[a-z]|[0-9][0-9.,]*[0-9]/#)
        && $0.wholeMatch(of: #/[a-z0-9]+-[a-z]+/#) == nil
    }
    return spans(in: text).union(names)
  }

  /// What is so called in Chinese, where the English text may say slice or server.
  private static let common = " API Server IP EndpointSlice Pod "

  /// Names of one text that the other has not.
  static func missing(of text: String, in other: String) -> [String] {
    names(in: text).filter { !(other + common).contains($0) }.sorted()
  }

  /// Words in Latin letters that the English text has not: they should have been Chinese.
  static func strangers(in text: String, beside english: String) -> [String] {
    let known = (english + common).lowercased()
    return words(in: text).filter { !$0.isEmpty && !known.contains($0.lowercased()) }
  }

  /// Without the signs of the sentence and the ending of a plural.
  private static func words(in text: String) -> [String] {
    text.matches(of: #/[A-Za-z0-9_.\/:{}$*@-]+/#).map {
      let bare = $0.0.trimmingCharacters(in: CharacterSet(charactersIn: ".,;:()-"))
      return bare.count > 3 && bare.hasSuffix("s") ? String(bare.dropLast()) : bare
    }
  }

  /// Signs of one script in the other: no blank between Chinese and Latin letters, or a half-width sign behind Chinese.
  static func slips(in text: String) -> [String] {
    let han = "[\\x{4E00}-\\x{9FFF}]"
    let latin = "[A-Za-z0-9`]"
    let pattern = "\(han)\(latin)|\(latin)\(han)|\(han)[,;:!?.](?!\\w)|[，。；：、] | [，。；：、]"
    guard let slip = try? Regex(pattern) else { return ["no pattern: \(pattern)"] }
    return text.matches(of: slip).map { String(text[$0.range]) }
  }
}
