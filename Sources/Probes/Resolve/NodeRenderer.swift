public import APISIX
public import Findings
import Inputs
import JSON

/// How the nodes of a service name are shown.
public enum NodeFormat: String, Sendable, CaseIterable { case table, json, yaml, apisix, hosts }

/// What `resolve -o` takes: a format of nodes, or of findings; JSON is both.
public struct ResolveFormat: RawRepresentable, CaseIterable, Sendable {
  public let rawValue: String
  public var nodes: NodeFormat? { NodeFormat(rawValue: rawValue) }
  public var findings: OutputFormat? { OutputFormat(rawValue: rawValue) }

  public static let table = Self(.table)
  public static let allCases =
    NodeFormat.allCases.map(Self.init)
    + OutputFormat.allCases.map(\.rawValue).compactMap(Self.init).filter {
      $0.nodes == nil
    }

  private init(_ format: NodeFormat) { rawValue = format.rawValue }

  public init?(rawValue: String) {
    self.rawValue = rawValue
    if nodes == nil, findings == nil { return nil }
  }
}

extension UpstreamNode {
  /// Its host where that is an IP address, which is all that some may be handed: a server may answer anything.
  public var ip: String? { host?.string.flatMap { addressBytes($0) == nil ? nil : $0 } }
}

/// Nodes for people and for other programs.
public enum NodeRenderer {
  /// - Parameter serviceName: as it was asked for.
  public static func text(_ result: ResolveAnswer, _ serviceName: String, as format: NodeFormat) -> String {
    if let services = result.services { return Self.services(services, isMixed: result.isMixed, as: format) }
    guard let nodes = result.nodes, !nodes.isEmpty else { return "" }
    return switch format {
    case .table, .json: table(nodes, result)
    case .yaml:
      nodes.map { "- host: \(scalar($0.host))\n  port: \(scalar($0.port))\n  weight: \(plain($0))\n" }.joined()
    case .apisix:
      (["type": "roundrobin", "nodes": .array(nodes.map(\.json))] as JSONValue).text(pretty: true) + "\n"
    case .hosts: nodes.compactMap(\.ip).map { "\($0) \(hostName(serviceName, result.registry))\n" }.joined()
    }
  }

  private static func services(
    _ services: [ResolveAnswer.Service], isMixed: Bool, as format: NodeFormat
  ) -> String {
    func count(_ row: ResolveAnswer.Service) -> String {
      row.nodes.map(String.init) ?? (format == .yaml ? "null" : "none")
    }
    if format == .yaml {
      return services.map { "\(JSONValue.string($0.service.text).text()): \(count($0))\n" }.joined()
    }
    guard let first = services.first else { return "" }
    var rows = [["SERVICE NAME", "NODES"]] + services.map { [terminalSafe($0.service.text), count($0)] }
    func add(_ title: String, _ cell: (ResolveAnswer.Service) -> String) {
      for (index, text) in ([title] + services.map(cell)).enumerated() { rows[index].append(terminalSafe(text)) }
    }
    if isMixed { add("REGISTRY") { $0.service.registry.key } }
    if services.contains(where: { $0.notReady ?? 0 > 0 }) { add("NOT READY") { String($0.notReady ?? 0) } }
    if first.state != nil { add("APISIX") { $0.state?.rawValue ?? "" } }
    if first.usedBy != nil { add("USED BY") { $0.usedBy?.joined(separator: ", ") ?? "" } }
    return TextTable(rows).text
  }

  /// The nodes, and behind them what would be nodes if it were ready.
  private static func table(_ nodes: [UpstreamNode], _ result: ResolveAnswer) -> String {
    var rows = [["HOST", "PORT", "WEIGHT", "READY"]]
    rows += nodes.map { [shown($0.host), shown($0.port), plain($0), "yes"] }
    rows += result.notReady.addresses.map { address in
      [terminalSafe(address.host), address.port.map(String.init) ?? "-", "-", "no"]
    }
    if !result.probes.isEmpty {
      let answers = ["ANSWER"] + result.probes.map(\.text)
      for index in rows.indices { rows[index].append(index < answers.count ? answers[index] : "-") }
    }
    return TextTable(rows).text
  }

  private static func plain(_ node: UpstreamNode) -> String { shown(node.weight) }

  private static func shown(_ value: JSONValue?) -> String {
    guard let value else { return "-" }
    return terminalSafe(value.string ?? value.text())
  }

  private static func scalar(_ value: JSONValue?) -> String { value?.text() ?? "null" }

  /// `plat-dev.default` out of `default/plat-dev:port`, `web` out of `http://consul:8500/v1/kv/upstreams/web/`.
  private static func hostName(_ serviceName: String, _ registry: String) -> String {
    if registry == RegistryKind.consulKV.key {
      return terminalSafe(serviceName.split(separator: "/").last.map { String($0) } ?? "")
    }
    let parts = serviceName.prefix { $0 != ":" }.split(separator: "/")
    return terminalSafe(parts.suffix(2).reversed().joined(separator: "."))
  }
}
