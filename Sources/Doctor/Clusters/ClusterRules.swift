import Findings

/// The rules of a cluster as a whole.
enum ClusterRules {
  static let all = [noGateway, noNodes]

  static let noGateway: Rule = """
    cluster/no-gateway (warning): Nothing in the cluster runs APISIX
    Checks: Whether a Deployment, DaemonSet or StatefulSet has an image with `apisix` in its name; those of the \
    dashboard, the ingress controller and etcd are not meant.
    Why: Then it is not known with which configuration and as which account APISIX runs.
    Example: an image of another name, or an APISIX outside of the cluster
    Fix: Name its configuration: gatecheck doctor --config config.yaml --kubeconfig FILE
    """

  static let noNodes: Rule = """
    cluster/no-nodes (warning): APISIX sees no node in the whole cluster
    Checks: Whether the list that APISIX makes, with its selectors, has a single ready address.
    Why: Each route with discovery_type kubernetes then answers 503.
    Example: namespace_selector: {equal: shops}, where the namespace is called shop
    Fix: gatecheck resolve --all --config config.yaml, without namespace_selector and label_selector.
    zh: APISIX 在整个集群里看不到任何节点
    Checks: APISIX 用它的选择器所取的列表里，是否至少有一个就绪的地址。
    Why: 否则 discovery_type 为 kubernetes 的每条路由都返回 503。
    """

  static let none = Finding(
    rule: noGateway, message: "no Deployment, DaemonSet or StatefulSet has an image of APISIX",
    help: "where APISIX runs elsewhere, or by another name, name its configuration: --config FILE")

  static func empty(hasServices: Bool) -> Finding {
    Finding(
      rule: noNodes,
      message: hasServices
        ? "none of the services that APISIX sees has a ready address" : "APISIX sees no service in the whole cluster",
      help: "look at namespace_selector and label_selector, and at the pods: kubectl get endpoints -A")
  }
}
