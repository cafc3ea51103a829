import Findings

/// What a flag or argument may be set to.
protocol FlagValue {
  /// Nil for a text that is none.
  init?(flag text: String)
  /// As it is written.
  var text: String { get }
  /// The words that it may be; empty where that is no list.
  static var words: [String] { get }
  /// What shells complete it with, where its parameter does not say.
  static var completion: Completion? { get }
  /// What it wants to be: "a number".
  static var wanted: String { get }
  /// What is wrong with a text that it cannot be, behind the flag's name.
  static func objection(to text: String) -> String
}

extension FlagValue {
  static var words: [String] { [] }
  static var completion: Completion? { words.isEmpty ? nil : .words { words } }
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
extension Language: FlagValue {
  init?(flag text: String) { self.init(locale: text) }
}

/// Seconds of a number with s, m, h or d behind it, or of seconds alone.
func seconds(in text: String) -> Double? {
  let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
  let unit = text.last.flatMap { units[$0] }
  return Double(unit == nil ? text[...] : text.dropLast()).map { $0 * (unit ?? 1) }
}

/// Seconds.
extension Duration: FlagValue {
  init?(flag text: String) {
    guard let value = gatecheck.seconds(in: text), value > 0, value <= 86_400 else { return nil }
    self = .milliseconds(Int64(value * 1000))
  }

  var text: String { "\(components.seconds)" }
  static var wanted: String { "a number of seconds above 0" }
}

/// A time to come, as it was typed and in seconds.
struct Span: FlagValue {
  let text: String
  let seconds: Int

  init?(flag text: String) {
    guard let value = gatecheck.seconds(in: text), value >= 1, value <= Double(1 << 32) else { return nil }
    (self.text, self.seconds) = (text, Int(value))
  }

  static var wanted: String { "a time such as 12h or 14d" }
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
