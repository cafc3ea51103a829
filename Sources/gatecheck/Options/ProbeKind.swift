import Findings

/// How far --probe goes.
enum ProbeKind: FlagValue, Hashable {
  case tcp, tls
  /// What --probe= was given in place of a word that it takes.
  case unknown(String)

  static let words = ["tcp", "tls"]
  static var wanted: String { words.joined(separator: " or ") }

  init?(flag text: String) { self = text == "tcp" ? .tcp : text == "tls" ? .tls : .unknown(text) }

  var text: String { self == .tls ? "tls" : "tcp" }

  /// Whether it is a word that --probe takes.
  func check() throws(BadWord) {
    guard case .unknown(let text) = self else { return }
    throw BadWord(description: "--probe takes \(Self.wanted), not \(text.isEmpty ? "nothing" : terminalSafe(text))")
  }

  struct BadWord: Error, CustomStringConvertible { let description: String }
}
