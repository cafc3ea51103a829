import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

extension RegistryReasons {
  /// Which weights and ports keep APISIX from taking the nodes.
  @Sendable static func nacosRefusedNodes(_ inquiry: RegistryInquiry) -> [Finding] {
    let check = inquiry.found.check?.text(in: inquiry.lookup.release) ?? ""
    let found = inquiry.found.instances
    if check.has("\"weight\""),
      let broken = found.first(where: { $0["weight"]?.number.map { $0 != $0.rounded() } ?? false })
    {
      let instance = NacosInstance(broken)
      let command = NacosServer(inquiry.conversation).map { instance.command($0, inquiry.lookup, "weight", "1") }
      return [
        Finding(
          NacosRules.weight,
          "\(instance.place) of \(inquiry.name) has a weight that is no whole number, and APISIX refuses all nodes: "
            + check,
          help: ["register it with a whole weight, or set one:", command].compactMap { $0 }.joined(separator: "\n"))
      ]
    }
    guard check.has("\"port\""), let text = found.first(where: { $0["metadata"]?["gRPC_port"]?.string != nil }),
      ["grpc", "grpcs"].contains(inquiry.lookup.scheme)
    else { return [] }
    return [
      Finding(
        NacosRules.gRPCPort, severity: .error,
        "gRPC_port of \(NacosInstance(text).place) is a text, and APISIX refuses all nodes: \(check)",
        help: "register the gRPC port as a service of its own, without gRPC_port")
    ]
  }

  @Sendable static func nacosRemarks(_ inquiry: RegistryInquiry) -> [Finding] {
    let (name, hosts) = (inquiry.name, inquiry.found.instances)
    var findings: [Finding] = []
    if let dead = dead(inquiry) {
      findings += Finding(
        NacosRules.protectionThreshold, "Nacos hands out instances of \(name) that are not healthy: \(dead)",
        help: "mend the instances that fail; Nacos' console shows which, and the service's protection threshold")
    }
    let resting = hosts.filter { $0["weight"]?.number == 0 }
    if let first = resting.first {
      let all = resting.count == hosts.count ? "every instance" : NacosInstance(first).place
      findings += Finding(
        NacosRules.weightZero, "\(all) of \(name) has the weight 0: APISIX sends it no request",
        help: NacosServer(inquiry.conversation).map { NacosInstance(first).command($0, inquiry.lookup, "weight", "1") }
          ?? "set its weight to 1 in Nacos' console")
    }
    let nameless = hosts.filter { addressBytes($0["ip"]?.string ?? "") == nil }
    if let first = nameless.first {
      findings += Finding(
        NacosRules.address, severity: nameless.count == hosts.count ? .error : .warning,
        "the ip of an instance of \(name) is \(SecretPatterns.quoted(first["ip"]?.string ?? "")), no IP address: "
          + "requests to it get 502",
        help: "register with the IP address, as spring.cloud.nacos.discovery.ip says it")
    }
    if let first = hosts.first(where: { $0["metadata"]?["gRPC_port"] != nil }),
      let port = first["metadata"]?["gRPC_port"]
    {
      var asked = inquiry.lookup
      asked.scheme = "grpc"
      let check =
        if case .gives(let found) = inquiry.kind.step(asked, after: inquiry.conversation.answers) { found.check } else {
          Words?.none
        }
      let text = port.string.map { "the text \(SecretPatterns.quoted($0))" } ?? port.text()
      findings += Finding(
        NacosRules.gRPCPort,
        "\(NacosInstance(first).place) has a gRPC_port: with scheme grpc or grpcs APISIX takes \(text)"
          + (check.map { " and refuses all nodes: \($0.text(in: asked.release))" } ?? "; here the port"),
        help: "register the gRPC port as a service of its own, without gRPC_port")
    }
    if inquiry.lookup.serviceName.has("@@") {
      findings += Finding(
        NacosRules.groupInName,
        "\(name) has the group in it, which goes before discovery_args.group_name",
        help: "write service_name: \(inquiry.lookup.nacosName), and discovery_args: {group_name: "
          + "\(inquiry.lookup.nacosGroup)}")
    }
    // What is at hand was asked for.
    if inquiry.conversation.files.isEmpty {
      findings += Finding(
        NacosRules.notReferenced, "APISIX asks Nacos only for names that an upstream has: is there one with \(name)?",
        help:
          "gatecheck resolve \(inquiry.conversation.config?.upstreams ?? "--etcd") "
          + "shows the names that its upstreams have"
      )
    }
    return findings
  }

  /// What shows that not all of them are healthy.
  private static func dead(_ inquiry: RegistryInquiry) -> String? {
    let answer = inquiry.conversation.last?.json(200)
    if answer?["reachProtectionThreshold"]?.bool == true { return "its protection threshold is reached" }
    // A 1.x calls all of them healthy, and counts them right elsewhere.
    guard answer?["dom"] != nil, let server = NacosServer(inquiry.conversation),
      let service = server.services(called: inquiry.lookup.nacosName, in: inquiry.lookup.nacosSpace)?.first(
        where: { $0.group == inquiry.lookup.nacosGroup }), service.healthy < inquiry.found.instances.count
    else { return nil }
    return "it counts \(service.healthy) of \(inquiry.found.instances.count) as healthy"
  }
}
