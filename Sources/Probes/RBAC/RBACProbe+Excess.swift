import Findings
import Kubernetes

/// What is granted beyond need.
extension RBACProbe {
  /// - Parameter listed: rules as the server lists them, where bindings and roles cannot be seen.
  mutating func judgeExcess(_ identity: Identity, _ objects: RBACObjects?, listed: [PolicyRule]) {
    let namespace = identity.serviceAccount?.namespace ?? "default"
    guard let objects else {
      let rules = listed.filter { !Self.isEverybodys($0) && Excess($0) != nil }
      report(rules, scope: namespace, from: nil, identity, nil)
      return
    }
    for (binding, subject) in objects.bindings(for: identity) {
      // What Kubernetes itself gives to everybody is no choice of the user's.
      guard !(subject.kind == "Group" && binding.name.hasPrefix("system:")), let role = objects.role(of: binding) else {
        continue
      }
      report(
        role.rules.filter { Excess($0) != nil }, scope: binding.namespace ?? "cluster", from: binding, identity, objects
      )
    }
  }

  /// A table that somebody can read.
  private static let mostPermissions = 200

  private mutating func report(
    _ rules: [PolicyRule], scope: String, from binding: RBACBinding?, _ identity: Identity, _ objects: RBACObjects?
  ) {
    let excess = rules.compactMap(Excess.init)
    guard !excess.isEmpty else { return }
    for rule in rules {
      for permission in rule.rights(at: scope) where !check.permissions.contains(permission) {
        guard check.permissions.count < Self.mostPermissions else { break }
        check.permissions.append(permission)
      }
    }
    let severe = excess.contains(where: \.isSevere)
    let words = excess.sorted { $0.isSevere && !$1.isSevere }.map(\.words)
    let shown = words.prefix(3).joined(separator: "; ") + (words.count > 3 ? "; and \(words.count - 3) more" : "")
    let source = binding.map { "the \($0.kind) \($0.name) of the \($0.roleKind) \($0.roleName) gives" } ?? "holds"
    let fix = mend(identity.serviceAccount, objects)
    if severe, check.manifest == nil { check.manifest = fix.manifest }
    findings += server.finding(
      RBACRules.tooMuch, severity: severe ? .warning : .note,
      "more than APISIX needs: "
        + (binding == nil ? "\(user) may \(shown)" : "\(source) \(user) the right to \(shown)"),
      help: help(binding, fix))
  }

  private func help(_ binding: RBACBinding?, _ fix: Mend) -> String {
    guard let binding else {
      return
        "what APISIX needs: \(fix.command)\nwhich binding gives the rest: add --kubeconfig FILE of an administrator"
    }
    let place = binding.namespace.map { " -n \(Shell.quoted($0))" } ?? ""
    let kind = binding.namespace == nil ? "clusterrolebinding" : "rolebinding"
    let removal =
      binding.subjects.count > 1
      ? "then take the subject out: kubectl\(place) edit \(kind) \(Shell.quoted(binding.name))"
      : "then: kubectl\(place) delete \(kind) \(Shell.quoted(binding.name))"
    return "what APISIX needs: \(fix.command)\n\(removal)"
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
