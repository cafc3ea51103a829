import Common
import Findings
import Kubernetes

enum MissingVerb {
  static let rules = [RoleRules.missingVerb, RoleRules.resourceNames]

  static func check(_ role: Manifest, in project: Project) -> [Finding] {
    guard project.isForAPISIX(role) else { return [] }
    return APIResource.ofDiscovery.compactMap { resource in
      let rules = role.rules.filter { $0.names(resource) && $0.policy.groups.contains(resource.group) }
      // A template may still fill in verbs.
      guard let rule = rules.last, !rules.contains(where: { $0.policy.verbs.contains(where: \.isTemplated) }) else {
        return nil
      }
      if let names = rules.compactMap({ $0.field["resourceNames"] }).first(where: { !$0.items.isEmpty }) {
        guard !role.grants("list", resource) || !role.grants("watch", resource) else { return nil }
        return names.finding(
          RoleRules.resourceNames,
          "resourceNames limit this rule; APISIX lists all \(resource.name), which it does not grant",
          help: "leave resourceNames out")
      }
      let missing = ["list", "watch"].filter { !role.grants($0, resource) }
      guard !missing.isEmpty else { return nil }
      let verbs = rule.field["verbs"]
      return (verbs ?? rule.field).finding(
        RoleRules.missingVerb, "\(role.title) lacks \(missing.joined(separator: " and ")) on \(resource.name)",
        help: "add \(missing.joined(separator: " and ")) to verbs",
        fix: rules.count == 1 ? verbs?.appending(missing) : nil)
    }
  }
}
