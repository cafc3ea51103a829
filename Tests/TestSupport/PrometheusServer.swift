import Foundation

/// A real Prometheus that reads a real Pushgateway each second, by the rules of a file. Both go down with its value.
public final class PrometheusServer: Sendable {
  /// Checks rules and metrics; nil where it cannot be had.
  public static let promtool: String? = ServerProcess.files(of: "prometheus").map { $0 + "/usr/bin/promtool" }
  private static let pushgateway: String? = ServerProcess.files(of: "pushgateway").map {
    $0 + "/usr/bin/prometheus-pushgateway"
  }
  public static var isThere: Bool { promtool != nil && pushgateway != nil }

  /// Takes what is pushed.
  public let gateway: String
  private let url: String
  private let processes: [ServerProcess]

  /// - Parameter rules: the path of a file with rules.
  public init(rules: String) throws {
    let ports = try (0..<2).map { _ in "127.0.0.1:\(try StubNameServer.closedPort(withTCP: true))" }
    let gateway = "http://\(ports[0])"
    let url = "http://\(ports[1])"
    let folder = try Folder([
      "prometheus.yml": """
      global: {scrape_interval: 1s, evaluation_interval: 1s}
      rule_files: ["\(rules)"]
      scrape_configs:
        - job_name: pushgateway
          honor_labels: true
          static_configs: [{targets: ["\(ports[0])"]}]

      """
    ])
    let isReady = { (url: String) in try execute("curl", ["-sf", "\(url)/-/ready"]).status == 0 }
    let first = try ServerProcess(
      Self.pushgateway ?? "", ["--web.listen-address=\(ports[0])"], in: try Folder(), isReady: { try isReady(gateway) })
    do {
      let second = try ServerProcess(
        (ServerProcess.files(of: "prometheus") ?? "") + "/usr/bin/prometheus",
        [
          "--config.file=\(folder["prometheus.yml"])", "--storage.tsdb.path=\(folder["data"])",
          "--web.listen-address=\(ports[1])",
        ], in: folder, isReady: { try isReady(url) })
      processes = [first, second]
    } catch {
      first.stop()
      throw error
    }
    (self.gateway, self.url) = (gateway, url)
  }

  deinit { for process in processes { process.stop() } }

  /// What the Pushgateway holds.
  public func pushed() throws -> String { try execute("curl", ["-sS", gateway + "/metrics"]).output }

  /// The labels of each series that a query gives; throws where it is no query.
  public func query(_ text: String) throws -> [[String: String]] {
    let result = try get("query", ["query=\(text)"]) as? [String: Any]
    return (result?["result"] as? [[String: Any]] ?? []).map { $0["metric"] as? [String: String] ?? [:] }
  }

  /// The values that a label has in the series of a metric.
  public func values(of label: String, in metric: String) throws -> [String] {
    try get("label/\(label)/values", ["match[]=\(metric)"]) as? [String] ?? []
  }

  private func get(_ path: String, _ query: [String]) throws -> Any? {
    let ended = try execute(
      "curl", ["-sS", "-G", "\(url)/api/v1/\(path)"] + query.flatMap { ["--data-urlencode", $0] })
    let json = try ended.json()
    guard json["status"] as? String == "success" else { throw Unusable(description: "\(query): \(ended.output)") }
    return json["data"]
  }
}
