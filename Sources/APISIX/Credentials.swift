/// What must not be shown of a configuration.
enum Credentials {
  /// Whether a value under this key is a credential as a whole.
  static func isSecret(key: String?) -> Bool {
    guard let key else { return false }
    switch key {
    case "token", "password", "secret_key", "access_key", "passwd", "secret", "key": return true
    default: return false
    }
  }

  /// An address with `***` for the password before its last `@`. An empty password and a `${…}` placeholder are none.
  static func maskedAddress(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    var start = text.startIndex
    if let colon = text[..<at].firstIndex(of: ":"), text[colon..<at].hasPrefix("://") {
      start = text.index(colon, offsetBy: 3)
    }
    if let colon = text[start..<at].firstIndex(of: ":") { start = text.index(after: colon) }
    let secret = text[start..<at]
    if secret.isEmpty || Placeholder.isWord(secret) { return text }
    return text[..<start] + "***" + text[at...]
  }

  static func masked(_ text: String, key: String?) -> String {
    isSecret(key: key) ? "***" : maskedAddress(text)
  }
}
