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

  /// An address without the `user:password` before its last `@`.
  static func maskedAddress(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    var start = text.startIndex
    var index = text.startIndex
    while index < at {
      if text[index...].hasPrefix("://") {
        start = text.index(index, offsetBy: 3)
        break
      }
      index = text.index(after: index)
    }
    return text[..<start] + "***" + text[at...]
  }

  static func masked(_ text: String, key: String?) -> String {
    isSecret(key: key) ? "***" : maskedAddress(text)
  }
}
