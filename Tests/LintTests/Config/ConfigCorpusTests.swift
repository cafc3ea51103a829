import APISIX
import Findings
import Foundation
import Testing

@testable import Lint

/// Runs the rules of config.yaml over a folder of real files, when the environment names one: GATECHECK_CORPUS. They
/// are the work of others and no part of the project.
@Suite struct ConfigCorpusTests {
  static let folder = ProcessInfo.processInfo.environment["GATECHECK_CORPUS"]

  /// Prints how often each rule speaks and what took longest; fails on a crash only, which ends the program.
  @Test(.enabled(if: folder != nil, "GATECHECK_CORPUS names no folder"))
  func everyFileIsJudged() throws {
    let folder = try #require(Self.folder) + "/config"
    var counts: [String: Int] = [:]
    var times: [(Duration, String)] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
      var findings: [Finding] = []
      let time = ContinuousClock().measure {
        for release in [Release.newest, Release(3, 12), .oldest] {
          let found = ConfigSample.lint(bytes, Conditions(release: release))
          if release == .newest { findings = found }
        }
      }
      times.append((time, name))
      for finding in findings { counts["\(finding.rule) \(finding.severity)", default: 0] += 1 }
    }
    for (rule, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) { print("\(count) \(rule)") }
    for (time, name) in times.sorted(by: { $0.0 > $1.0 }).prefix(3) { print("\(time) for three releases: \(name)") }
  }
}
