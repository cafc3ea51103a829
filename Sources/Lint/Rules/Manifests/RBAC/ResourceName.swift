import Findings
import Kubernetes

enum ResourceName {
  static let rule: Rule = """
    rbac/no-such-resource (error): A role names a resource that Kubernetes does not have
    Checks: Rules of a ClusterRole or Role for `endpoint` or `endpointslice`, or for these in capitals.
    Why: A resource is called by its plural in small letters. Kubernetes accepts any other word, and grants nothing by \
    it: APISIX gets 403 Forbidden.
    Example:
    - apiGroups: [""]
      resources: [endpoint]
      verbs: [list, watch]
    Fix: - apiGroups: [""]
      resources: [endpoints]
      verbs: [list, watch]
    """

  static func check(_ role: Manifest) -> [Finding] {
    role.rules.flatMap { rule in
      (rule.field["resources"]?.items ?? []).compactMap { item in
        guard let text = item.string, let resource = rule.meant(by: text) else { return nil }
        // What another rule grants makes this one useless, not harmful.
        let isGranted = ["list", "watch"].allSatisfy { role.grants($0, resource) }
        return item.finding(
          Self.rule, severity: isGranted ? .warning : nil,
          "no resource is called '\(text)': the rule grants nothing by it", help: "write \(resource.name)",
          fix: item.replacing(with: resource.name))
      }
    }
  }
}

extension RoleRule {
  /// What APISIX lists that a word was meant to be which is the name of no resource.
  func meant(by text: String) -> APIResource? {
    guard policy.groups.contains(where: { ["", "*", APIResource.endpointSlices.group].contains($0) }) else {
      return nil
    }
    let plain = text.lowercased()
    return APIResource.ofDiscovery.first { text != $0.name && (plain == $0.name || plain + "s" == $0.name) }
  }
}
