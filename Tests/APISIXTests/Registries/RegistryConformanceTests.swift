import Foundation
import JSON
import Testing

@testable import APISIX

/// What the real APISIX asked consul, consul_kv, nacos, eureka and dns, and the nodes that it made of their answers.
/// The floors may only rise.
@Suite struct RegistryConformanceTests {
  @Test func everyCaseIsAnsweredAsByTheRealThing() throws {
    let score = try Score("registries-cases")
    #expect(score.cases == 71)
    for field in ["nodes", "check", "exception", "error", "log"] {
      #expect(score.right[field, default: 0] >= 71, "\(field)")
    }
    // The one that is missing ends in a Lua error, after which APISIX asks for no other service.
    #expect(score.right["requests", default: 0] >= 70)
  }

  @Test func olderReleasesToo() throws {
    let score = try Score("older-registries-cases")
    #expect(score.cases == 168)
    // Those that are missing: an error of the oldest ones with its line, what a timer logs meanwhile, and requests as
    // above.
    for (field, right) in [
      ("nodes", 168), ("check", 168), ("exception", 164), ("error", 168), ("log", 162), ("requests", 166),
    ] {
      #expect(score.right[field, default: 0] >= right, "\(field)")
    }
  }

  private struct Score {
    var cases = 0
    var right: [String: Int] = [:]

    init(_ name: String) throws {
      for entry in try RegistryCase.all(name) {
        cases += 1
        for (field, expected, found) in try entry.comparisons() {
          if expected == found {
            right[field, default: 0] += 1
          } else {
            print("\(entry.id) \(entry.about): \(field)\n  expected \(expected)\n  found    \(found)")
          }
        }
      }
      print(name, right.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
  }
}

private struct RegistryCase {
  let json: JSONValue
  let kind: RegistryKind
  let release: Release
  let section: LuaValue
  var id: String { json["id"]?.string ?? "" }
  var about: String { json["about"]?.string ?? "" }
  var serviceName: String { json["service_name"]?.string ?? "" }

  static func all(_ name: String) throws -> [RegistryCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Conformance/\(name).jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let json = try JSONValue.parse(String(line))
      let kind = try #require(json["registry"]?.string.flatMap(RegistryKind.init(rawValue:)))
      let release = try #require(Release(parsing: json["release"]?.string ?? "3.18.0"))
      let config = #"{"discovery": {"\#(kind.key)": \#((json["config"] ?? .null).text())}}"#
      let section = try #require(DiscoveryConfig(Array(config.utf8)).registries.first?.value)
      return RegistryCase(json: json, kind: kind, release: release, section: section)
    }
  }

  func comparisons() throws -> [(String, String, String)] {
    var asked: [RegistryQuestion] = []
    // Nacos is asked for what upstreams name, and for nothing else.
    var asking = try kind == .nacos ? (json["upstreams"]?.array ?? []).map(lookup) : [lookup(nil)]
    for index in asking.indices { asking[index].asksAll = true }
    let wanted = try lookup(["service_name": json["service_name"], "discovery_args": json["discovery_args"]])
    let same = asking.first {
      kind != .nacos || $0.serviceName == wanted.serviceName && $0.arguments == wanted.arguments
    }
    var found: Resolution?
    for second in [nil, json["then"]] where found == nil || second != nil {
      var answers = RegistryAnswers()
      for lookup in asking {
        while case let questions = kind.questions(lookup, after: answers), !questions.isEmpty {
          if found == nil { asked += questions }
          for question in questions { answers[question] = reply(to: question, second: second) }
        }
      }
      found = kind.nodes(same ?? wanted, same == nil ? RegistryAnswers() : answers, after: found)
    }
    guard let found else { return [] }
    return [
      ("nodes", plain(json["nodes"]), plain(found.nodes.map { .array($0.map(\.json)) })),
      ("check", json["check"]?.string ?? "-", found.check?.text(in: release) ?? "-"),
      ("exception", json["exception"]?.string ?? "-", found.exception?.text(in: release) ?? "-"),
      ("error", json["error"]?.string ?? "-", found.error?.text(in: release) ?? "-"),
      (
        "log", json["log"]?.string ?? "-",
        found.log.isEmpty ? "-" : found.log.map { $0.logged(in: release) }.joined(separator: "; ")
      ),
      ("requests", lines((json["requests"]?.array ?? []).map(line)), lines(asked.map(line))),
    ]
  }

