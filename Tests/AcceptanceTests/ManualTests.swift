import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// The pages that scripts/man.sh makes of what --help says.
@Suite struct ManualTests {
  /// The pages of the manual, one a command, and one for each group of them.
  static let pages: Set<String> = {
    let names = Commands.all.map { $0.name.split(separator: " ") }
    return Set(
      names.flatMap { [$0.prefix(0), $0.prefix(1), $0[...]] }.map { (["gatecheck"] + $0).joined(separator: "-") })
  }()

  private static let mandoc = DebianProgram("mandoc")

  private func manual() throws -> Folder {
    let folder = try Folder()
    let ended = try execute(
      Checkout.path("scripts/man.sh"), [folder.path, Checkout.binary], environment: ["SOURCE_DATE_EPOCH": "1700000000"])
    try #require(ended.status == 0 && ended.errors == "", "\(ended.errors)")
    return folder
  }

  @Test(.enabled(if: mandoc != nil, "no mandoc found")) func mandocFindsNothingInThePages() throws {
    let mandoc = try #require(Self.mandoc)
    let folder = try manual()
    #expect(folder.names().count == Self.pages.count)
    let ended = try execute(mandoc.path, ["-T", "lint"] + folder.names(), in: folder.path)
    #expect(ended.status == 0 && ended.output == "" && ended.errors == "", "\(ended)")
  }

  /// All that --help says stands in the page.
  @Test(.enabled(if: mandoc != nil, "no mandoc found")) func thePagesSayWhatHelpSays() throws {
    let mandoc = try #require(Self.mandoc)
    let folder = try manual()
    for page in Self.pages {
      let shown = try execute(mandoc.path, ["-T", "ascii", "\(page).1"], in: folder.path)
      let text = words(shown.output.replacing(#/.\u{8}/#, with: ""))
      #expect(text.contains("2023-11-14") && text.contains("gatecheck 0."))
      let command = page.split(separator: "-").dropFirst().map(String.init)
      let help = try gatecheck(["help"] + command, environment: ["COLUMNS": "100000"]).output
      let told = help.split(separator: "\n").map {
        words($0.replacing(#/^(OVERVIEW|USAGE|ARGUMENTS|OPTIONS|SUBCOMMANDS):|^  See .*/#, with: ""))
      }.filter { !$0.isEmpty }
      #expect(told.count > 3)
      for line in told { #expect(text.contains(line), "\(page) lacks: \(line)") }
    }
  }

  private func words(_ text: some StringProtocol) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
