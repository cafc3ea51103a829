import Findings

/// A service name and the registry it is for, wherever they stand: in an upstream, in ADC's, in an ApisixUpstream.
struct DiscoveryReference: Sendable {
  let name: Field?
  let type: Field?
  let args: Field?

  /// What there is to say of the registry and of the name in it.
  func check(in project: Project) -> [Finding] {
    guard let type, let kind = type.string, !kind.isTemplated else { return length(name) }
    var findings = RegistryEnabled.check(type, kind, in: project)
    findings += DiscoveryArguments.check(args, kind)
    guard let name, let text = name.string, !text.isTemplated else { return findings }
    let wrong = length(name)
    if !wrong.isEmpty { return findings + wrong }
    switch kind {
    case "kubernetes": findings += KubernetesServiceName.check(name, text, in: project)
    case "consul_kv", "consul": findings += ConsulServiceName.check(name, text, kind)
    case "eureka": findings += EurekaServiceName.check(name, text)
    case "dns": findings += DNSServiceName.check(name, text)
    case "nacos": findings += NacosServiceName.check(name, text)
    default: break
    }
    return findings
  }

  private func length(_ name: Field?) -> [Finding] { name.map(ServiceNameLength.check) ?? [] }
}
