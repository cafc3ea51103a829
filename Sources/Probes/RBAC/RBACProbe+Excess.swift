import Findings
import JSON
import Kubernetes
import SourceText

/// What is granted beyond need.
extension RBACProbe {
  /// - Parameter listed: rules as the server lists them, where bindings and roles cannot be seen.
  mutating func judgeExcess(_ identity: Identity?, _ objects: RBACObjects?, listed: [PolicyRule]) {
    guard let identity, let objects else {
      let rules = listed.filter { !Self.isEverybodys($0) && Excess($0) != nil }
      guard !rules.isEmpty else { return }
      note(rules, scope: scope(of: rules, identity))
      tell(rules, "\(user) may", help: blindHelp(rules, identity))
      if check.manifest == nil, rules.contains(where: { Excess($0)?.isSevere == true }) {
        check.manifest = mend(identity, nil).manifest
      }
      return
    }
    let wide = objects.bindings(for: identity).filter { binding, subject in
      // What Kubernetes itself gives to everybody is no choice of the user's.
      !(subject.kind == "Group" && binding.name.hasPrefix("system:")) && !rules(beyondNeed: binding, objects).isEmpty
    }
    guard !wide.isEmpty else { return }
    var mend = mend(identity, objects)
    // What was just told to close a gap grants enough; else the wide role itself is narrowed, if it is the account's.
    mend.narrows = missing.isEmpty
    let rest = objects.without(wide.map(\.binding))
    let isEnough = needed.allSatisfy { rest.decide($0, for: identity).allowed }
    for (binding, subject) in wide {
      let rules = rules(beyondNeed: binding, objects)
      note(rules, scope: binding.namespace ?? "cluster")
      tell(
        rules,
        "the \(binding.kind) \(binding.name) of the \(binding.roleKind) \(binding.roleName) gives \(user) the right to",
        help: help(binding, subject, isEnough ? nil : mend))
      if check.manifest == nil, rules.contains(where: { Excess($0)?.isSevere == true }) {
        check.manifest = mend.manifest
      }
    }
  }

  private func rules(beyondNeed binding: RBACBinding, _ objects: RBACObjects) -> [PolicyRule] {
    objects.role(of: binding)?.rules.filter { Excess($0) != nil } ?? []
  }

  private func mend(_ identity: Identity?, _ objects: RBACObjects?) -> RBACMend {
    RBACMend(needed: needed, user: identity?.username, objects: objects)
  }

  /// A table that somebody can read.
  private static let mostPermissions = 200

  private mutating func note(_ rules: [PolicyRule], scope: String) {
    for rule in rules {
      for permission in rule.rights(at: scope) where !check.permissions.contains(permission) {
        guard check.permissions.count < Self.mostPermissions else { break }
        check.permissions.append(permission)
      }
    }
  }

  private mutating func tell(_ rules: [PolicyRule], _ source: String, help: String) {
    let excess = rules.compactMap(Excess.init)
    let words = excess.sorted { $0.isSevere && !$1.isSevere }.map(\.words)
    let shown = words.prefix(3).joined(separator: "; ") + (words.count > 3 ? "; and \(words.count - 3) more" : "")
    findings += server.finding(
      RBACRules.tooMuch, severity: excess.contains(where: \.isSevere) ? .warning : .note,
      "more than APISIX needs: \(source) \(shown)", help: help)
  }

