import Findings
import Foundation
import SourceText
import Testing
import YAML

@testable import Lint

/// Runs every rule over a folder of real files, when the environment names one: GATECHECK_CORPUS. They are the work of
/// others and no part of the project.
@Suite struct CorpusTests {
  static let folder = ProcessInfo.processInfo.environment["GATECHECK_CORPUS"]

  /// Prints the findings, one a line, for reading; fails on a crash only, which ends the program.
  @Test(.enabled(if: folder != nil, "GATECHECK_CORPUS names no folder"))
  func everyFileIsReadAndJudged() throws {
    let folder = try #require(Self.folder)
    for part in ["adc", "standalone", "k8s", "config"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted()
      for name in names {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(part)/\(name)")))
        let clock = ContinuousClock()
        var lines: [String] = []
        let time = clock.measure {
          let (tree, error) = Tree.partial(bytes)
          let kind = FileKind.detect(tree)
          lines.append("KIND \(part) \(kind?.rawValue ?? (error == nil ? "none" : "unreadable")) \(part)/\(name)")
          guard let kind else { return }
          let file = LintFile(path: "\(part)/\(name)", kind: kind, tree: tree, error: error)
          let files = [file] + file.embeddedFiles()
          for inner in files.dropFirst() { lines.append("EMBEDDED \(inner.kind.rawValue) \(part)/\(name)") }
          let project = Project(files: files, configs: [])
          for finding in files.flatMap({ ResourceRules.check($0, in: project) }) {
            let line = finding.range?.start.line ?? 0
            lines.append(
              "\(finding.rule) \(finding.severity) \(part)/\(name):\(line) \(finding.message) | \(finding.help ?? "")")
          }
        }
        lines.forEach { print("@ \($0)") }
        print("@ TIME \(time.components.attoseconds / 1_000_000_000_000) \(part)/\(name)")
      }
    }
  }
}
