import APISIX
import Findings

enum DiscoveryArgs {
  static let rule: Rule = """
    discovery-args/unknown (warning): discovery_args has a key that APISIX does not read
    Checks: The keys of discovery_args: namespace_id and group_name, and these for nacos only.
    Why: APISIX accepts any key and reads these two, and only for nacos. Anything else is without effect: the service \
    is looked for in namespace public and group DEFAULT_GROUP.
    Example:
    discovery_type: nacos
    discovery_args:
      namespaceId: 2ee2a1e2
    Fix: discovery_type: nacos
    discovery_args:
      namespace_id: 2ee2a1e2
    """

  private static let meant = [
    "namespace": "namespace_id", "namespaceId": "namespace_id", "namespaceID": "namespace_id", "group": "group_name",
    "groupName": "group_name",
  ]

  static func check(_ args: Field?, _ kind: String) -> [Finding] {
    guard let args, let known = RegistryKind(rawValue: kind)?.arguments else { return [] }
    if known.isEmpty {
      guard !args.members.isEmpty else { return [] }
      return [
        args.finding(
          rule, severity: .note, "\(kind) reads no discovery_args", help: "leave discovery_args out")
      ]
    }
    return args.members.compactMap { member in
      // apisix-seed and forks read `metadata`.
      guard !known.contains(member.key), member.key != "<<", member.key != "metadata" else { return nil }
      let right = meant[member.key] ?? nearest(member.key, among: known)
      guard let right else { return nil }
      return member.finding(
        rule, "APISIX does not read '\(member.key)' in discovery_args", help: "write \(right)",
        fix: args[right] == nil ? member.renaming(to: right) : nil)
    }
  }
}