  /// - Parameter mend: what is to be granted first, or in its place; nil where other bindings grant it.
  private func help(_ binding: RBACBinding, _ subject: RBACBinding.Subject, _ mend: RBACMend?) -> String {
    let options = mend?.options
    let isApplied = binding.namespace == nil && binding.name == options?.clusterRoleBinding
    let kind = binding.namespace == nil ? "clusterrolebinding" : "rolebinding"
    let kubectl = "kubectl" + (binding.namespace.map { " -n \(Shell.quoted($0))" } ?? "")
    let name = Shell.quoted(binding.name)
    let removal: String
    if subject.kind == "Group" {
      removal = "all of the group \(subject.name) have it; \(user) alone cannot be taken out of that binding"
    } else if binding.subjects.count > 1, let index = binding.subjects.firstIndex(of: subject) {
      let path = "/subjects/\(index)"
      // Another subject may have come to stand there.
      let tests = [("kind", subject.kind), ("name", subject.name), ("namespace", subject.namespace)].compactMap {
        key, value in
        value.map { #"{"op":"test","path":"\#(path)/\#(key)","value":\#(JSONValue.string($0).text())},"# }
      }
      let patch = #"[\#(tests.joined()){"op":"remove","path":"\#(path)"}]"#
      removal = "\(kubectl) patch \(kind) \(name) --type=json -p \(Shell.quoted(patch))"
    } else {
      removal = "\(kubectl) delete \(kind) \(name)"
    }
    guard let command = mend?.command else { return removal }
    return isApplied ? "what APISIX needs: \(command)" : "what APISIX needs: \(command)\nthen: \(removal)"
  }

  /// Where it is not known by which binding somebody has a right.
  private func blindHelp(_ rules: [PolicyRule], _ identity: Identity?) -> String {
    if identity?.serviceAccount != nil {
      return "which binding gives it: add --kubeconfig FILE of an administrator"
    }
    let isAll = rules.contains { $0.verbs.contains("*") && $0.resources.contains("*") && $0.groups.contains("*") }
    return (isAll ? "this is an administrator, and not APISIX's account" : "is this APISIX's account?")
      + "; to ask for that: --name NAME --namespace NAMESPACE, or --config FILE"
  }

  /// The server lists the rules for one namespace, those for the whole cluster among them.
  private mutating func scope(of rules: [PolicyRule], _ identity: Identity?) -> String {
    let isEverywhere = rules.prefix(8).allSatisfy { rule in
      guard let verb = rule.verbs.first, let group = rule.groups.first, let resource = rule.resources.first else {
        return false
      }
      return (try? server.mayI(AccessRequest(verb: verb, group: group, resource: resource)))?.word == true
    }
    return isEverywhere ? "cluster" : identity?.serviceAccount?.namespace ?? "default"
  }

  /// The self reviews, which every identity may ask for.
  private static func isEverybodys(_ rule: PolicyRule) -> Bool {
    !rule.resources.isEmpty && rule.resources.allSatisfy { $0.hasPrefix("selfsubject") }
  }
}

/// A rule that allows more than to read endpoints and endpointslices.
private struct Excess {
  /// Wildcards, secrets and writes.
  let isSevere: Bool
  /// Follows "may": `delete pods`.
  let words: String

  static let reading: Set<String> = ["get", "list", "watch"]
  static let groups: Set<String> = ["", "discovery.k8s.io"]
  static let resources: Set<String> = ["endpoints", "endpointslices"]

  init?(_ rule: PolicyRule) {
    // A string with commas is no verb of any request.
    guard !(rule.verbs + rule.resources + rule.groups).contains(where: { $0.contains(",") }) else { return nil }
    let isNeeded =
      Self.reading.isSuperset(of: rule.verbs) && Self.groups.isSuperset(of: rule.groups)
      && Self.resources.isSuperset(of: rule.resources)
    guard !isNeeded, !rule.resources.isEmpty, !rule.verbs.isEmpty else { return nil }
    let hasWildcard = (rule.verbs + rule.groups + rule.resources).contains("*")
    let hasSecrets = rule.resources.contains("secrets") && rule.groups.contains("")
    isSevere = hasWildcard || hasSecrets || !Self.reading.isSuperset(of: rule.verbs)
    let verbs = rule.verbs.contains("*") ? "do everything with" : rule.verbs.prefix(4).joined(separator: ", ")
    let resources = rule.resources.contains("*") ? "every resource" : rule.resources.prefix(4).joined(separator: ", ")
    let groups = rule.groups.filter { !$0.isEmpty && $0 != "*" }
    words = "\(verbs) \(resources)\(groups.isEmpty ? "" : " of \(groups.prefix(2).joined(separator: ", "))")"
  }
}

extension RBACObjects {
  /// The ClusterRoles that allow all of this, and nothing that APISIX does not need.
  func roles(granting requests: [AccessRequest]) -> [String] {
    roles.filter { role in
      role.namespace == nil && !role.isBuiltIn && role.rules.allSatisfy { Excess($0) == nil }
        && requests.allSatisfy { request in role.rules.contains { $0.allows(request) } }
    }.map(\.name).sorted()
  }
}

extension PolicyRule {
  /// Its rights beyond need, one by one; of a rule that names very many, the first.
  fileprivate func rights(at scope: String) -> [RBACCheck.Permission] {
    var rights: [RBACCheck.Permission] = []
    for group in groups.prefix(32) {
      for resource in resources.prefix(32) {
        for verb in verbs.prefix(32) {
          let isNeeded =
            Excess.reading.contains(verb) && Excess.groups.contains(group) && Excess.resources.contains(resource)
          if isNeeded { continue }
          rights.append(.init(verb: verb, group: group, resource: resource, scope: scope, needed: false, allowed: true))
        }
      }
    }
    return rights
  }
}
