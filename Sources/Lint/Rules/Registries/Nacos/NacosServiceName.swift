import Findings
import SourceText

enum NacosServiceName {
  static let rule: Rule = """
    service-name/nacos-name (warning): With nacos the service name is the bare name
    Checks: Service names of the nacos registry that are URLs, or have group or namespace in them (`group@@name`, \
    `namespace/name:port`).
    Why: APISIX asks Nacos for a service of exactly this name. Group and namespace go into discovery_args.
    Example: service_name: DEFAULT_GROUP@@user-service
    Fix: service_name: user-service
    discovery_args:
      group_name: DEFAULT_GROUP
    zh: nacos 的 service_name 只写服务名
    Checks: nacos 注册中心的 service_name 写成了 URL，或者带上了分组、命名空间\
    （`group@@name`、`namespace/name:port`）。
    Why: APISIX 用这个名称原样去 Nacos 查询服务。分组和命名空间要写在 discovery_args 里。
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    let text = use.text
    if let group = text.firstBytes(of: "@@") {
      return use.name.finding(
        rule, "'\(text)' has a group in it",
        help:
          "write service_name: \(text[group.upperBound...]) "
          + "and discovery_args: {group_name: \(text[..<group.lowerBound])}"
      )
    }
    guard text.has("://") || (text.has("/") && text.has(":")) else { return nil }
    return use.name.finding(
      rule, "'\(use.shown)' is not a service's bare name", help: "write the name that Nacos shows")
  }
}
