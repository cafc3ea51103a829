import Common
import Findings
import Kubernetes
import SourceText

enum WrongAPIGroup {
  static func check(_ role: Manifest) -> [Finding] {
    role.rules.flatMap { rule in APIResource.ofDiscovery.compactMap { check(rule, $0, role) } }
  }

  private static func check(_ rule: RoleRule, _ resource: APIResource, _ role: Manifest) -> Finding? {
    let groups = rule.policy.groups
    guard rule.names(resource), !groups.contains(resource.group), !groups.contains("*"),
      !groups.contains(where: \.isTemplated)
    else { return nil }
    // What another rule grants makes this one useless, not harmful.
    let granted = role.rules.contains { other in
      other.policy.verbs.contains { $0 == "*" || rule.policy.verbs.contains($0) && other.grants($0, resource) }
        && other.names(resource) && other.policy.groups.contains { $0 == resource.group || $0 == "*" }
    }
    guard
      let item = rule.field["resources"].map({ field in
        field.items.first { $0.string?.has(resource.name) ?? false } ?? field
      })
    else { return nil }
    let right = resource.group.isEmpty ? "the core group \"\"" : "group \(resource.group)"
    let written = groups.isEmpty ? "no group" : groups.map { $0.isEmpty ? "\"\"" : $0 }.joined(separator: ", ")
    return item.finding(
      RoleRules.wrongAPIGroup, severity: granted ? .warning : .error,
      "\(resource.name) belong to \(right), this rule is for \(written): it grants nothing on them",
      help: "add \(resource.group.isEmpty ? "\"\"" : resource.group) to apiGroups", fix: fix(rule, resource))
  }

  private static func fix(_ rule: RoleRule, _ resource: APIResource) -> Fix? {
    guard let groups = rule.field["apiGroups"], !groups.items.isEmpty else { return nil }
    let group = resource.group.isEmpty ? "\"\"" : resource.group
    if rule.policy.resources == [resource.name], groups.items.count == 1 {
      return groups.items.first?.replacing(withYAML: group)
    }
    return groups.appending([group])
  }
}
