import Inputs
import JSON
import SourceText
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
  static func masked(_ error: YAMLError, in text: SourceText) -> String {
    guard error.problem != error.message else { return error.problem }
    let line = error.problem.dropFirst(error.message.count)
    let words = line.split { !$0.isLetter && !$0.isNumber && !"_-+/=.".contains($0) }
    let isPlain = words.allSatisfy { word in
      !isSecret(key: word.lowercased())
        && (word.count < 12 || isOrdinary(word) && !isBelowSecret(line: error.position.line, in: text))
    }
    return isPlain ? error.problem : error.message + "***"
  }

  private static func isOrdinary(_ word: Substring) -> Bool {
    !word.contains(where: \.isNumber) && (word.lowercased() == word || word.uppercased() == word)
  }

  /// Whether the last key above a line has a credential, which may go on there.
  private static func isBelowSecret(line: Int, in text: SourceText) -> Bool {
    for number in stride(from: line - 1, to: 0, by: -1) {
      // A colon in a comment makes no key.
      guard let above = text.line(number), let colon = above.firstIndex(of: ":"),
        !above[..<colon].split(separator: " ").contains(where: { $0.hasPrefix("#") })
      else { continue }
      return above[..<colon].lowercased().split { !$0.isLetter }.contains { isSecret(key: String($0)) }
    }
    return false
  }
}

extension JSONValue {
  /// With `***` for each value that bears the name of a credential: of what a service tells of itself.
  var withoutCredentials: JSONValue {
    switch self {
    case .array(let items): .array(items.map(\.withoutCredentials))
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { member in
            let isHidden = CredentialName.isOne(member.key.utf8) && member.value.mayBeSecret
            return .init(
              key: member.key, value: isHidden ? .string(SecretPatterns.mask) : member.value.withoutCredentials)
          }))
    default: self
    }
  }

  private var mayBeSecret: Bool {
    switch self {
    case .string, .number, .array: true
    case .null, .bool, .object: false
    }
  }
}
