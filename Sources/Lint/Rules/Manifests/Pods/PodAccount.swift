import Findings
import Inputs

enum PodAccount {
  static let rule: Rule = """
    rbac/pod-account (error): APISIX's pods run as another account than the one that is bound
    Checks: serviceAccountName of a workload whose container is APISIX's (without it: default), when the nearest \
    configuration uses the pod's own token, no binding in the run names that account, and a ClusterRoleBinding that \
    grants endpoints or endpointslices names another that nothing else in the run uses. Where the run holds no \
    configuration, and nothing tells of another token, that is a note.
    Why: The pod's token is of the account that the pod runs as. A permission of another account does not help: 403 \
    Forbidden, and APISIX finds no service.
    Example:
    kind: ClusterRoleBinding
    subjects:
      - kind: ServiceAccount
        name: default
        namespace: apisix
    ---
    kind: Deployment
    metadata: {name: apisix, namespace: apisix}
    spec:
      template:
        spec:
          serviceAccountName: apisix
    Fix: kind: ClusterRoleBinding
    subjects:
      - kind: ServiceAccount
        name: apisix
        namespace: apisix
    """

  static func check(_ workload: Manifest, in project: Project) -> Finding? {
    guard let pod = Pod(workload), let gateway = pod.gateway, let name = pod.account else { return nil }
    let configs = project.configs(for: pod)
    let cluster = project.cluster
    // What the configuration says is not known where none is in sight: it may hold a token.
    let isGuess = project.configs.isEmpty
    guard isGuess ? !pod.mayHaveToken(gateway) : !configs.isEmpty && configs.allSatisfy(\.usesPodAccount),
      configs.allSatisfy({ $0.tokenFiles.allSatisfy(pod.holdsOwnToken) }),
      let wrong = project.unusedBindings.nearest(to: workload.object.file.path),
      !isGuess || isBeside(workload, wrong) && !wrong.accountSubjects.contains(where: cluster.hasToken),
      let keeps = cluster.kustomizations.keepsNamespaces([workload.object.file, wrong.object.file]),
      !(workload.namespace ?? "").isTemplated
    else { return nil }
    let home = keeps ? workload.namespace : nil
    guard !cluster.allBindings.contains(where: { $0.names(name, home) }), let bound = wrong.accountSubjects.first,
      let other = bound.name, !isGuess || bound.namespace == home || other == name,
      // With nothing in common they may be of two installations.
      bound.namespace == home && home != nil || wrong.object.file.path == workload.object.file.path
        || (other == name || home == nil) && isBeside(workload, wrong)
    else { return nil }
    let account = home.map { "\($0)/\(name)" } ?? name
    let place = wrong.object.file.path == workload.object.file.path ? "" : " in \(wrong.object.file.path)"
    return (pod.accountField ?? pod.spec).finding(
      rule, severity: isGuess ? .note : .error,
      "the pods run as ServiceAccount \(account), which no binding here names; \(wrong.title)\(place) names "
        + (bound.namespace.map { "\($0)/\(other)" } ?? other),
      help: (isGuess ? "if APISIX asks with the pod's own token, " : "")
        + (other == name
          ? "name \(account) in the subjects of \(wrong.title)"
          : "write serviceAccountName: \(other), or name \(account) in the subjects of \(wrong.title)"))
  }

  private static func isBeside(_ one: Manifest, _ other: Manifest) -> Bool {
    LocalPath.directory(of: one.object.file.path) == LocalPath.directory(of: other.object.file.path)
  }

  /// Whether nothing else in the run uses the accounts of a binding.
  /// - Parameter users: the accounts of the configs in the run.
  static func isUnused(_ binding: Manifest, _ cluster: Cluster, _ users: Set<String>) -> Bool {
    let subjects = binding.accountSubjects
    return !subjects.isEmpty
      && subjects.allSatisfy { subject in
        guard let name = subject.name else { return false }
        return !name.isTemplated && subject.namespace?.isTemplated != true
          && !users.contains(subject.username ?? "") && !cluster.isPodAccount(name, subject.namespace)
      }
  }
}

extension Cluster {
  fileprivate func hasToken(_ account: AccountSubject) -> Bool { account.name.map(tokenAccounts.contains) ?? true }
}

extension Pod {
  /// Whether something is put into the container, or into the pod, that may be a token.
  fileprivate func mayHaveToken(_ container: Field) -> Bool {
    isInjected || container["envFrom"] != nil || spec["initContainers"] != nil
      || (container["env"]?.items ?? []).contains { $0["valueFrom"]?["secretKeyRef"] != nil }
      || (spec["volumes"]?.items ?? []).contains { volume in
        ["secret", "projected", "csi", "hostPath", "persistentVolumeClaim"].contains { volume[$0] != nil }
      }
  }
}

extension Manifest {
  /// Whether a binding names an account, itself or as one of a group; where a template or `kubectl -n` decides, it may.
  fileprivate func names(_ account: String, _ home: String?) -> Bool {
    (object["subjects"]?.items ?? []).contains { subject in
      let name = subject["name"]?.string ?? ""
      if name.isTemplated { return true }
      switch subject["kind"]?.string {
      case "ServiceAccount":
        let namespace = subject["namespace"]?.string ?? (kind == "RoleBinding" ? self.namespace : nil)
        return name == account
          && (home == nil || namespace == nil || namespace == home || namespace?.isTemplated ?? false)
      case "Group":
        return ["system:authenticated", "system:serviceaccounts"].contains(name)
          || name.hasPrefix("system:serviceaccounts:") && (home == nil || name.hasSuffix(":\(home ?? "")"))
      case "User": return name.hasSuffix(":\(account)")
      default: return true
      }
    }
  }
}
