import Foundation
import TestSupport
import Testing

/// `resolve --registry` against contract stubs of Nacos, Consul, consul_kv and Eureka, which answer as was recorded.
@Suite struct RegistryResolveTests {
  /// What APISIX asked, what it was answered, and the nodes that it computed.
  private struct Case {
    let json: [String: Any]
    var registry: String { json["registry"] as? String ?? "" }
    var about: String { "\(json["id"] ?? "") \(json["about"] ?? "")" }

    static func all(_ name: String) throws -> [Case] {
      try Checkout.text("Tests/APISIXTests/Conformance/\(name).jsonl").split(separator: "\n").compactMap { line in
        (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]).map(Case.init)
      }
    }

    /// Whether one request by name can tell: what an earlier answer left, and for which names upstreams are there, the
    /// command does not know.
    var isOneQuestion: Bool {
      guard registry != "dns", json["then"] == nil, json["zone"] == nil, json["server_by_port"] == nil else {
        return false
      }
      let upstreams = (json["upstreams"] as? [[String: Any]] ?? []).map { upstream in
        [upstream["service_name"] as? String, "\(upstream["discovery_args"] ?? "")", upstream["scheme"] as? String]
      }
      return registry != "nacos"
        || upstreams.contains([json["service_name"] as? String, "\(json["discovery_args"] ?? "")", nil])
    }
  }

  private static let ports = ["8500", "8761", "8848"]

  private func problem(_ entry: Case) throws -> String? {
    let server = entry.json["server"] as? [String: Any] ?? [:]
    let answers = try server.mapValues { answer in
      let answer = (answer as? [Any])?.first ?? answer
      let body = (answer as? [String: Any])?["body"] ?? ""
      let text =
        try body as? String
        ?? String(
          decoding: JSONSerialization.data(withJSONObject: body, options: .fragmentsAllowed), as: UTF8.self)
      return StubServer.Answer(status: (answer as? [String: Any])?["status"] as? Int ?? 200, body: text)
    }
    let stub = try StubServer { answers[$0.path] ?? StubServer.Answer(status: 404) }
    defer { stub.stop() }
    let moved = { (text: String) in
      Self.ports.reduce(text) { $0.replacingOccurrences(of: "127.0.0.1:\($1)", with: "127.0.0.1:\(stub.port)") }
    }
    let config = "discovery:\n  \(entry.registry):\n" + Self.block(entry.json["config"] ?? [:], "    ")
    let folder = try Folder(["config.yaml": moved(config)])
    var arguments = ["resolve", "-o", "json", "--config", "config.yaml", "--registry", entry.registry]
    if let release = entry.json["release"] as? String { arguments += ["--apisix-version", release] }
    for (key, value) in entry.json["discovery_args"] as? [String: Any] ?? [:] {
      arguments += ["--discovery-arg", "\(key)=\(value)"]
    }
    let ended = try gatecheck(
      arguments + ["--", moved(entry.json["service_name"] as? String ?? "")], in: folder.path)
    guard let document = try? JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any] else {
      return "\(entry.about): status \(ended.status), \(ended.output)"
    }
    let found = Self.nodes(document["nodes"])
    let expected = Self.nodes(entry.json["nodes"])
    let isSorted = ["host_sort", "port_sort"].contains(
      (entry.json["config"] as? [String: Any])?["sort_type"] as? String)
    if isSorted ? found?.sorted() != expected?.sorted() : found != expected {
      return "\(entry.about): expected \(expected ?? ["none"]), found \(found ?? ["none"])"
    }
    let isTold = !(document["findings"] as? [Any] ?? []).isEmpty
    return found?.isEmpty != false && !isTold ? "\(entry.about): no finding says why" : nil
  }

  /// As YAML in block style: in flow style the releases before 3.10 take numbers for texts.
  private static func block(_ value: Any, _ indent: String) -> String {
    switch value {
    case let map as [String: Any]:
      return map.map { key, value in
        let isNested = (value as? [String: Any])?.isEmpty == false || (value as? [Any])?.isEmpty == false
        return indent + "\(key):" + (isNested ? "\n" + block(value, indent + "  ") : " \(scalar(value))\n")
      }.joined()
    case let list as [Any]: return list.map { "\(indent)- \(scalar($0))\n" }.joined()
    default: return "\(indent)\(scalar(value))\n"
    }
  }

  private static func scalar(_ value: Any) -> String {
    let data = try? JSONSerialization.data(
      withJSONObject: value, options: [.fragmentsAllowed, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func nodes(_ value: Any?) -> [String]? {
    (value as? [[String: Any]])?.map { node in
      ["host", "port", "weight", "priority"].map { "\(node[$0] ?? "-")" }.joined(separator: " ")
    }
  }

  @Test(arguments: [("registries-cases", 40), ("older-registries-cases", 90)])
  func theNodesAreThoseOfAPISIX(_ file: String, atLeast count: Int) throws {
    let cases = try Case.all(file).filter(\.isOneQuestion)
    #expect(cases.count >= count)
    for entry in cases {
      let problem = try problem(entry)
      #expect(problem == nil)
    }
  }
}
