import APISIX
import Findings
import SourceText
import YAML

enum DiscoveryArgs {
  static let rule: Rule = """
    discovery-args/unknown (warning): discovery_args has a key that APISIX does not read
    Checks: The keys of discovery_args: namespace_id and group_name, and these for nacos only. One that was meant to \
    be one of the two is an error, and so is a value of these that is not a string.
    Why: APISIX accepts any key and reads these two, and only for nacos. Anything else is without effect: the service \
    is looked for in namespace public and group DEFAULT_GROUP. No release up to 3.18 chooses by `metadata`.
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
    "groupName": "group_name", "nacos_group": "group_name", "nacos_namespace": "namespace_id",
    "namespace-id": "namespace_id", "group-name": "group_name", "tenant": "namespace_id",
    "service_namespace": "namespace_id",
  ]

  /// The key that a registry reads, of those that people write for it.
  static func right(_ key: String, for kind: RegistryKind) -> String? {
    kind.arguments.first { $0 == key || $0 == meant[key] }
  }

  static func check(_ args: Field?, _ kind: String) -> [Finding] {
    guard let args, let known = RegistryKind(rawValue: kind)?.arguments else { return [] }
    if known.isEmpty {
      guard let first = args.members.first(where: { $0.key != "<<" && !$0.key.isTemplated }) else { return [] }
      return [
        args.finding(
          rule, severity: .warning, "\(kind) reads no discovery_args: '\(first.key)' has no effect",
          help: "leave discovery_args out")
      ]
    }
    return args.members.compactMap { member in
      if known.contains(member.key) { return notString(member) }
      guard member.key != "<<", !member.key.isTemplated else { return nil }
      // What has blanks or quotes in it is no misspelt key, but one whose colon is missing.
      let isName = member.key.utf8.allSatisfy { $0.isWord || $0 == UInt8(ascii: "-") }
      let right = isName ? meant[member.key] ?? nearest(member.key, among: known) : nil
      let isFree = right.map { args[$0] == nil } ?? false
      let asked = right == "group_name" ? "DEFAULT_GROUP" : "public"
      let breaks = isFree && member.value.string != asked
      return member.finding(
        rule, severity: breaks ? .error : .warning,
        "APISIX does not read '\(member.key)' in discovery_args"
          + (breaks ? "; the service is looked for in \(asked)" : ""),
        help: right.map { correction(member.key, meant: $0, isThere: !isFree) }
          ?? "remove it; \(kind) reads \(known.joined(separator: " and "))",
        fix: isFree ? right.flatMap { member.renaming(to: $0) } : nil)
    }
  }

  /// The schema wants text.
  private static func notString(_ member: Field.Member) -> Finding? {
    let value = member.value
    guard !value.isNull, !value.isText else { return nil }
    return value.finding(
      rule, severity: .error, "\(member.key) is not a string; the upstream is refused",
      help: "quote it", fix: value.inQuotes)
  }
}

extension Field {
  /// Whether who reads the file takes the value for a string; so may what a template gives.
  var isText: Bool {
    if file.tree.isText(id) || string?.isTemplated == true { return true }
    // Words and forms of numbers that others than APISIX take for a text.
    let isAPISIX = file.kind == .apisixStandalone || file.kind == .apisixAdmin
    return !isAPISIX && string.map { TinyScalar($0.utf8).isString } ?? false
  }
}
