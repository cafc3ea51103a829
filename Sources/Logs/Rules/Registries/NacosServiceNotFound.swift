import APISIX
import Findings

enum NacosServiceNotFound {
  static let rule: Rule = """
    log/nacos-service-not-found (error, since 3.13.0): Nacos has no instance of a service that a request needs
    Checks: `nacos service not found: NAME`, which 3.13 to 3.16 write.
    Why: APISIX holds no nodes for that name, group and namespace: it is written otherwise in Nacos, no instance is \
    healthy, or the first fetch has not come yet. The request is answered with 503.
    Example: nacos service not found: web
    Fix: Write `service_name` as Nacos has it, upper and lower case too, and `group_name` and `namespace_id` (the id, \
    not the name) into `discovery_args`.
    """

  static let check = LogCheck(rule, .nacosUnknown) { record in
    record.said(.nacosUnknown).map {
      let name = shown($0[.name] ?? "")
      return Explanation(
        rule, "APISIX has no instance of \(name) from Nacos",
        help:
          "compare with what APISIX holds: curl -s http://127.0.0.1:9090/v1/discovery/nacos/dump; name, group_name and "
          + "namespace_id (its id, not its name) must be Nacos' own, upper and lower case too",
        .request(.nacos), values: [(.registry, RegistryKind.nacos.key), (.service, name)])
    }
  }
}
