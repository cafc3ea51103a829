import Findings
import SourceText

enum ConsulServiceName {
  static let rule: Rule = """
    service-name/consul-url (error): With consul the service name is the bare name in the catalog
    Checks: Service names of the consul registry that are URLs.
    Why: The consul registry looks services up by their name in Consul's catalog. A URL is the form of consul_kv, \
    which reads Consul's key-value store, another registry.
    Example:
    discovery_type: consul
    service_name: http://127.0.0.1:8500/v1/kv/upstreams/webpages/
    Fix: discovery_type: consul
    service_name: webpages
    zh: consul 的 service_name 只写目录（catalog）中的服务名
    Checks: consul 注册中心的 service_name 写成了 URL。
    Why: consul 注册中心按 Consul 目录中的名称查找服务。URL 是 consul_kv 的写法，它读取的是 Consul 的 KV 存储\
    （key-value），是另一个注册中心。
    """

  static func check(_ use: ServiceNameUse) -> Finding? {
    guard use.text.has("://") else { return nil }
    return use.name.finding(
      rule, "'\(use.shown)' is a URL, the form of consul_kv; consul wants the name of the service",
      help: "write the service's name in Consul, or discovery_type: consul_kv")
  }
}
