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
    var all: [LintFile] = []
    for part in ["adc", "standalone", "k8s", "config"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted()
      for name in names {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(part)/\(name)")))
        let clock = ContinuousClock()
        var lines: [String] = []
        let time = clock.measure {
          let (tree, error) = Tree.partial(bytes)
          let kind = FileKind.detect(tree, path: name)?.kind
          lines.append("KIND \(part) \(kind?.rawValue ?? (error == nil ? "none" : "unreadable")) \(part)/\(name)")
          guard let kind else { return }
          let file = LintFile(path: "\(part)/\(name)", kind: kind, tree: tree, error: error)
          let files = [file] + file.embeddedFiles()
          for inner in files.dropFirst() { lines.append("EMBEDDED \(inner.kind.rawValue) \(part)/\(name)") }
          all += files
          let project = Project(files: files, configs: [])
          for finding in files.flatMap({ ResourceRules.check($0, ChartValues.all(in: $0), in: project) }) {
            let line = finding.range?.start.line ?? 0
            lines.append(
              "\(finding.rule) \(finding.severity) \(part)/\(name):\(line) \(finding.message) | \(finding.help ?? "")")
          }
        }
        for line in lines { print("@ \(line)") }
        print("@ TIME \(time.components.attoseconds / 1_000_000_000_000) \(part)/\(name)")
      }
    }
    // All of them as one run: what compares files must not be led astray by those of others.
    let clock = ContinuousClock()
    var count = 0
    let time = clock.measure {
      let project = Project(files: all, configs: [])
      for file in all {
        for finding in ResourceRules.check(file, ChartValues.all(in: file), in: project) {
          count += 1
          print("@@ \(finding.rule) \(finding.severity) \(finding.file ?? "") \(finding.message)")
        }
      }
    }
    print("@@@ \(all.count) files, \(count) findings, \(time)")
  }
}
