import Foundation
import TestSupport
import Testing

/// The command lines that gatecheck prints, in help of findings and in pages: people paste them.
@Suite struct PrintedCommandTests {
  /// As they stand in the sources, with `x` in the place of what is filled in.
  static let all: [String] = {
    var found: Set<String> = []
    for name in Checkout.files(below: Checkout.path("Sources"), suffix: ".swift") {
      guard let text = try? Checkout.text("Sources/" + name) else { continue }
      let code = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
      let plain = code.replacing(#/"\s*\n\s*\+ "/#, with: "").replacing(#/\\\n\s*/#, with: "")
        .replacing(#/\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/#, with: "x")
      let commands = #/gatecheck ((?:rbac|token|lint|resolve|explain|rules|config|schema|completion)\b[^"`\n]*)/#
      for match in plain.matches(of: commands) { found.insert(command(String(match.1))) }
    }
    return found.sorted()
  }()

  /// What is to be typed of a text that goes on behind it.
  private static func command(_ text: String) -> String {
    let end = #/\\|, |; |;$| \| | \(|\)|\. |\.$| #| > | …|…|: | (?:says|checks|lists|prints|names|judges|asks|shows)\b/#
    return (text.firstMatch(of: end).map { String(text[..<$0.range.lowerBound]) } ?? text)
      .replacingOccurrences(of: "RULE", with: "token/expired")
      // Where it is printed the way to config.yaml stands behind it.
      .replacingOccurrences(of: "--registry x", with: "--registry consul --config config.yaml").trimmingCharacters(
        in: .whitespaces)
  }

  @Test func thereAreManyOfThem() { #expect(Self.all.count > 30) }

  @Test(arguments: all) func itParses(command: String) throws {
    // The page about selectors shows one that names no rule.
    if command.contains("token/expird") { return }
    let folder = try Folder()
    let ended = try bash("gatecheck " + command, in: folder.path)
    #expect(ended.status != 2, "\(ended.errors)")
    #expect(!ended.errors.contains("Usage:"), "\(ended.errors)")
  }
}
