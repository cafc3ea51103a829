import Inputs

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

  static func masked(_ text: String, key: String?) -> String {
    isSecret(key: key) ? "***" : URLText(text).withUser
  }
}
