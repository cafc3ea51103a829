import Foundation
import Inputs
import JSON
import Testing

@testable import APISIX

/// What the real APISIX 3.18.0 says of whole files. The floors may only rise.
@Suite struct ConformanceTests {
  @Test func everyCaseHasTheVerdictOfTheRealThing() throws {
    var score = Score()
    for entry in try Case.all { score.add(entry) }
    for failure in score.failures { print(failure) }
    print(score.summary)
    #expect(score.cases == 504)
    #expect(score.right["accepts", default: 0] >= 504)
    #expect(score.right["stage", default: 0] >= 504)
    #expect(score.right["message", default: 0] >= 504)
    #expect(score.right["masked message", default: 0] >= 504)
    #expect(score.right["where", default: 0] >= 504)
    #expect(score.right["process", default: 0] >= 504)
    #expect(score.right["log", default: 0] >= 504)
    // The one that is missing holds what consul_kv writes into its section after it started.
    #expect(score.right["resolved", default: 0] >= 503)
    #expect(score.right["older schema", default: 0] >= 504)
  }
}

/// What `apisix init` of older releases says of the same files.
@Suite struct OlderConformanceTests {
  @Test func everyVerdictIsThatOfTheRelease() throws {
    let cases = try Dictionary(uniqueKeysWithValues: Case.all.map { ($0.id, $0) })
    var right = 0
    var messages = 0
    let rows = try Case.rows("older-cases")
    for row in rows {
      let name = try #require(row["id"] as? String)
      let release = try #require(row["release"] as? String)
      let origin = try #require(row["config_case"] as? String)
      let entry = try #require(cases[origin])
      var conditions = entry.conditions
      conditions.release = try #require(Release(parsing: release))
      let verdict = judge(Array(entry.yaml.utf8), conditions)
      let isRefused = verdict.stage == .cli || verdict.stage == .yaml
      #expect(isRefused != row["valid"] as? Bool, "\(name) \(entry.about): \(verdict.message ?? "accepted")")
      let message = row["message"] as? String
      if isRefused != row["valid"] as? Bool { right += 1 }
      if isRefused ? verdict.refusal?.exact.text(in: verdict.release) == message : message == nil {
        messages += 1
      }
    }
    #expect(right == 323)
    // The others name the line of a Lua error, or another of several faults.
    #expect(messages >= 314)
  }
}

private struct Score {
  var cases = 0
  var right: [String: Int] = [:]
  var failures: [String] = []
  var byRegistry: [String: (right: Int, all: Int)] = [:]

