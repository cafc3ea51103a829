import Inputs
import YAML

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

  /// tinyyaml quotes the line at which it stops.
  static func masked(_ error: YAMLError) -> String {
    guard error.problem != error.message else { return error.problem }
    let line = error.problem.dropFirst(error.message.count)
    let words = line.lowercased().split { !$0.isLetter && !$0.isNumber && !"_-+/=.".contains($0) }
    let isPlain = words.allSatisfy { $0.count < 12 && !isSecret(key: String($0)) }
    return isPlain ? error.problem : error.message + "***"
  }
}
