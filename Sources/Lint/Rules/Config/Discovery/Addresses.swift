import APISIX
import Findings
import Inputs

/// What is odd about any registry's addresses and how often they are asked.
enum Addresses {
  static let placeholderHost: Rule = """
    discovery/placeholder-host (warning): An address is a placeholder that nobody replaced
    Checks: Whether the host of an address is `192.168.xx.xx`, `<host>` or `your-host`.
    Why: APISIX's schemas take `xx` for a name. No such host answers, so every fetch fails.
    Example: host: ["http://192.168.xx.xx:8848"]
    Fix: host: ["http://192.168.33.1:8848"]
    """

  static let fetchLoad: Rule = """
    discovery/fetch-interval-load (warning): Every process asks the registry every second or two
    Checks: Whether `fetch_interval` of nacos or eureka is below 3 seconds.
    Why: Each worker process of nginx fetches on its own, and its privileged agent too, nacos service by service: with \
    8 workers and 50 services a `fetch_interval` of 1 makes 450 requests a second.
    Example:
    nacos:
      fetch_interval: 1
    Fix: nacos:
      fetch_interval: 30
    """

  static let rules = [placeholderHost, fetchLoad]

  static func check(_ context: ConfigContext) -> [Finding] {
    let hosts =
      context.registries.flatMap { RegistryKind(rawValue: $0.key).map(context.servers) ?? [] }
      + context.clusters.compactMap { $0["service", "host"] }
    var findings = hosts.compactMap { host -> Finding? in
      guard let text = host.string, URLText.mayHoldPlaceholder(text) else { return nil }
      let address = URLText(text)
      guard URLText.isPlaceholder(address.host) else { return nil }
      return host.finding(
        placeholderHost, "\(quoted(address.shown)) is a placeholder that nobody replaced",
        help: "write the server's own address")
    }
    for registry in [RegistryKind.nacos, .eureka] {
      guard let interval = context[registry]?["fetch_interval"], let seconds = interval.integer,
        (1...2).contains(seconds)
      else { continue }
      findings += interval.finding(
        fetchLoad,
        "every worker process and the privileged agent ask \(registry.key) every "
          + (seconds == 1 ? "second" : "2 seconds"),
        help: "30 (the default) is enough")
    }
    return findings
  }
}
