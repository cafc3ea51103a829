import APISIX
import Findings
import SourceText

enum InvalidNode {
  static let rule: Rule = """
    log/invalid-node (error, since 2.13.0): A registry gave a node that APISIX refuses
    Checks: `invalid nodes format: failed to validate item N: property "NAME" …`.
    Why: One such node makes APISIX refuse the whole list, and answer 503: a weight that is text or has a fraction, \
    the port 0, a host that is missing.
    Example: invalid nodes format: failed to validate item 1: property "weight" validation failed: wrong type: \
    expected integer, got string
    Fix: Mend what the registry holds. Eureka's metadata are always text: take `weight` out of them. Nacos' weights \
    must be whole numbers. Consul's instances need an address, and before 3.13 a port.
    zh: 注册中心给出的节点被 APISIX 拒绝
    Checks: `invalid nodes format: failed to validate item N: property "NAME" …`。
    Why: 只要有一个这样的节点，APISIX 就会拒绝整个列表，返回 503：权重是字符串或小数、端口为 0，或者没有主机。
    Fix: 改正注册中心里的数据。Eureka 的 metadata 都是字符串：去掉其中的 `weight`。Nacos 的权重必须是整数。Consul 的\
    实例必须有地址，3.13 以前还必须有端口。
    """

  static let check = LogCheck(rule, .nodesInvalid) {
    guard let words = $0.said(.nodesInvalid) else { return nil }
    let property = $0.said(.inProperty)?[.name] ?? $0.said(.required)?[.name] ?? ""
    let problem = words.root
    let reason = problem.sentence == .required ? "is missing" : shown(problem.text(in: .newest))
    let help: String =
      switch (property, problem[.got]) {
      case ("weight", "string"):
        "take weight out of the instance's metadata in Eureka, whose values are always text; discovery.eureka.weight "
          + "is taken then"
      case ("weight", "number"): "give the instance a whole number for its weight in Nacos, such as 1"
      case ("port", "string"): "give the instance a number for its port; in Nacos that may be gRPC_port of its metadata"
      case ("port", _): "register the instance with its port; APISIX 3.13 and newer take 80 where Consul has none"
      case ("host", _):
        "register the instance with its address; of kubernetes, APISIX 3.14 reads EndpointSlices so: use 3.15"
      default: "mend the instance in the registry: one such node makes APISIX refuse all of the service"
      }
    return Explanation(
      rule,
      "a registry gave a node that APISIX refuses: "
        + (property.isEmpty
          ? reason : "its \(shown(property)) \(problem.sentence == .required ? reason : "is wrong, \(reason)")"),
      help: help, .request(nil),
      values: (property.isEmpty ? [] : [(.property, shown(property))]) + [(.reason, reason)])
  }
}
