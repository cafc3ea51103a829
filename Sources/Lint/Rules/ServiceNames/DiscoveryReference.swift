import Findings

/// A service name and the registry it is for, wherever they stand: in an upstream, in ADC's, in an ApisixUpstream.
struct DiscoveryReference: Sendable {
  let name: Field?
  let type: Field?
  let args: Field?

  private typealias Name = (Field, text: String, in: Project)

  /// The checks of a name, by the registry that it is for.
  private static let byRegistry: [String: Check<Name>] = [
    "kubernetes": Check(KubernetesServiceName.rules) { KubernetesServiceName.check($0, $1, in: $2) },
    "consul": Check(ConsulServiceName.isURL) { name, text, _ in ConsulServiceName.check(name, text, "consul") },
    "consul_kv": Check(ConsulServiceName.isNoURL) { name, text, _ in ConsulServiceName.check(name, text, "consul_kv") },
    "eureka": Check(EurekaServiceName.rule) { name, text, _ in EurekaServiceName.check(name, text) },
    "dns": Check(DNSServiceName.rule) { name, text, _ in DNSServiceName.check(name, text) },
    "nacos": Check(NacosServiceName.rule) { name, text, _ in NacosServiceName.check(name, text) },
  ]

  static let rules =
    RegistryEnabled.rules + [DiscoveryArguments.rule, ServiceNameLength.rule] + byRegistry.values.rules()

  /// What there is to say of the registry and of the name in it.
  func check(in project: Project) -> [Finding] {
    let length = name.flatMap(ServiceNameLength.check)
    guard let type, let kind = type.string, !kind.isTemplated else { return [length].compactMap { $0 } }
    var findings = DiscoveryArguments.check(args, kind)
    findings += RegistryEnabled.check(type, kind, in: project)
    if let length { return findings + [length] }
    guard let name, let text = name.string, !text.isTemplated else { return findings }
    return findings + (Self.byRegistry[kind]?.find((name, text: text, in: project)) ?? [])
  }
}
