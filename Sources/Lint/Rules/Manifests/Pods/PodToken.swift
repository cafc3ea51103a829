import APISIX
import Findings

/// Source: what the API server's admission puts into a pod, and the reference of projected volumes.
enum PodToken {
  static let notMounted: Rule = """
    manifest/token-not-mounted (error): APISIX reads the pod's token, and the pods get none
    Checks: automountServiceAccountToken: false of a workload whose container is APISIX's, or of its ServiceAccount, \
    when the nearest configuration reads the default token file and nothing is mounted there.
    Why: Kubernetes then puts no token into the pods. APISIX finds no file, and its discovery does not start.
    Example:
    spec:
      serviceAccountName: apisix
      automountServiceAccountToken: false
    Fix: spec:
      serviceAccountName: apisix
      automountServiceAccountToken: true
    """

  static let otherPath: Rule = """
    manifest/token-path (error): The pod's token lies elsewhere than token_file says
    Checks: client.token_file of the nearest configuration against the projected tokens that are mounted into APISIX's \
    container: mountPath and, below it, the path of the source. What another volume may hold is not judged.
    Why: APISIX finds no file there, and its discovery does not start.
    Example:
    # config.yaml: token_file: /var/run/secrets/apisix/token
    volumeMounts:
      - name: token
        mountPath: /var/run/secrets/tokens
    volumes:
      - name: token
        projected:
          sources:
            - serviceAccountToken: {path: token}
    Fix: volumeMounts:
      - name: token
        mountPath: /var/run/secrets/apisix
    """

  static let rules = [notMounted, otherPath]

  static func check(_ workload: Manifest, in project: Project) -> Finding? {
    guard let pod = Pod(workload), let gateway = pod.gateway,
      project.cluster.kustomizations.keepsNamespaces([workload.object.file]) != nil
    else { return nil }
    let mounts = pod.mounts
    guard !mounts.contains(where: { $0.path.isTemplated }) else { return nil }
    for config in project.configs(for: pod) {
      for file in config.tokenFiles {
        if let finding = check(TokenMount.plain(file), config, pod, gateway, mounts, project.cluster) { return finding }
      }
    }
    return nil
  }

  private static func check(
    _ file: String, _ config: ConfigFacts, _ pod: Pod, _ gateway: Field, _ mounts: [TokenMount], _ cluster: Cluster
  ) -> Finding? {
    if mounts.contains(where: { $0.tokens.contains(file) }) { return nil }
    // One that is for another service, or that another cluster is asked with, is not meant.
    let others = config.tokenFiles.map(TokenMount.plain)
    let tokens = mounts.flatMap(\.ownTokens).filter { !others.contains($0) }
    let over = pod.mount(over: file)
    if let over, !over.holdsTokensOnly { return nil }
    if over == nil, file == TokenMount.plain(RegistryKind.podTokenFile) {
      guard let (field, owner) = switchedOff(pod, cluster) else { return nil }
      return field.finding(
        notMounted,
        "the configuration in \(config.path) reads the pod's token, and \(owner) has "
          + "automountServiceAccountToken: false: there is none",
        help: tokens.first.map { "write client.token_file: \($0)" }
          ?? "write automountServiceAccountToken: true for the pods, or mount a projected token")
    }
    guard let token = tokens.first, !file.hasPrefix("/vault/"), !pod.isInjected else { return nil }
    let mount = mounts.first { $0.ownTokens.contains(token) }
    return (mount?.field["mountPath"] ?? gateway).finding(
      otherPath, "the token lies at \(token) in the pods; token_file in \(config.path) is \(file)",
      help: "write token_file: \(token), or mount the token where \(config.path) reads it")
  }

  /// Where it is said that the pods get no token of their own, and by whom: the pods' own word counts.
  private static func switchedOff(_ pod: Pod, _ cluster: Cluster) -> (Field, owner: String)? {
    if let own = pod.spec["automountServiceAccountToken"] { return own.isOff ? (own, "the pod") : nil }
    let same = (pod.account.flatMap { cluster.accounts[$0] } ?? []).filter {
      $0.namespace == nil || pod.workload.namespace == nil || $0.namespace == pod.workload.namespace
    }
    guard let account = same.first, same.allSatisfy({ $0.object["automountServiceAccountToken"]?.isOff ?? false })
    else { return nil }
    return (pod.accountField ?? pod.spec, account.title)
  }
}

extension Field {
  fileprivate var isOff: Bool { string.map { ["false", "no", "off"].contains($0.lowercased()) } ?? false }
}
