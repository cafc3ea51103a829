import Findings
import SourceText
import Testing
import YAML

@testable import APISIX
@testable import Lint

/// A run over some files, as the linter makes it.
struct Run {
  let files: [LintFile]
  let project: Project

  init(_ texts: [(path: String, text: String)], configs: [ConfigFacts] = [], release: Release = .newest) throws {
    files = try texts.flatMap { path, text in
      let (tree, error) = Tree.partial(Array(text.utf8))
      let kind = try #require(FileKind.detect(tree, path: path)).kind
      let file = LintFile(path: path, kind: kind, tree: tree, error: error)
      return [file] + file.embeddedFiles()
    }
    project = Project(files: files, configs: configs) { _ in release }
  }

  init(_ text: String, path: String = "file.yaml", configs: [ConfigFacts] = [], release: Release = .newest) throws {
    try self.init([(path, text)], configs: configs, release: release)
  }

  var findings: [Finding] { files.flatMap { ResourceRules.check($0, ChartValues.all(in: $0), in: project) } }
  var rules: [String] { findings.map(\.rule.id) }

  /// The texts of the first finding of a rule: message, what is marked, and the file after its fix.
  func first(_ rule: String) throws -> Finding { try #require(findings.first { $0.rule.id == rule }) }

  func marked(_ rule: String) throws -> String {
    let range = try #require(try first(rule).range)
    let bytes = files[0].text.bytes
    return String(decoding: bytes[range.start.offset..<range.end.offset], as: UTF8.self)
  }

  /// The first file after the fixes of a rule, each checked to be safe or not.
  func fixed(_ rule: String, safe: Bool = true) throws -> String {
    let fix = try #require(try first(rule).fix)
    #expect(fix.safe == safe)
    return String(decoding: TextEdit.apply(fix.edits, to: files[0].text.bytes).bytes, as: UTF8.self)
  }

  /// The rules that still speak after the fix of one.
  func rulesAfterFix(_ rule: String, safe: Bool = true) throws -> [String] {
    try Run(
      fixed(rule, safe: safe), path: files[0].path, configs: project.configs, release: project.release(files[0].path)
    ).rules
  }
}
