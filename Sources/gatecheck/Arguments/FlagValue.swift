import Findings

/// What a flag or argument may be set to.
protocol FlagValue {
  /// Nil for a text that is none.
  init?(flag text: String)
  /// As it is written.
  var text: String { get }
  /// The words that it may be; empty where that is no list.
  static var words: [String] { get }
  /// What it wants to be: "a number".
  static var wanted: String { get }
  /// What is wrong with a text that it cannot be, behind the flag's name.
  static func objection(to text: String) -> String
}

extension FlagValue {
  static var words: [String] { [] }
  static func objection(to text: String) -> String { "wants \(wanted), not '\(terminalSafe(text))'" }
}

extension FlagValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  init?(flag text: String) { self.init(rawValue: text) }
  var text: String { rawValue }
  static var words: [String] { allCases.map(\.rawValue) }
  static var wanted: String { words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "") }
}

extension String: FlagValue {
  init?(flag text: String) { self = text }
  var text: String { self }
  static var wanted: String { "a text" }
}

extension Int: FlagValue {
  init?(flag text: String) { self.init(text) }
  var text: String { description }
  static var wanted: String { "a whole number" }
}

extension Severity: FlagValue {}

/// Seconds.
extension Duration: FlagValue {
  init?(flag text: String) {
    guard let value = Double(text), value > 0, value <= 86_400 else { return nil }
    self = .milliseconds(Int64(value * 1000))
  }

  var text: String { "\(components.seconds)" }
  static var wanted: String { "a number of seconds above 0" }
}

/// `KEY=VALUE`
struct Pair: FlagValue {
  let key: String
  let value: String

  init?(flag text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    (key, value) = (String(parts[0]), String(parts[1]))
  }

  var text: String { "\(key)=\(value)" }
  static var wanted: String { "the form key=value" }
}