  private func lookup(_ upstream: JSONValue?) throws -> RegistryLookup {
    var lookup = RegistryLookup(
      upstream?["service_name"]?.string ?? serviceName, of: kind, section, in: release)
    for member in upstream?["discovery_args"]?.object?.members ?? [] {
      lookup.arguments[member.key] = member.value.string
    }
    lookup.scheme = upstream?["scheme"]?.string ?? "http"
    return lookup
  }

  // MARK: The server

  private func reply(to question: RegistryQuestion, second: JSONValue?) -> RegistryReply {
    switch question {
    case .http(let request):
      let path = String(target(request).prefix { $0 != "?" })
      guard let answer = second?[path] ?? json["server"]?[path], let status = answer["status"]?.int else {
        return .http(status: 404, body: [])
      }
      let body = answer["body"] ?? .null
      return .http(status: status, body: Array((body.string ?? body.text()).utf8))
    case .dns(let name, let type): return zone(name, type)
    case .address(let name):
      return .addresses((json["zone"]?[name]?["A"]?.array ?? []).compactMap(\.string))
    }
  }

  private func zone(_ name: String, _ type: DNSType) -> RegistryReply {
    guard let node = json["server"]?[name] else { return .dns(code: 3, []) }
    let own = (node[type.rawValue]?.array ?? []).map { record(type, $0) }
    guard own.isEmpty, let target = node["CNAME"]?.array?.first?.string else { return .dns(code: 0, own) }
    guard case .dns(let code, let records) = zone(target, type) else { return .nothing }
    return .dns(code: code, [.cname(target)] + records)
  }

  private func record(_ type: DNSType, _ value: JSONValue) -> DNSRecord {
    let parts = value.array ?? []
    return switch type {
    case .srv:
      .srv(
        priority: parts[0].int ?? 0, weight: parts[1].int ?? 0, port: parts[2].int ?? 0, target: parts[3].string ?? "")
    case .cname: .cname(value.string ?? "")
    default: .address(type, value.string ?? "")
    }
  }

  // MARK: Requests as text

  private func target(_ request: RegistryRequest) -> String {
    let rest = request.url.dropFirst(request.url.firstRange(of: "://")?.upperBound.utf16Offset(in: request.url) ?? 0)
    return String(rest.drop { $0 != "/" })
  }

  private func line(_ question: RegistryQuestion) -> String {
    switch question {
    case .dns(let name, let type): return "\(name) \(type.rawValue)"
    case .address(let name): return name
    case .http(let request):
      var query: [String] = []
      var headers = request.acceptsJSON ? ["Accept application/json"] : []
      for credential in request.credentials {
        switch credential {
        case .header(let name, let value): headers.append("\(name) \(value)")
        case .query(let text): query.append(text)
        case .signature(let key, _, _): query += ["ak=\(key)", "data=TIME", "signature=SIG"]
        case .tokenFile: break
        }
      }
      return text(request.method.rawValue, target(request), query, headers)
    }
  }

  private func line(_ request: JSONValue) -> String {
    if let parts = request.array { return parts.compactMap(\.string).joined(separator: " ") }
    let headers = ["Accept", "Authorization", "X-Consul-Token"].compactMap { name in
      request["headers"]?[name]?.string.map { "\(name) \($0)" }
    }
    return text(request["method"]?.string ?? "", request["target"]?.string ?? "", [], headers)
  }

  private func text(_ method: String, _ target: String, _ more: [String], _ headers: [String]) -> String {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    let query = (parts.dropFirst().joined() + more.map { "&" + $0 }.joined()).split(separator: "&").sorted()
    // The older cases have no headers.
    let shown = json["release"] == nil ? headers.sorted() : []
    return ([method, (parts.first ?? "") + "?" + query.joined(separator: "&")] + shown).joined(separator: " ")
  }

  /// Without the queries that wait for the next change.
  private func lines(_ all: [String]) -> String {
    let first = all.filter { !$0.contains("index=") || $0.contains("index=0") }
    return (kind == .consul ? first.sorted() : first).joined(separator: "\n")
  }
}

/// Sorted keys; an empty list and an empty map are one, as in Lua.
private func plain(_ value: JSONValue?) -> String {
  switch value {
  case .object(let object):
    let members = object.members.sorted { $0.key < $1.key }.map { "\($0.key): \(plain($0.value))" }
    return members.isEmpty ? "[]" : "{" + members.joined(separator: ", ") + "}"
  case .array(let items): return "[" + items.map { plain($0) }.joined(separator: ", ") + "]"
  default: return value?.text() ?? "null"
  }
}
