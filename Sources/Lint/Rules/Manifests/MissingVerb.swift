public import Findings
import Kubernetes

extension Rule {
  public static let missingVerb = Rule(
    id: "rbac/missing-verb", severity: .error,
    summary: "A role for APISIX lacks list or watch",
    checks: "Roles that are plainly for APISIX (apisix is in the name of the role, its binding or account, or it is "
      + "bound to the account of a config in the same run) and that name endpoints or endpointslices.",
    why: "APISIX lists all endpoints at start and watches them from then on. Without list it gets 403 Forbidden and "
      + "knows no service; without watch it lists, fails, and starts over every 40 seconds. `get` is not used.",
    example: """
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [get, list]
      """,
    fix: """
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [get, list, watch]
      """)

  public static let resourceNames = Rule(
    id: "rbac/resource-names", severity: .error,
    summary: "resourceNames keep APISIX from listing",
    checks: "A rule on endpoints or endpointslices with resourceNames in a role that is plainly for APISIX.",
    why:
      "A list or watch of all objects names none of them, so a rule that is limited to some names does not grant it: "
      + "403 Forbidden.",
    example: """
      - apiGroups: [""]
        resources: [endpoints]
        resourceNames: [plat-dev]
        verbs: [list, watch]
      """,
    fix: """
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [list, watch]
      """)
}

enum MissingVerb {
  static let rules = [Rule.missingVerb, Rule.resourceNames]

  static func check(_ role: Manifest, in project: Project) -> [Finding] {
    guard project.cluster.isForAPISIX(role, project.configs) else { return [] }
    return APIResource.ofDiscovery.compactMap { resource in
      let rules = role.rules.filter { $0.names(resource) && $0.policy.groups.contains(resource.group) }
      // A template may still fill in verbs.
      guard let rule = rules.last, !rules.contains(where: { $0.policy.verbs.contains(where: \.isTemplated) }) else {
        return nil
      }
      if let names = rules.compactMap({ $0.field["resourceNames"] }).first(where: { !$0.items.isEmpty }) {
        guard !role.grants("list", resource) || !role.grants("watch", resource) else { return nil }
        return names.finding(
          .resourceNames, "resourceNames limit this rule; APISIX lists all \(resource.name), which it does not grant",
          help: "leave resourceNames out")
      }
      let missing = ["list", "watch"].filter { !role.grants($0, resource) }
      guard !missing.isEmpty else { return nil }
      let verbs = rule.field["verbs"]
      return (verbs ?? rule.field).finding(
        .missingVerb, "\(role.title) lacks \(missing.joined(separator: " and ")) on \(resource.name)",
        help: "add \(missing.joined(separator: " and ")) to verbs",
        fix: rules.count == 1 ? verbs?.appending(missing) : nil)
    }
  }
}
