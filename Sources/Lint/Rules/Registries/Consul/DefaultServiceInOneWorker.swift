import APISIX
import Findings

enum DefaultServiceInOneWorker {
  static let rule: Rule = """
    consul/default-service-in-one-worker (warning, since 2.13.0): default_service answers in one worker only
    Checks: Whether consul_kv, or consul before 3.16, has a `default_service` with a host, and \
    `nginx_config.worker_processes` is not 1.
    Why: Only the first worker process keeps it. With two workers about every other request for a name that Consul \
    does not know gets it; the rest end with 503: `no valid upstream node: nil`.
    Example:
    consul_kv:
      servers: ["http://127.0.0.1:8500"]
      default_service: {host: 10.0.0.9, port: 80}
    Fix: nginx_config:
      worker_processes: 1
    or, for consul, APISIX 3.16 or newer.
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    let workers = context.verdict.root?["nginx_config"]?["worker_processes"]
    if workers?.number == 1 || workers?.string == "1" { return [] }
    if case .open? = workers?.kind { return [] }
    return [RegistryKind.consul, .consulKV].compactMap { kind in
      // Since 3.16 what fetches shares it with all workers.
      if kind == .consul, !context.release.has(.consul) || context.release.has(.consulSharedSize) { return nil }
      guard let service = context[kind]?["default_service"], service["host"] != nil else { return nil }
      let newer = "consul of \(Feature.consulSharedSize.since.line) or newer"
      return service.finding(
        rule, "with several workers default_service of \(kind.key) answers in the first one only", at: service.keyNode,
        help: "write nginx_config: {worker_processes: 1}, or use \(newer)")
    }
  }
}
