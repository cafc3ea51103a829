import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Kubernetes
import SourceText

extension RegistryReasons {
  @Sendable static func eurekaRefusedNodes(_ inquiry: RegistryInquiry) -> [Finding] {
    let check = inquiry.found.check?.text(in: inquiry.lookup.release) ?? ""
    guard check.has("\"weight\""),
      let broken = inquiry.found.instances.first(where: { $0["metadata"]?["weight"]?.string != nil })
    else { return [] }
    return [
      Finding(
        EurekaRules.weight,
        "metadata.weight of \(EurekaInstance(broken).address) is a text, and APISIX refuses all nodes of "
          + "\(inquiry.name): \(check)",
        help: "take weight out of the metadata; discovery.eureka.weight is the weight of all nodes")
    ]
  }

  @Sendable static func eurekaRemarks(_ inquiry: RegistryInquiry) -> [Finding] {
    let (name, lookup) = (inquiry.name, inquiry.lookup)
    let instances = inquiry.found.instances.map(EurekaInstance.init).filter(\.isUp)
    var findings: [Finding] = []
    if let secure = instances.first(where: { $0.secure != nil }), !["https", "grpcs", "tls"].contains(lookup.scheme) {
      let port = secure.secure?.text() ?? ""
      let both = secure.plain.map { " and not \($0.text())" } ?? ""
      findings += Finding(
        EurekaRules.securePort, "APISIX takes the secure port \(port) of \(secure.address)\(both)",
        help: "write scheme: https into the upstream"
          + (both.isEmpty
            ? ""
            : ", or switch the secure port off: "
              + "eureka.instance.secure-port-enabled: false"))
    }
    let named = instances.filter { $0.port != nil && addressBytes($0.address) == nil }
    let taken = Set((inquiry.found.nodes ?? []).compactMap { $0.details["domain"]?.string })
    if let left = named.first(where: { !taken.contains($0.address) }) {
      findings += Finding(
        EurekaRules.hostName, "\(left.address) of \(name) is a name, and APISIX \(lookup.release) leaves it out",
        help: lookup.release.has(.eurekaHostNames)
          ? "do the servers of apisix.dns_resolver know it? else register with the IP address"
          : "names are looked up from 3.16 on: register with the IP address")
    } else if let first = named.first {
      findings += Finding(
        EurekaRules.hostName, severity: .note,
        "\(first.address) of \(name) is a name, which APISIX looks up when it fetches",
        help: "before 3.16 such an instance is left out")
    }
    let now = serverTime(inquiry.conversation)
    let late = instances.filter { $0.overdue(at: now) != nil }
    if let first = late.first, let age = first.overdue(at: now) {
      findings += Finding(
        EurekaRules.stale,
        "\(counted(late.count, "instance")) of \(name) UP and not heard of for long: \(first.address) for \(age) s",
        help: "do they still run? in self-preservation Eureka keeps what does not answer")
    }
    return findings
  }

  /// By the server's own clock, as its leases are.
  private static func serverTime(_ conversation: RegistryConversation) -> Int {
    conversation.last?.header("date").flatMap(Timestamp.parseHTTPDate) ?? conversation.context.now()
  }
}
