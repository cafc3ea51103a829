import APISIX
import Findings

/// A service name and the registry it is for, wherever they stand: in an upstream, in ADC's, in an ApisixUpstream.
struct DiscoveryReference: Sendable {
  let name: Field?
  let type: Field?
  let args: Field?

  static let rules =
    DiscoveryType.rules + [DiscoveryArgs.rule, ServiceNameLength.rule]
    + RegistryKind.allCases.compactMap { $0.rules.serviceName }.rules()

  /// What there is to say of the registry and of the name in it.
  func check(in project: Project) -> [Finding] {
    let length = name.flatMap(ServiceNameLength.check)
    guard let type, let kind = type.string, !kind.isTemplated else { return [length].compactMap { $0 } }
    var findings = DiscoveryArgs.check(args, kind)
    findings += DiscoveryType.check(type, kind, in: project)
    if let length { return findings + [length] }
    guard let name, let text = name.string, !text.isTemplated else { return findings }
    return findings
      + (RegistryKind(rawValue: kind)?.rules.serviceName?.find(ServiceNameUse(name: name, text: text, project: project))
        ?? [])
  }
}
