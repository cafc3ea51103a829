import Foundation
import TestSupport
import Testing

/// What a `help:` line tells to write, take out or use is done to the fixture as it is told: the finding is gone then,
/// and no other error is there. A finding with a fix is mended by `FixtureTests`; what a machine cannot read is done by
/// hand in `byHand`.
@Suite struct HelpTests {
  /// What a help line tells to do.
  enum Doing: Equatable {
    /// `use 3.17.0 or newer`
    case release(String)
    /// `take it out`
    case remove
    /// `write key: value`, `add key: value under parent`
    case line(key: String, value: String, parent: String?)
    /// `write text`, in the place of what is marked
    case text(String)

    init?(_ help: String) {
      let help = String(help.prefix { $0 != ";" })
      if let match = help.firstMatch(of: #/^use (?:APISIX )?(\d+(?:\.\d+)+) or newer/#) {
        self = .release(String(match.1))
      } else if help.contains(#/^(remove it|leave \w+ out)/#) {
        self = .remove
      } else if let match = help.firstMatch(
        of:
          #/^(?:write|set|add|quote it:|write it as kubectl does:) ([\w-]+): ([^,{]+?|\{[^}]*\}+|\[.*\])(?: under (\w+)|, (?:or|and|without|with) .*)?$/#
      ) {
        self = .line(
          key: String(match.1), value: HelpTests.filled(String(match.2)), parent: match.3.map(String.init))
      } else if let match = help.firstMatch(of: #/^(?:write|use) ([^\s,]+)(?:, .*)?$/#) {
        self = .text(HelpTests.filled(String(match.1)))
      } else {
        return nil
      }
    }
  }

  /// What stands for the words that a user fills in.
  fileprivate static func filled(_ text: String) -> String {
    let values = [
      "PORT": "http", "NAMESPACE": "default", "NAME": "plat-dev", "DOMAIN": "plat-dev.example.org",
      "HOST": "10.5.10.109", "SERVICE": "plat-dev",
      "ACCOUNT": "apisix-test", "VALUE": "default", "ID": "prod", "SERVER": "http://127.0.0.1:8500",
      "PREFIX": "upstreams",
    ]
    return values.reduce(text) { text, value in
      text.replacingOccurrences(
        of: "(?<![\\w-])\(value.key)(?![\\w-])", with: value.value, options: .regularExpression)
    }
  }

  private struct Told {
    let file: String
    let line: Int
    let column: Int
    let end: (line: Int, column: Int)
    let doing: Doing

    init?(_ finding: [String: Any], _ doing: Doing) {
      let range = finding["range"] as? [String: [String: Int]]
      guard let file = finding["file"] as? String, let line = range?["start"]?["line"],
        let column = range?["start"]?["column"], let last = range?["end"]?["line"],
        let end = range?["end"]?["column"]
      else { return nil }
      (self.file, self.line, self.column, self.end, self.doing) = (
        file, line - 1, column - 1, (last - 1, end - 1), doing
      )
    }

    /// The text after it is done; nil where the place is not as simple as that.
    func done(to text: String) -> String? {
      var lines = text.components(separatedBy: "\n")
      let old = lines[line]
      switch doing {
      case .release: return text
      case .remove:
        guard !old.trimmed.hasPrefix("- "), !old.contains("{") else { return nil }
        lines.removeSubrange(line..<block(from: line, in: lines, deeperThan: old.indent))
      case .line(let key, let value, let parent?):
        guard let place = lines.firstIndex(where: { $0.trimmed.hasPrefix("\(parent):") }) else { return nil }
        lines.insert("\(lines[place].spaces)  \(key): \(value)", at: place + 1)
      case .line(let key, let value, nil):
        if let found = old.range(of: "(?<![\\w.-])\(key): ?[^,}]*", options: .regularExpression) {
          lines.removeSubrange(line + 1..<block(from: line, in: lines, deeperThan: max(old.indent, column - 1)))
          lines[line] = old.replacingCharacters(in: found, with: "\(key): \(value)")
        } else {
          // nginx_config is a section of its own.
          let top = key == "nginx_config"
          let indent = top ? 0 : old.prefix { $0 == " " || $0 == "-" }.count
          lines.insert(
            "\(String(repeating: " ", count: indent))\(key): \(value)",
            at: top ? 0 : block(from: line, in: lines, deeperThan: indent))
        }
      case .text(let new):
        guard end.line == line, let start = old.index(old.startIndex, offsetBy: column, limitedBy: old.endIndex),
          let end = old.index(old.startIndex, offsetBy: end.column, limitedBy: old.endIndex)
        else { return nil }
        lines[line] = old.replacingCharacters(in: start..<end, with: new)
      }
      return lines.joined(separator: "\n")
    }

