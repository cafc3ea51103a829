import Foundation
import JSON
import Testing

@testable import APISIX

/// What the real APISIX 3.18.0 made of whole lists: nodes, errors, log lines, requests. The floors may only rise.
@Suite struct NodesConformanceTests {
  @Test func everyCaseIsAnsweredAsByTheRealThing() throws {
    var right: [String: Int] = [:]
    var cases = 0
    for entry in try NodesCase.all {
      cases += 1
      for (field, expected, found) in entry.comparisons() {
        if expected == found {
          right[field, default: 0] += 1
        } else {
          print("\(entry.id) \(entry.about): \(field)\n  expected \(expected)\n  found    \(found)")
        }
      }
    }
    print(right.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    #expect(cases == 181)
    for field in ["nodes", "check", "exception", "log", "fetch_log", "stored", "requests"] {
      #expect(right[field, default: 0] >= 181, "\(field)")
    }
  }

  /// Asked for one name, only that service is kept; the answer is the same.
  @Test func oneServiceAloneIsAnsweredTheSame() throws {
    for entry in try NodesCase.all {
      let whole = entry.discovery(for: nil)
      let alone = entry.discovery(for: entry.serviceName)
      #expect(alone.resolve(entry.serviceName) == whole.resolve(entry.serviceName), "\(entry.id)")
      #expect(alone.log == whole.log, "\(entry.id)")
      #expect(alone.clusters.allSatisfy { $0.store.services.count <= 1 })
    }
  }

  /// The registry's model, which asks page by page and reads whole answers, finds the same nodes.
  @Test func theModelAnswersTheSame() throws {
    var cases = 0
    for entry in try NodesCase.all where entry.isPlainList {
      let section = DiscoveryConfig(Array(#"{"discovery": {"kubernetes": \#(entry.config.text())}}"#.utf8))
        .registries.first?.value
      var lookup = RegistryLookup(entry.serviceName, of: .kubernetes, section)
      lookup.asksAll = true
      var answers = RegistryAnswers()
      while case let questions = RegistryKind.kubernetes.questions(lookup, after: answers), !questions.isEmpty {
        for question in questions { answers[question] = entry.reply(to: question) }
      }
      cases += 1
      let whole = entry.discovery(for: nil).resolve(entry.serviceName)
      #expect(RegistryKind.kubernetes.nodes(lookup, answers) == whole, "\(entry.id)")
    }
    #expect(cases > 100)
  }
}

extension NodesCase {
  /// One list that can be asked for, and of which the server would keep nothing back.
  fileprivate var isPlainList: Bool {
    json["events"] == nil && json["requests"]?.array?.isEmpty == false
      && !(config.array ?? [config]).contains { cluster in
        let selector = cluster["namespace_selector"]
        return (selector?["equal"] ?? selector?["not_equal"] ?? cluster["label_selector"]) != nil
      }
  }

  /// A page of 120 objects, of the cluster that has the port.
  fileprivate func reply(to question: RegistryQuestion) -> RegistryReply {
    guard case .http(let request) = question else { return .nothing }
    let cluster = config.array?.first { request.url.contains(":\($0["service"]?["port"]?.string ?? "-")/") }
    let list = cluster?["id"]?.string.flatMap { json["list"]?[$0] } ?? json["list"]
    guard case .object(var page)? = list, let items = page["items"]?.array, items.count > 120 else {
      return .http(status: 200, body: Array((list ?? .null).text().utf8))
    }
    let start = request.url.firstRange(of: "continue=120") == nil ? 0 : 120
    page.members.removeAll { ["items", "metadata"].contains($0.key) }
    let next: JSONValue? = start + 120 < items.count ? "120" : nil
    let version = list?["metadata"]?["resourceVersion"]
    page =
      page + [
        "metadata": ["resourceVersion": version, "continue": next], "items": .array(Array(items[start...].prefix(120))),
      ]
    return .http(status: 200, body: Array(JSONValue.object(page).text().utf8))
  }
}

struct NodesCase {
  let json: JSONValue
  var id: String { json["id"]?.string ?? "" }
  var about: String { json["about"]?.string ?? "" }
  var serviceName: String { json["service_name"]?.string ?? "" }
  var config: JSONValue { json["config"] ?? .null }

  static var all: [NodesCase] {
    get throws {
      let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Conformance/resolve-cases.jsonl")
      var stream = JSONStream()
      var cases: [NodesCase] = []
      let take = { (piece: JSONStream.Piece) in
        if case .document(let json, _) = piece { cases.append(NodesCase(json: json)) }
      }
      try stream.feed([UInt8](Data(contentsOf: file)), take)
      try stream.finish(take)
      return cases
    }
  }

  func discovery(for name: String?) -> KubernetesDiscovery {
    var discovery = KubernetesDiscovery(config, serviceName: name, environment: .known([:]))
    for index in discovery.clusters.indices {
      let id = discovery.clusters[index].store.settings.id
      guard let list = id.map({ json["list"]?[$0] }) ?? json["list"] else { continue }
      discovery.clusters[index].take(document: list)
      for event in json["events"]?.array ?? [] { discovery.clusters[index].take(document: event) }
    }
    return discovery
  }

  func comparisons() -> [(String, String, String)] {
    let discovery = discovery(for: nil)
    let answer = discovery.resolve(serviceName)
    return [
      ("nodes", text(json["nodes"]), answer.nodes.map { JSONValue.array($0.map(\.json)).text() } ?? "null"),
      ("check", json["check"]?.string ?? "-", answer.check?.text(in: .newest) ?? "-"),
      ("exception", json["exception"]?.string ?? "-", answer.exception?.text(in: .newest) ?? "-"),
      (
        "log", json["log"]?.string ?? "-",
        answer.log.isEmpty ? "-" : answer.log.map { $0.logged(in: .newest) }.joined(separator: "; ")
      ),
      ("fetch_log", text(json["fetch_log"]), JSONValue.array(log(discovery).map { .string($0) }).text()),
      ("stored", stored(json["stored"]), stored(discovery)),
      ("requests", requests(json["requests"]), requests(discovery)),
    ]
  }

  /// The records are of ngx_lua 0.10.23, as their User-Agent tells, which was built with PCRE 8: of a broken expression
  /// they have that library's words.
  private func log(_ discovery: KubernetesDiscovery) -> [String] {
    discovery.log.map { line in
      guard line.contains("pcre2_compile()") else { return line }
      var filter = NamespaceFilter(config["namespace_selector"] ?? .null, release: Release(3, 11))
      var lines: [String] = []
      _ = filter.isKept("dev") { lines.append($0.logged(in: .newest)) }
      return lines.first ?? line
    }
  }

  private func text(_ value: JSONValue?) -> String { value?.text() ?? "null" }

  private func stored(_ value: JSONValue?) -> String {
    let members = value?.object?.members ?? []
    return members.map { "\($0.key) \($0.value.array?.compactMap(\.string).sorted() ?? [])" }.sorted().joined(
      separator: "\n")
  }

  private func stored(_ discovery: KubernetesDiscovery) -> String {
    guard !discovery.hasDuplicateID else { return "" }
    return discovery.clusters.flatMap { cluster in
      cluster.store.services.map { key, ports in
        let id = cluster.store.settings.id.map { $0 + "/" } ?? ""
        return "\(id)\(key) \(ports.map(\.key).sorted())"
      }
    }.sorted().joined(separator: "\n")
  }

  private func requests(_ value: JSONValue?) -> String {
    let lines = (value?.array ?? []).map { ($0["target"]?.string ?? "") + " " + (port($0["port"]) ?? "") }
    return lines.joined(separator: "\n")
  }

  private func port(_ value: JSONValue?) -> String? { value?.int.map(String.init) }

  /// The requests that follow from what is known of the list: pages of 120, a watch from its version, one from the last
  /// event's.
  private func requests(_ discovery: KubernetesDiscovery) -> String {
    guard !discovery.hasDuplicateID else { return "" }
    var lines: [String] = []
    for cluster in discovery.clusters {
      let settings = cluster.store.settings
      let config = discovery.mode == .multi ? config.array?.first { $0["id"]?.string == settings.id } : config
      let port = discovery.mode == .multi ? config?["service"]?["port"]?.string ?? "" : ""
      let log = cluster.store.log.map { $0.text(in: .newest) }
      if log.contains(where: { $0.contains("token") }) { continue }
      lines.append(settings.listTarget() + " " + port)
      let list = settings.id.map { json["list"]?[$0] } ?? json["list"]
      if (list?["items"]?.array?.count ?? 0) > 120 { lines.append(settings.listTarget(continuing: "120") + " " + port) }
      if log.contains(where: { $0.contains("list failed") || $0.contains("list_watch") }) { continue }
      let versions = [list?["metadata"]?["resourceVersion"]?.string, cluster.resourceVersion]
      for version in versions[..<(versions[0] == versions[1] ? 1 : 2)] {
        lines.append(settings.watchTarget(resourceVersion: version, timeoutSeconds: "N") + " " + port)
      }
    }
    return lines.joined(separator: "\n")
  }
}
