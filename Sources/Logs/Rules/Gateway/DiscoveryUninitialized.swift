import APISIX
import Findings

enum DiscoveryUninitialized {
  static let rule: Rule = """
    log/discovery-uninitialized (error, since 2.13.0): An upstream asks for a registry that is not enabled
    Checks: `discovery NAME is uninitialized`, and `discovery is uninitialized` of old releases.
    Why: The upstream has `discovery_type: NAME`, and the config.yaml that APISIX was started with has no \
    `discovery.NAME`: it is missing, stands below another key such as `apisix`, has no value, or came after the start.
    Example: failed to set upstream: discovery kubernetes is uninitialized
    Fix: Put `discovery:` at the left margin of config.yaml, the registry below it, and restart APISIX. `gatecheck \
    lint config.yaml` says which of these it is.
    zh: 上游使用的注册中心没有启用
    Checks: `discovery NAME is uninitialized`，以及旧版本的 `discovery is uninitialized`。
    Why: 上游写了 `discovery_type: NAME`，但 APISIX 启动时所用的 config.yaml 里没有 `discovery.NAME`：没写、写在了别\
    的键（例如 `apisix`）下面、没有值，或者是启动之后才加上的。
    Fix: 把 `discovery:` 顶格写在 config.yaml 里，注册中心写在它下面，然后重启 APISIX。用 `gatecheck lint \
    config.yaml` 可以查出是哪一种情况。
    """

  static let check = LogCheck(rule, .uninitialized, .nothingInitialized) {
    let name = $0.said(.uninitialized)?[.registry].map { shown($0) }
    guard let name else {
      return Explanation(
        rule, "an upstream has service_name, and no registry is enabled",
        help: "put discovery: with the registry at the left margin of config.yaml, and restart APISIX", .request(nil))
    }
    let kind = RegistryKind(rawValue: name)
    let isSeed = name == "zookeeper" || name == "etcd"
    let help =
      if isSeed { "APISIX has no registry \(name); write the nodes into the upstream, or use one that it has" } else {
        if let kind {
          "gatecheck lint config.yaml: discovery.\(kind.key) must stand at the left margin with a value; then "
            + "restart APISIX"
        } else {
          "write one of \(RegistryKind.allCases.map(\.key).joined(separator: ", ")) for discovery_type"
            + (nearest(name, among: RegistryKind.allCases.map(\.key)).map { "; \($0) is near" } ?? "")
        }
      }
    return Explanation(
      rule, "an upstream has discovery_type: \(name), and the running APISIX has no discovery.\(name)", help: help,
      .request(kind), values: [(.registry, name)])
  }
}