    /// The line behind what belongs to one.
    private func block(from line: Int, in lines: [String], deeperThan indent: Int) -> Int {
      lines[(line + 1)...].firstIndex { $0.trimmed.isEmpty || $0.indent <= indent } ?? lines.count
    }
  }

  private static func isByHand(_ name: String) -> Bool { byHand[name] != nil || byArguments[name] != nil }

  private func lint(_ fixture: FixtureTests.Fixture, in folder: String, _ arguments: [String]) throws -> [[String: Any]]
  {
    let ended = try gatecheck(
      ["lint"] + arguments + ["-o", "json"] + (fixture.target.map { [$0] } ?? []), in: folder)
    return try #require(ended.json()["findings"] as? [[String: Any]])
  }

  private func errors(_ findings: [[String: Any]]) -> Set<String> {
    Set(findings.filter { $0["severity"] as? String == "error" }.compactMap { $0["rule"] as? String })
  }

  @Test(arguments: FixtureTests.all.filter { !isByHand($0.name) && untold[$0.name] == nil }) func whatIsToldHeals(
    fixture: FixtureTests.Fixture
  ) throws {
    let before = try lint(fixture, in: fixture.folder, fixture.arguments)
    for finding in before where finding["fix"] == nil && finding["rule"] as? String == fixture.rule {
      guard let help = finding["help"] as? String else { continue }
      let doing = try #require(Doing(help), "write into `byHand` what is to be done: \(help)")
      let copy = try Folder(copyOf: fixture.folder)
      var arguments = fixture.arguments
      if case .release(let release) = doing {
        if let flag = arguments.firstIndex(of: "--apisix-version") { arguments.removeSubrange(flag...(flag + 1)) }
        arguments += ["--apisix-version", release]
      } else {
        let told = try #require(Told(finding, doing))
        let text = try #require(
          try told.done(to: copy.read(told.file)), "write into `byHand` what is to be done: \(help)")
        try copy.write(told.file, text)
      }
      let after = try lint(fixture, in: copy.path, arguments)
      let left = { (findings: [[String: Any]]) in findings.count { $0["rule"] as? String == fixture.rule } }
      #expect(left(after) < left(before), "\(help)\n\(doing)")
      #expect(errors(after).subtracting(errors(before)).isEmpty, "\(help)\n\(doing)\n\(errors(after))")
    }
  }

  @Test(arguments: FixtureTests.all.filter { isByHand($0.name) }) func whatAPersonDoesHeals(
    fixture: FixtureTests.Fixture
  ) throws {
    let before = try lint(fixture, in: fixture.folder, fixture.arguments)
    let copy = try Folder(copyOf: fixture.folder)
    let file = fixture.target ?? before.lazy.compactMap { $0["file"] as? String }.first ?? ""
    let script = "set -e\nFILE='\(file)'\n" + Self.words + (Self.byHand[fixture.name] ?? "")
    let done = try bash(script, in: copy.path)
    try #require(done.status == 0, "\(done.errors)")
    let arguments = Self.byArguments[fixture.name]?.split(separator: " ").map(String.init) ?? fixture.arguments
    let after = try lint(fixture, in: copy.path, arguments)
    func isNote(_ finding: [String: Any]) -> Bool { finding["severity"] as? String == "note" }
    func told(_ findings: [[String: Any]]) -> [[String: Any]] {
      findings.filter { $0["rule"] as? String == fixture.rule }
    }
    // Of what was worse a note may stay.
    let wasNote = told(before).allSatisfy(isNote)
    let left = told(after).filter { wasNote || !isNote($0) }
    let text = (try? copy.read(file)) ?? ""
    #expect(left.isEmpty, "\(left.map { $0["message"] as? String ?? "" })\n\(text)")
    #expect(errors(after).subtracting(errors(before)).isEmpty, "\(errors(after))\n\(text)")
  }
}

extension String {
  fileprivate var spaces: String { String(prefix { $0 == " " }) }
  fileprivate var indent: Int { spaces.count }
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
