package import APISIX
package import Findings
import HTTP
import Inputs
import JSON
import SourceText

/// What a running APISIX says at `/status/ready`, which it serves apart from its control API where config.yaml says
/// so.
package struct ReadinessQuestion: Sendable {
  private let endpoint: APISIXEndpoint

  package enum Answer: Sendable {
    case ready
    case not(Finding)
    /// It did not say it, and why.
    case unsaid(String)
  }

  /// - Parameter control: the URL of its control API; the status is served on the same host.
  /// - Returns: nil where it serves none.
  package init?(_ control: String, _ config: DiscoveryConfig?, _ access: AccessOptions) {
    guard let status = config?.verdict.root?["apisix"]?["status"], status.table != nil else { return nil }
    let host = URLText(control).host
    guard !host.isEmpty else { return nil }
    let port = (status["port"]?.number).flatMap { Int(exactly: $0) } ?? 7085
    endpoint = APISIXEndpoint(.status, url: "http://\(host):\(port)", access)
  }

  package func ask(in context: Context) -> Answer {
    do throws(Finding) {
      let response = try endpoint.get("/status/ready", context.http(traced: true))
      if response.status == 200 { return .ready }
      let said = (try? JSONValue.parse(response.body))?["error"]?.string
      guard said != nil || response.status >= 500 else { return .unsaid(endpoint.refusal(response).message) }
      let words = said ?? "it answers \(response.status)"
      return .not(Finding(GatewayRules.notReady, "the gateway is not ready: \(words)", help: Self.cure(of: words)))
    } catch { return .unsaid(error.message) }
  }

  /// What it waits for.
  private static func cure(of words: String) -> String {
    if words.has("discovery not ready") {
      return "no list of every cluster has come yet: the token, its rights or error.log say what keeps it"
    }
    if words.has("worker count") { return "its workers start, or one has died: error.log says it" }
    if words.has("has not received configuration") {
      return "it waits for its first configuration, from etcd, conf/apisix.yaml or the Admin API"
    }
    return "its error.log says why; look for init_worker_by_lua"
  }
}
