import APISIX
import Findings

enum KeepsLastInstances {
  static let rule: Rule = """
    nacos/keeps-last-instances (warning, since 3.13.0): The last instances of a service get traffic after they are gone
    Checks: Whether nacos is used with 3.13 to 3.16.
    Why: These releases write down the nodes of a service only where there are any. When the last instance leaves, its \
    address stays, also over a reload, and requests are sent to it.
    Example:
    discovery:
      nacos:
        host: ["http://192.168.33.1:8848"]
    Fix: Use 3.17 or newer. Until then stop APISIX and start it when a service was taken away.
    """

  static func check(_ context: ConfigContext) -> Finding? {
    guard context.release.has(.keepsLastInstances), let nacos = context[.nacos], nacos.isTable else { return nil }
    return nacos.finding(
      rule, "APISIX \(context.release) serves the last instances of a service on when all of them are gone",
      at: nacos.keyNode, help: "use 3.17 or newer; until then stop and start APISIX, a reload keeps them")
  }
}
