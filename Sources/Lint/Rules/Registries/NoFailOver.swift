import APISIX
import Findings

/// Of nacos and eureka.
enum NoFailOver {
  static let rule: Rule = """
    discovery/no-fail-over (note): Of several servers one is asked, and no other when it fails
    Checks: Before 3.15: whether `host` of nacos or eureka has several items.
    Why: These releases draw one of them for each fetch. While one server is down its turn fails: with eureka the \
    nodes stay as they were, with nacos the services are unknown until the next fetch, and answer 503.
    Example:
    nacos:
      host: ["http://192.168.33.1:8848", "http://192.168.33.2:8848"]
    Fix: Use 3.15 or newer, which tries the next one, or give one address that fails over.
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard !context.release.has(.triesOtherHosts) else { return [] }
    return [RegistryKind.nacos, .eureka].compactMap { kind in
      guard let host = context[kind]?["host"], let count = host.items?.count, count > 1 else { return nil }
      return host.finding(
        rule, "APISIX \(context.release) asks one of these \(count) at random, and no other when it does not answer",
        at: host.keyNode, help: "use 3.15 or newer, or give one address that fails over")
    }
  }
}
