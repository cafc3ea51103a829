/// Why a request is allowed: this rule of this role, by this binding, to this subject.
public struct RBACGrant: Sendable, Hashable {
  public let binding: RBACBinding
  public let subject: RBACBinding.Subject
  public let role: RBACRole
  public let rule: PolicyRule
  /// Its place among the role's rules, from 0.
  public let ruleIndex: Int
}

/// What nearly allows a request, and where it breaks.
public struct RBACNearMiss: Sendable, Hashable {
  public enum Break: Sendable, Hashable {
    /// The binding's role is not there.
    case roleMissing
    /// A RoleBinding: good in its own namespace only.
    case namespaceOnly(String)
    /// The rule is for these verbs only.
    case verb([String])
    /// The rule is for these API groups only.
    case group([String])
    /// The rule is for objects of these names only, which no list and no watch can be.
    case resourceNames([String])
    /// Several words stand in one string of this field of the rule.
    case commaInString(field: String, text: String)
    /// An aggregated role, into which its controller writes no such rule: what it collects by.
    case notCollected([String])
    /// A ServiceAccount of this name, but of another namespace.
    case subjectNamespace(String?)
  }

  public let binding: RBACBinding
  public let reason: Break
}

public struct RBACDecision: Sendable, Hashable {
  /// Empty: not allowed.
  public let grants: [RBACGrant]
  /// Only looked for where nothing grants it.
  public let nearMisses: [RBACNearMiss]

  public var allowed: Bool { !grants.isEmpty }
}

extension RBACObjects {
  /// Whether RBAC allows `request` to `identity`, and why, or why not.
  ///
  /// Source: Kubernetes' documentation, "Using RBAC Authorization".
  public func decide(_ request: AccessRequest, for identity: Identity) -> RBACDecision {
    var grants: [RBACGrant] = []
    for (binding, subject) in bindings(for: identity) where applies(binding, request) {
      guard let role = role(of: binding) else { continue }
      for (index, rule) in role.rules.enumerated() where rule.allows(request) {
        grants.append(RBACGrant(binding: binding, subject: subject, role: role, rule: rule, ruleIndex: index))
      }
    }
    return RBACDecision(grants: grants, nearMisses: grants.isEmpty ? nearMisses(request, identity) : [])
  }

  /// Bindings with the first of their subjects that means `identity`.
  public func bindings(for identity: Identity) -> [(binding: RBACBinding, subject: RBACBinding.Subject)] {
    bindings.compactMap { binding in
      binding.subjects.first { Self.means($0, identity, in: binding) }.map { (binding, $0) }
    }
  }

  private func applies(_ binding: RBACBinding, _ request: AccessRequest) -> Bool {
    binding.namespace == nil || binding.namespace == request.namespace
  }

  private static func means(_ subject: RBACBinding.Subject, _ identity: Identity, in binding: RBACBinding) -> Bool {
    switch subject.kind {
    case "User": return subject.name == identity.username
    case "Group": return identity.groups.contains(subject.name)
    case "ServiceAccount":
      guard let namespace = subject.namespace ?? binding.namespace else { return false }
      return ServiceAccount(namespace: namespace, name: subject.name).username == identity.username
    default: return false
    }
  }

  private func nearMisses(_ request: AccessRequest, _ identity: Identity) -> [RBACNearMiss] {
    var misses: [RBACNearMiss] = []
    for (binding, _) in bindings(for: identity) {
      guard let role = role(of: binding) else {
        misses.append(RBACNearMiss(binding: binding, reason: .roleMissing))
        continue
      }
      let inScope = applies(binding, request)
      var reasons = role.rules.compactMap { rule in
        inScope ? rule.nearMiss(request) : rule.allows(request) ? namespaceOnly(binding) : nil
      }
      // What is written into such a role by hand is gone again at once.
      if let labels = role.collectsBy, inScope, !reasons.isEmpty || role.rules.isEmpty {
        reasons = [.notCollected(labels)]
      }
      misses += reasons.map { RBACNearMiss(binding: binding, reason: $0) }
    }
    if let account = identity.serviceAccount {
      for binding in bindings where role(of: binding)?.rules.contains(where: { $0.allows(request) }) == true {
        for subject in binding.subjects
        where subject.kind == "ServiceAccount" && subject.name == account.name && subject.namespace != account.namespace
        {
          misses.append(RBACNearMiss(binding: binding, reason: .subjectNamespace(subject.namespace)))
        }
      }
    }
    return misses
  }

  private func namespaceOnly(_ binding: RBACBinding) -> RBACNearMiss.Break? {
    binding.namespace.map { .namespaceOnly($0) }
  }
}

extension PolicyRule {
  /// Whether the rule, once bound in the right scope, allows `request`.
  public func allows(_ request: AccessRequest) -> Bool {
    hasVerb(request) && hasGroup(request) && hasResource(request) && hasName(request)
  }

  private func hasVerb(_ request: AccessRequest) -> Bool { verbs.contains("*") || verbs.contains(request.verb) }
  private func hasGroup(_ request: AccessRequest) -> Bool { groups.contains("*") || groups.contains(request.group) }

  private func hasResource(_ request: AccessRequest) -> Bool {
    guard let subresource = request.subresource else {
      return resources.contains("*") || resources.contains(request.resource)
    }
    return resources.contains("*") || resources.contains("\(request.resource)/\(subresource)")
      || resources.contains("*/\(subresource)")
  }

  private func hasName(_ request: AccessRequest) -> Bool {
    resourceNames.isEmpty || request.name.map(resourceNames.contains) == true
  }

  /// What keeps the rule from allowing `request`, where it is about the same objects.
  public func nearMiss(_ request: AccessRequest) -> RBACNearMiss.Break? {
    if let comma = comma(in: request) { return comma }
    guard hasResource(request) else { return nil }
    switch (hasVerb(request), hasGroup(request), hasName(request)) {
    case (true, true, false): return .resourceNames(resourceNames)
    case (true, false, true): return .group(groups)
    case (false, true, true): return .verb(verbs)
    default: return nil
    }
  }

  /// The string that would allow `request` if it were several.
  private func comma(in request: AccessRequest) -> RBACNearMiss.Break? {
    guard !allows(request), split.allows(request) else { return nil }
    for (field, texts) in [("verbs", verbs), ("resources", resources), ("apiGroups", groups)] {
      if let text = texts.first(where: { $0.contains(",") }) { return .commaInString(field: field, text: text) }
    }
    return nil
  }

  /// With several strings in the place of one with commas.
  public var split: PolicyRule {
    func parts(_ texts: [String]) -> [String] {
      texts.flatMap { text in
        text.contains(",")
          ? text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.filter { $0 != " " }) }
          : [text]
      }
    }
    return PolicyRule(
      verbs: parts(verbs), groups: parts(groups), resources: parts(resources), resourceNames: resourceNames)
  }
}
