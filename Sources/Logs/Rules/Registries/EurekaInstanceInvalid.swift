import APISIX
import Findings
import SourceText

enum EurekaInstanceInvalid {
  static let rule: Rule = """
    log/eureka-instance-invalid (warning, since 2.13.0): APISIX leaves out an instance of Eureka
    Checks: `node IP … is invalid(must be IPv4 or IPv6)` of 3.15 and older, `failed to resolve NAME` of 3.16 and newer.
    Why: Where an instance's ipAddr is a host name, older releases leave it out, and newer ones resolve it. A service \
    whose every instance is left out has no nodes.
    Example: WEB service host-a node IP web.internal is invalid(must be IPv4 or IPv6).
    Fix: Let the instance register its IP address: `eureka.instance.prefer-ip-address: true` in Spring.
    """

  static let check = LogCheck(rule, .eurekaAddressInvalid, .eurekaNameUnresolved) {
    if let words = $0.said(.eurekaAddressInvalid) {
      let (service, address) = (shown(words[.name] ?? ""), shown(words[.value] ?? ""))
      return Explanation(
        rule, "an instance of \(service) in Eureka has \(address) for its IP address, and is left out",
        help:
          "set eureka.instance.prefer-ip-address: true in the instance, or use APISIX 3.16 or newer, which resolves "
          + "names",
        .cause(.eureka), values: [(.registry, RegistryKind.eureka.key), (.service, service), (.address, address)])
    }
    // Other code of APISIX's has this sentence, too.
    guard $0.file.has("eureka") || $0.file.hasSuffix("init.lua"), $0.tail.client == nil,
      let words = $0.said(.eurekaNameUnresolved)
    else { return nil }
    let host = shown(words[.host] ?? "")
    return Explanation(
      rule, "the name \(host) of an instance in Eureka does not resolve, and the instance is left out",
      help: "set eureka.instance.prefer-ip-address: true in the instance, or make the name known to APISIX's resolver",
      .cause(.eureka), values: [(.registry, RegistryKind.eureka.key), (.address, host), (.reason, words.reason)])
  }
}
