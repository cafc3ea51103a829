import Foundation
import TestSupport
import Testing

/// Tests/Fixtures: files as users have them. Those of ok/ are silent; err/AREA/NAME.yaml, or the folder of that name,
/// shows the rule AREA/NAME, and NAME.out beside it is what the user reads. NAME.args holds further arguments.
/// NAME+MORE.yaml is another file for the same rule.
@Suite struct FixtureTests {
  struct Fixture: CustomTestStringConvertible, Sendable {
    /// `AREA/NAME` or `AREA/NAME+MORE`.
    let name: String
    var rule: String { String(name.prefix { $0 != "+" }) }
    /// Where gatecheck runs, and on what; without a target on the whole folder.
    let folder: String
    let target: String?
    let arguments: [String]
    var testDescription: String { name }
  }

  static let all: [Fixture] = {
    let root = Checkout.fixtures + "/err"
    let manager = FileManager.default
    return ((try? manager.contentsOfDirectory(atPath: root)) ?? []).sorted().flatMap { area -> [Fixture] in
      let folder = root + "/" + area
      return ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted().compactMap { name -> Fixture? in
        var isFolder: ObjCBool = false
        _ = manager.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
        guard isFolder.boolValue || name.hasSuffix(".yaml") else { return nil }
        let base = isFolder.boolValue ? name : String(name.dropLast(5))
        let arguments = (try? String(contentsOfFile: "\(folder)/\(base).args", encoding: .utf8)) ?? ""
        return Fixture(
          name: "\(area)/\(base)", folder: isFolder.boolValue ? folder + "/" + name : folder,
          target: isFolder.boolValue ? nil : name,
          arguments: arguments.split(whereSeparator: \.isWhitespace).map(String.init))
      }
    }
  }()

  private func lint(_ fixture: Fixture, _ more: String..., in folder: String) throws -> Ended {
    try gatecheck(["lint"] + fixture.arguments + more + (fixture.target.map { [$0] } ?? []), in: folder)
  }

  @Test(arguments: Checkout.files(below: Checkout.fixtures + "/ok"))
  func aRightFileIsSilent(name: String) throws {
    let ended = try gatecheck("lint", "-q", "--fail-on", "note", name, in: Checkout.fixtures + "/ok")
    #expect(ended.output == "")
    #expect(ended.errors == "")
    #expect(ended.status == 0)
  }

  @Test(arguments: all) func aMistakeReadsAndIsMended(fixture: Fixture) throws {
    let report = try Folder()
    let ended = try lint(fixture, "-o", "text", "-o", "json=" + report["json"], in: fixture.folder)
    #expect(ended.output.contains("[\(fixture.rule)]"))
    // The clock's part of a message changes from day to day.
    let output = ended.output.replacing(#/in \d+ days/#, with: "in N days")
      .replacing(#/it is \S+Z here/#, with: "it is NOW here")
    try expectGolden(
      output + "(exit status \(ended.status))\n", "Tests/Fixtures/err/\(fixture.name).out")
    let before = Ended(status: ended.status, output: try report.read("json"), errors: "")
    let fixes = try #require(try before.json()["findings"] as? [[String: Any]]).compactMap { finding in
      (finding["fix"] as? [String: Any]).map { (rule: finding["rule"] as? String ?? "", isSafe: $0["safe"] as? Bool) }
    }
    let safe = Set(fixes.filter { $0.isSafe == true }.map(\.rule))
    let all = Set(fixes.map(\.rule))
    if !all.isEmpty { try mendsForGood(fixture, before, mended: safe, "--fix") }
    if all != safe { try mendsForGood(fixture, before, mended: all, "--fix", "--unsafe-fixes") }
    if !all.isEmpty, let target = fixture.target { try differsAsItMends(fixture, target) }
  }

  /// What --fix says it can mend it mends: the rule is gone, the rest is no worse, and a second run changes nothing.
  private func mendsForGood(_ fixture: Fixture, _ before: Ended, mended: Set<String>, _ flags: String...) throws {
    let copy = try Folder(copyOf: fixture.folder)
    let target = fixture.target.map { [$0] } ?? []
    let first = try gatecheck(["lint"] + fixture.arguments + flags + target, in: copy.path)
    let texts = try copy.names().map(copy.read)
    let after = try lint(fixture, "-o", "json", in: copy.path)
    #expect(mended.isDisjoint(with: after.rules), "still there: \(mended.intersection(after.rules))")
    // A note may come up that a worse finding hid: that a token stands in the file itself.
    let left = after.rules.filter { $0 != "token/inline" && !mended.contains($0) }
    #expect(left.allSatisfy(before.rules.contains), "\(before.rules) -> \(after.rules)")
    let second = try gatecheck(["lint"] + fixture.arguments + flags + target, in: copy.path)
    #expect(try copy.names().map(copy.read) == texts)
    #expect(first.status == second.status)
    #expect(!second.errors.contains(" fixed"))
  }

  /// The diff, applied, turns the file into what --fix writes, unless a credential is hidden in the diff.
  private func differsAsItMends(_ fixture: Fixture, _ target: String) throws {
    let copy = try Folder(copyOf: fixture.folder)
    let original = try copy.read(target)
    let diff = try lint(fixture, "--diff", "--unsafe-fixes", in: copy.path)
    #expect(try copy.read(target) == original)
    if diff.output.hasPrefix("#") { return }
    try copy.write("the.diff", diff.output)
    if !diff.output.isEmpty {
      let patch = try bash("git apply the.diff", in: copy.path)
      #expect(patch.status == 0, "\(patch.output)\(patch.errors)\(diff.output)")
    }
    let other = try Folder([target: original])
    _ = try lint(fixture, "--fix", "--unsafe-fixes", in: other.path)
    #expect(try copy.read(target) == other.read(target))
  }
}
