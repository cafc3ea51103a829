import APISIX
import Findings

enum PortVariableIsURL {
  static let rule: Rule = """
    kubernetes/port-variable-is-url (error, since 2.13.0): The variable holds no port but a whole address
    Checks: That `service.port` is not `${KUBERNETES_PORT}` or `${KUBERNETES_PORT_443_TCP}`.
    Why: Kubernetes sets these two to `tcp://10.96.0.1:443`. APISIX then fails with `invalid port value: nil`, and \
    every service of the registry answers 503.
    Example: port: ${KUBERNETES_PORT}
    Fix: port: ${KUBERNETES_SERVICE_PORT}
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let port = cluster["service", "port"], let name = port.string.flatMap(Placeholder.accepted),
      name == "KUBERNETES_PORT" || name == "KUBERNETES_PORT_443_TCP"
    else { return nil }
    return port.finding(
      rule, "Kubernetes sets \(name) to a whole address, tcp://…, not to a port",
      help: "use ${KUBERNETES_SERVICE_PORT}", fix: port.replacing(with: "${KUBERNETES_SERVICE_PORT}"))
  }
}
