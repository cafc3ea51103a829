public import Findings

public enum DiscoveryTypeNotEnabled {
  public static let rule: Rule = """
    discovery-type/not-enabled (error): The registry is not enabled in config.yaml
    Checks: discovery_type against the registries in the config.yaml of the same folder or, without one there, in all \
    config.yaml files of the run.
    Why: Every request to this upstream is answered with 503, and the log says `discovery NAME is uninitialized`.
    Example:
    # config.yaml has discovery.nacos only
    discovery_type: kubernetes
    Fix: discovery:
      kubernetes: {}
    zh: config.yaml 没有启用这个注册中心
    Checks: 把 discovery_type 与同一目录下 config.yaml 中的注册中心对照；该目录下没有 config.yaml 时，与本次检查的所\
    有 config.yaml 对照。
    Why: 发往该上游的每个请求都返回 503，日志里是 `discovery NAME is uninitialized`。
    Example:
    # config.yaml 里只有 discovery.nacos
    discovery_type: kubernetes
    """
}
