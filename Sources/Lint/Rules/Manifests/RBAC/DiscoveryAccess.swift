import Findings
import Kubernetes

/// What the config needs against what the manifests of the run grant.
enum DiscoveryAccess {
  static let tokenSubject: Rule = """
    rbac/token-subject (error): The token in config.yaml belongs to another account than the one that is bound
    Checks: The subject of the token in a config.yaml of the run against the subjects of ClusterRoleBindings in the \
    run that grant endpoints or endpointslices.
    Why: Kubernetes looks at the account that the token was issued for. A permission of another account does not help: \
    403 Forbidden, and APISIX finds no service.
    Example:
    # the token's subject is system:serviceaccount:apisix:default
    subjects:
      - kind: ServiceAccount
        name: apisix-test
        namespace: default
    Fix: kubectl -n default create token apisix-test   # and put this token into config.yaml
    zh: config.yaml 里的 token 与绑定的账号不是同一个
    Checks: 把本次检查的 config.yaml 中 token 的主体（subject），与授予 endpoints 或 endpointslices 权限的 \
    ClusterRoleBinding 的 subjects 对照。
    Why: Kubernetes 只认签发 token 时所用的账号。别的账号有权限也没用：403 Forbidden，APISIX 找不到任何服务。
    Example:
    # token 的主体是 system:serviceaccount:apisix:default
    subjects:
      - kind: ServiceAccount
        name: apisix-test
        namespace: default
    Fix: kubectl -n default create token apisix-test   # 然后把这个 token 写入 config.yaml
    """

  static let roleLacks: Rule = """
    rbac/role-lacks-permission (error): The role does not grant what config.yaml makes APISIX ask for
    Checks: The ClusterRoles that are bound to the account of the token in config.yaml, or that are plainly for \
    APISIX, against what the config needs: list and watch on endpoints, or on endpointslices in group discovery.k8s.io \
    with `watch_endpoint_slices: true`.
    Why: With `watch_endpoint_slices: true` APISIX asks for endpointslices only, without it for endpoints only. The \
    other permission does not help: 403 Forbidden.
    Example:
    # config.yaml has watch_endpoint_slices: true
    rules:
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [list, watch]
    Fix: rules:
      - apiGroups: [discovery.k8s.io]
        resources: [endpointslices]
        verbs: [list, watch]
    zh: 角色没有授予 config.yaml 所需的权限
    Checks: 把 config.yaml 中 token 的账号所绑定的 ClusterRole，以及明显供 APISIX 使用的 ClusterRole，与配置所需的权限\
    对照：需要 endpoints 的 list 和 watch；设置了 `watch_endpoint_slices: true` 时，需要的是 discovery.k8s.io 组的 \
    endpointslices。
    Why: 设置 `watch_endpoint_slices: true` 时，APISIX 只读取 endpointslices，否则只读取 endpoints。授予另一种权限没有\
    用：403 Forbidden。
    Example:
    # config.yaml 里设置了 watch_endpoint_slices: true
    rules:
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [list, watch]
    """

  /// Findings at a binding: it grants to somebody else than the token's account.
  static func checkBinding(_ binding: Manifest, in project: Project) -> [Finding] {
    guard binding.kind == "ClusterRoleBinding", !project.subjects.isEmpty,
      let subject = binding.accountSubjects.first
    else { return [] }
    let bound = binding.accountSubjects.compactMap(\.username)
    return project.configs(for: binding.object.file).configs.flatMap { config -> [Finding] in
      // One token is one mistake: of many bindings the nearest to the config is meant, of those the first.
      guard project.discoveryBindings.nearest(to: config.path)?.isSame(binding) ?? false else { return [] }
      return config.subjects.compactMap { user in
        // Any binding of that account may be the one that counts.
        let elsewhere = project.cluster.clusterBindings[user] != nil
        guard !bound.contains(user), !elsewhere, let written = bound.first,
          bound.count == binding.accountSubjects.count,
          // Of several environments this may be another's.
          !bound.contains(where: project.subjects.contains),
          !binding.accountSubjects.contains(where: { project.cluster.isPodAccount($0.name ?? "", $0.namespace) })
        else { return nil }
        return (subject.field["name"] ?? subject.field).finding(
          tokenSubject, "the token in \(config.path) is of \(user); this binding is for \(written)",
          help: "use a token of \(written), or bind \(user)")
      }
    }
  }

  /// Whether a binding gives APISIX what its discovery asks for in all namespaces, or a part of it.
  /// - Parameter roles: the keys of the roles that are for APISIX.
  static func grants(_ binding: Manifest, _ cluster: Cluster, _ roles: Set<String>) -> Bool {
    guard binding.kind == "ClusterRoleBinding" else { return false }
    guard let role = cluster.role(of: binding) else {
      let names = [binding.name] + binding.accountSubjects.map(\.name)
      return everywhere.contains(binding.object["roleRef"]?["name"]?.string ?? "") && Cluster.isOfAPISIX(names)
    }
    return roles.contains(role.roleKey)
      && APIResource.ofDiscovery.contains { role.grants("list", $0) || role.grants("watch", $0) }
  }

  /// Roles that every cluster has, and that grant to read Endpoints.
  private static let everywhere: Set = ["cluster-admin", "admin", "edit", "view"]

  /// Findings at a role: it is the one that APISIX has, and it is not enough.
  static func checkRole(_ role: Manifest, in project: Project) -> Finding? {
    guard role.kind == "ClusterRole", let place = role.object["rules"] else { return nil }
    var served: Bool?
    for config in project.configs(for: role.object.file).configs where config.kubernetes != nil {
      let needed = config.neededResource
      let other: APIResource = config.watchesEndpointSlices ? .endpoints : .endpointSlices
      let held = config.subjects.flatMap { project.cluster.clusterWideRoles(of: $0) }
      let concerned =
        held.contains { $0.name == role.name }
        || config.subjects.isEmpty && role.grants("list", other) && project.isForAPISIX(role)
      // A role that names the resource and lacks a verb is for `rbac/missing-verb`; a slip in the name is told.
      let isNamed = role.rules.contains { rule in
        rule.names(needed) || rule.policy.resources.contains { rule.meant(by: $0) == needed }
      }
      guard concerned, !isNamed else { continue }
      let missing = ["list", "watch"].filter { verb in !(held + [role]).contains { $0.grants(verb, needed) } }
      guard !missing.isEmpty else { continue }
      // Of several environments it may be another's: then it serves that one.
      if config.subjects.isEmpty, served == nil {
        served = project.configs.contains { config in
          config.kubernetes != nil && ["list", "watch"].allSatisfy { role.grants($0, config.neededResource) }
        }
      }
      if config.subjects.isEmpty, served == true { continue }
      let why = config.watchesEndpointSlices ? " (watch_endpoint_slices: true)" : ""
      return place.finding(
        roleLacks, severity: config.subjects.isEmpty ? .warning : .error,
        "\(role.title) does not grant \(missing.joined(separator: " and ")) on \(needed.name), which "
          + "\(config.path) needs\(why)",
        help: "add a rule: apiGroups [\"\(needed.group)\"], resources [\(needed.name)], verbs [list, watch]")
    }
    return nil
  }
}

extension ConfigFacts {
  /// What APISIX lists and watches.
  fileprivate var neededResource: APIResource { watchesEndpointSlices ? .endpointSlices : .endpoints }
}
