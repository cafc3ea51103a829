import APISIX
import Findings

enum DiscoveryTypeMissing {
  static let rule: Rule = """
    log/discovery-type-missing (error, since 2.13.0): An upstream has service_name without discovery_type
    Checks: `discovery server need appoint`.
    Why: With `service_name` alone APISIX does not know which registry to ask, and answers 503. The Admin API takes \
    such an object where it has `nodes` as well; old Dashboards dropped the field when an upstream was edited.
    Example: failed to set upstream: discovery server need appoint
    Fix: Add `discovery_type: kubernetes`, or the registry that is meant, beside `service_name`; or take \
    `service_name` out and keep the nodes.
    zh: 上游有 service_name，没有 discovery_type
    Checks: `discovery server need appoint`。
    Why: 只有 `service_name`，APISIX 不知道该查询哪个注册中心，返回 503。如果同时还有 `nodes`，Admin API 会接受这样\
    的对象；旧版 Dashboard 编辑上游时会丢掉这个字段。
    Fix: 在 `service_name` 旁边加上 `discovery_type: kubernetes`（或者你要用的注册中心）；否则去掉 `service_name`，\
    只保留 nodes。
    """

  static let check = LogCheck(rule, .typeMissing) { _ in
    Explanation(
      rule, "an upstream has service_name and no discovery_type, so APISIX asks no registry",
      help: "add discovery_type beside service_name, such as discovery_type: kubernetes; or take service_name out",
      .request(nil), values: [(.property, "discovery_type")])
  }
}
