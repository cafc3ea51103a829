import APISIX
import Findings
import Foundation
import Inputs
import Testing

@testable import Lint

/// The cases that APISIX itself was asked: lint has an error for whatever it refuses, and none for what it takes
/// and serves.
@Suite struct ConfigConformanceTests {
  /// What lint may say of a file that APISIX starts with. Each of these is true of the cases where it is said: the
  /// file does not do what its author meant.
  static let allowed: Set<String> = [
    // Keys and sections that APISIX passes over in silence.
    "discovery/unknown-key", "discovery/registry-empty", "discovery/not-top-level", "yaml/duplicate-key",
    "yaml/several-documents",
    // The API server will not take it: a token that is cut off, or sent with a variable nobody fills in.
    "token/truncated", "token/placeholder", "kubernetes/label-selector-grammar", "kubernetes/plain-http",
    "kubernetes/final-line-break",
    // Expressions and names that select nothing, or everything.
    "kubernetes/expression-broken", "kubernetes/expression-is-glob", "kubernetes/expression-never-matches",
    // One of two credentials is never looked at.
    "kubernetes/token-and-file",
    // 010 and 1:0.
    "discovery/number-form",
    // Addresses and prefixes with which every fetch fails, and fetching each second.
    "nacos/prefix", "eureka/address", "dns/server-not-ip",
    "dns/no-nameserver", "discovery/fetch-interval-load",
    // An error in APISIX's own log.
    "discovery/start-log",
  ]

  /// Those with which APISIX starts, and no request to a service of the registry is ever answered.
  static let breaking: Set<String> = [
    "discovery/registry-empty", "discovery/not-top-level", "discovery/start-log", "token/placeholder",
    "kubernetes/label-selector-grammar", "kubernetes/final-line-break", "kubernetes/expression-broken",
    "kubernetes/expression-never-matches", "nacos/prefix", "eureka/address", "dns/server-not-ip",
    "dns/no-nameserver",
    // A registry whose indentation is none stands beside discovery, not below it.
    "yaml/input-method",
  ]

  @Test(arguments: try LintCase.all) func agrees(_ entry: LintCase) {
    let findings = ConfigSample.lint(Array(entry.yaml.utf8), entry.conditions)
    let errors = findings.filter { $0.severity == .error }
    if entry.isValid {
      #expect(errors.filter { !Self.breaking.contains($0.rule.id) }.map(\.message) == [])
      #expect(findings.filter { $0.severity == .warning && !Self.allowed.contains($0.rule.id) }.map(\.rule.id) == [])
      if entry.logsAnError { #expect(findings.contains { $0.severity != .note }) }
    } else {
      #expect(!errors.isEmpty)
      #expect(errors.allSatisfy { $0.range != nil })
    }
  }

  /// `object matches none of the required` never goes without a rule of its own.
  @Test func theKubernetesMessageIsAlwaysExplained() throws {
    let generic: Set<String> = ["discovery/invalid-value", "discovery/start-failure"]
    let unexplained = try LintCase.all.filter { entry in
      guard entry.message?.contains("object matches none of the required") ?? false else { return false }
      let errors = ConfigSample.lint(Array(entry.yaml.utf8), entry.conditions).filter { $0.severity == .error }
      return errors.allSatisfy { generic.contains($0.rule.id) }
    }
    #expect(unexplained.map(\.testDescription) == [])
  }
}

struct LintCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let yaml: String
  let isValid: Bool
  let message: String?
  let logsAnError: Bool
  let conditions: Conditions

  static var all: [LintCase] {
    get throws {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "APISIXTests/Conformance/config-cases.jsonl")
      return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
        try LintCase(#require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]))
      }
    }
  }

  init(_ object: [String: Any]) throws {
    let id = try #require(object["id"] as? String)
    testDescription = try id + " " + #require(object["about"] as? String)
    yaml = try #require(object["yaml"] as? String)
    isValid = try #require(object["valid"] as? Bool)
    message = object["message"] as? String
    logsAnError = (object["log"] as? [String] ?? []).contains { $0.hasPrefix("error: ") }
    let environment = try #require(object["env"] as? [String: String])
    let files = (object["files"] as? [String: Any] ?? [:]).compactMapValues { $0 as? String }
    conditions = Conditions(
      environment: .known(environment),
      files: { path in
        // The cases were run on a machine that has it.
        if path == "/etc/resolv.conf" { return .content(Array("nameserver 127.0.0.1\n".utf8)) }
        return files[path].map { .content(Array($0.utf8)) } ?? .missing
      })
  }
}
