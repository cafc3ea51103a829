public import APISIX
import Inputs
import SourceText

extension LogRecord {
  /// A sentence of the entry, wherever in it one stands.
  public func said(_ sentence: Sentence) -> Words? {
    var next = words
    while let words = next {
      if words.sentence == sentence { return words }
      next = words.cause
    }
    return nil
  }

  /// The first of several.
  func said(anyOf sentences: [Sentence]) -> Words? {
    for sentence in sentences {
      if let words = said(sentence) { return words }
    }
    return nil
  }

  /// The file of Lua that says it, with as much of its path as the log has.
  var file: String { said(.raised)?[.file] ?? "" }

  /// The text as far as the trace of calls.
  var firstLine: Substring { text.prefix { $0 != "\n" && $0 != "\r\n" } }
}

extension Words {
  /// Of a line of Lua the file and its line, as `Sentence.places` has them.
  var place: String? {
    guard let file = self[.file], let line = self[.line] else { return nil }
    return "\(file.split(separator: "/").last ?? ""):\(line)"
  }

  /// What stands for `<cause>`, whether it is a sentence or none, fit to be shown.
  var reason: String { shown(cause?.text(in: .newest) ?? self[.cause] ?? self[.problem] ?? "") }
}

/// A piece of a line as it may be shown: without secrets, in one line, cut where it is long.
func shown(_ text: some StringProtocol) -> String {
  // Most are short and plain, and need no look at each character.
  if text.utf8.count <= 160, text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) {
    return SecretPatterns.hidden(String(text), isPiece: true)
  }
  let line = text.prefix(600).split(whereSeparator: \.isNewline).joined(separator: " ")
  let hidden = SecretPatterns.hidden(line, isPiece: true)
  return hidden.count <= 160 ? hidden : hidden.prefix(157) + "…"
}

/// A server's URL, or its address, without user and password.
func server(_ text: String) -> String { shown(URLText(text).withoutUser) }
