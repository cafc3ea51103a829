import APISIX
import Findings

enum EndsInDigit {
  static let rule: Rule = """
    placeholder/ends-in-digit (error, since 2.13.0): The name of a ${…} variable ends in a digit
    Checks: That the names in `${NAME}` of `service.host`, `service.port` and `client.token` fit the pattern of the \
    kubernetes registry: letters, digits and underscores, the last one no digit.
    Why: The pattern in APISIX's schema asks for a letter or underscore at the end, so `${HOST1}` is not taken for a \
    variable but for a host name, and fails as such.
    Example: host: ${KUBE_HOST1}
    Fix: host: ${KUBE_HOST_A}
    """

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    KubernetesCluster.variables.dropLast().compactMap { keys in
      guard let setting = cluster[keys], let name = setting.string.flatMap(Placeholder.endingInDigit) else {
        return nil
      }
      let better = name.reversed().drop { $0.isNumber }.reversed()
      return setting.finding(
        rule, "the variable name \(name) ends in a digit, which APISIX does not accept in ${…}",
        help: "rename the variable, for example to ${\(String(better))_A}")
    }
  }
}