  var summary: String {
    let parts = right.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let registries = byRegistry.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.right)/\($0.value.all)" }
    return (["conformance: \(cases) cases"] + parts + registries).joined(separator: ", ")
  }

  mutating func add(_ entry: Case) {
    let verdict = judge(Array(entry.yaml.utf8), entry.conditions)
    cases += 1
    let before = failures.count
    check("accepts", verdict.accepts.map { "\($0)" }, "\(entry.valid)", entry)
    check("stage", verdict.stage?.rawValue, entry.stage, entry)
    check("message", verdict.refusal?.exact.text(in: verdict.release), entry.message, entry)
    check("masked message", verdict.message, entry.message, entry)
    check("where", verdict.refusal?.location, entry.location, entry)
    check("process", verdict.process?.rawValue, entry.process, entry)
    let log = verdict.log.map { $0.words.logged(in: verdict.release) }
    check("log", log.joined(separator: "\n"), entry.log.joined(separator: "\n"), entry)
    check("older schema", older(verdict), entry.older, entry)
    if entry.valid {
      check("resolved", verdict.resolved.map { plain(JSONValue($0)) } ?? "null", entry.resolved, entry)
    } else {
      right["resolved", default: 0] += 1
    }
    byRegistry[entry.registry, default: (0, 0)].all += 1
    if failures.count == before { byRegistry[entry.registry, default: (0, 0)].right += 1 }
  }

  private mutating func check(_ what: String, _ found: String?, _ expected: String?, _ entry: Case) {
    if found == expected {
      right[what, default: 0] += 1
    } else {
      failures.append(
        "\(entry.id) \(entry.about): \(what)\n  found    \(found ?? "nil")\n  expected \(expected ?? "nil")")
    }
  }

  /// Whether the older schemas take the section as 3.18 types it; a section that is not filled in is not taken.
  private func older(_ verdict: Verdict) -> String {
    let unfilled = verdict.refusal?.words.sentence == .variableMissing
    return Case.olderReleases.map { name in
      let answer: Bool? =
        if unfilled {
          false
        } else if let release = Release(parsing: name) {
          older(verdict, release)
        } else {
          nil
        }
      return "\(name) \(answer.map { "\($0)" } ?? "null")"
    }.joined(separator: ", ")
  }

  private func older(_ verdict: Verdict, _ release: Release) -> Bool? {
    guard verdict.root != nil else { return nil }
    guard let section = verdict.discovery, section.bool != false else { return verdict.refusal == nil ? true : nil }
    guard let table = section.table else { return nil }
    var answer: Bool? = true
    for entry in table.entries {
      guard let kind = entry.key.string.flatMap(RegistryKind.init(rawValue:)), let schema = kind.schema(in: release)
      else {
        answer = nil
        continue
      }
      var validator = Validator(registry: kind.rawValue, .first)
      validator.check(entry.value, against: schema)
      if !validator.violations.isEmpty { return false }
    }
    return answer
  }
}

/// Sorted keys; an empty list and an empty map are one, as in Lua.
private func plain(_ value: JSONValue) -> String {
  switch value {
  case .object(let object):
    let members = object.members.sorted { $0.key < $1.key }.map { "\($0.key): \(plain($0.value))" }
    return "{" + members.joined(separator: ", ") + "}"
  case .array(let items): return items.isEmpty ? "{}" : "[" + items.map(plain).joined(separator: ", ") + "]"
  case .number(let number): return LuaNumber.text(number)
  case .string(let text): return "\"\(text)\""
  case .bool(let bool): return "\(bool)"
  case .null: return "null"
  }
}

struct Case {
  let id: String
  let registry: String
  let about: String
  let yaml: String
  let valid: Bool
  let message: String?
  let stage: String?
  let process: String?
  let location: String?
  let log: [String]
  let resolved: String
  let older: String
  let conditions: Conditions

  static let olderReleases = ["3.9.1", "3.2.2", "2.15.3", "2.13.3"]

  static var all: [Case] {
    get throws {
      try rows("config-cases").map { try Case($0) }
    }
  }

  static func rows(_ name: String) throws -> [[String: Any]] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Conformance/\(name).jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  init(_ object: [String: Any]) throws {
    id = try #require(object["id"] as? String)
    registry = try #require(object["registry"] as? String)
    about = try #require(object["about"] as? String)
    yaml = try #require(object["yaml"] as? String)
    valid = try #require(object["valid"] as? Bool)
    message = object["message"] as? String
    stage = object["stage"] as? String
    process = object["process"] as? String
    location = object["where"] as? String
    log = object["log"] as? [String] ?? []
    resolved = plain(Self.json(object["resolved"]))
    let answers = object["older_schema"] as? [String: Any] ?? [:]
    older = Self.olderReleases.map { "\($0) \((answers[$0] as? Bool).map { "\($0)" } ?? "null")" }
      .joined(separator: ", ")
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

  static func json(_ value: Any?) -> JSONValue {
    switch value {
    case let number as NSNumber where CFBooleanCheck.isBool(number): .bool(number.boolValue)
    case let number as NSNumber: .number(number.doubleValue)
    case let text as String: .string(text)
    case let items as [Any]: .array(items.map { json($0) })
    case let members as [String: Any]:
      .object(JSONObject(members.map { JSONObject.Member(key: $0.key, value: json($0.value)) }))
    default: .null
    }
  }
}

private enum CFBooleanCheck {
  static func isBool(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
