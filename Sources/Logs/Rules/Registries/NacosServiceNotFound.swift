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
    zh: 请求要访问的服务在 Nacos 中没有实例
    Checks: 3.13 到 3.16 写出的 `nacos service not found: NAME`。
    Why: APISIX 没有这个名称、分组和命名空间对应的节点：Nacos 里的写法不同、没有健康的实例，或者第一次拉取尚未完成。\
    请求返回 503。
    Fix: `service_name` 要与 Nacos 中的一致，大小写也要相同；在 `discovery_args` 里写上 `group_name` 和 \
    `namespace_id`（是 ID，不是名称）。
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
