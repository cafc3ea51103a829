import SourceText

/// What a document leaves for its reader to fill in where a credential belongs. It is none, so nothing hides it.
extension SecretPatterns {
  /// Whether a text is such: `...`, `eyJ...`, `xxx`, `***`, `<token>`, `{{token}}`, `@TOKEN@`, `TOKEN`, `changeme`,
  /// `your-token`, `填写token`.
  public static func isUnfilled(_ text: String) -> Bool {
    let text = text.utf8.count > 96 ? text[...] : text.trimmed { $0 == " " || $0 == "\n" || $0 == "\"" || $0 == "'" }
    guard !text.isEmpty, text.utf8.count <= 80 else { return false }
    // No credential has words in Chinese; what an input method leaves around one has no letters.
    if text.unicodeScalars.contains(where: { (0x4E00...0x9FFF).contains($0.value) }) { return true }
    if text.unicodeScalars.allSatisfy({ ".*xX\u{2026}-_#?\u{3002}\u{FF0A}".unicodeScalars.contains($0) }) {
      return text.unicodeScalars.count > 1 || text == "\u{2026}" || text == "*"
    }
    if isCutShort(text) { return true }
    if text.hasPrefix("<"), text.hasSuffix(">"), !text.contains(where: { "\"'`".contains($0) }) { return true }
    if text.hasPrefix("["), text.hasSuffix("]") {
      return !text.contains { !$0.isLetter && !"[]-_ ".contains($0) }
    }
    // `{{ .Values.token }}`; what stands in quotes there may be a credential.
    if text.hasPrefix("{{"), text.hasSuffix("}}"), !text.contains(where: { "\"'`".contains($0) }) { return true }
    // `@KUBE_TOKEN@`, `%TOKEN%`
    let inner = text.dropFirst().dropLast().lowercased()
    if ["@@", "%%"].contains(String([text.first, text.last].compactMap { $0 })),
      inner.utf8.allSatisfy({ $0.isWord && !$0.isDigit || $0 == UInt8(ascii: "-") }),
      ["token", "password", "secret"].contains(where: inner.hasSuffix)
    {
      return true
    }
    let lower = text.lowercased()
    guard lower.unicodeScalars.allSatisfy({ ("a"..."z").contains($0) || "-_ .".unicodeScalars.contains($0) }) else {
      return false
    }
    let words = lower.split { "-_ .".contains($0) }.map(String.init)
    let joined = words.joined()
    if whole.contains(joined) || signs.contains(joined) || joined.hasPrefix("your") { return true }
    return words.last == "here" || words.contains { signs.contains($0) || $0.count > 2 && $0.allSatisfy { $0 == "x" } }
  }

  /// `eyJhbGciOi...`, `ZXlK…`: the beginning, which all tokens have in common.
  private static func isCutShort(_ text: Substring) -> Bool {
    guard text.hasPrefix("eyJ") || text.hasPrefix("ZXlK"), text.has("...") || text.contains("\u{2026}") else {
      return false
    }
    return text.count { $0 != "." && $0 != "\u{2026}" } <= 40
  }

  /// Without what stands between their words.
  private static let whole: Set = [
    "token", "bearertoken", "accesstoken", "satoken", "serviceaccounttoken", "mytoken", "sometoken", "thetoken",
    "clienttoken", "password", "passwd", "mypassword", "secret", "secretkey", "accesskey", "apikey", "example", "tbd",
  ]
  private static let signs: Set = [
    "your", "changeme", "changeit", "replaceme", "replace", "placeholder", "todo", "fixme", "redacted", "masked",
    "omitted", "dummy",
  ]
}
