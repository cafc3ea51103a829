import Inputs

/// The Kubernetes objects of all files of a run, found by name, for cross-checks.
struct Cluster: Sendable {
  /// By name.
  private(set) var accounts: [String: [Manifest]] = [:]
  /// ClusterRoles and Roles by name.
  private(set) var roles: [String: [Manifest]] = [:]
  /// Bindings of both kinds by the name in roleRef.
  private(set) var bindings: [String: [Manifest]] = [:]
  /// ClusterRoleBindings by the username of each ServiceAccount that they name.
  private(set) var clusterBindings: [String: [Manifest]] = [:]
  /// The usernames of all accounts that some binding names.
  private(set) var boundAccounts: Set<String> = []
  /// All bindings, in the order of the files.
  private(set) var allBindings: [Manifest] = []
  /// Whether one of its workloads runs APISIX.
  private(set) var hasGateway = false
  /// The names of the accounts for which a Secret holds a token.
  private(set) var tokenAccounts: Set<String> = []
  /// The accounts that pods run as: `namespace/name`, and `/name` where the namespace is left to `kubectl -n`.
  private var podAccounts: Set<String> = []
  /// By `namespace/name`.
  private(set) var services: [String: [Manifest]] = [:]
  private(set) var servicesByName: [String: [Manifest]] = [:]
  private(set) var endpoints: [String: [Manifest]] = [:]
  /// `namespace/name` of the services to which Endpoints or slices give addresses.
  private(set) var addressed: Set<String> = []
  private(set) var upstreams: [String: [Manifest]] = [:]
  private(set) var kustomizations = Kustomizations()
  /// The folders in which a template has yet to name an account, a role or what is bound: nothing that is missing
  /// there is known to be.
  private(set) var templated: Set<Substring> = []

  init(files: [LintFile]) {
    for file in files where file.kind == .kubernetes {
      for manifest in Manifest.all(in: file) { add(manifest) }
    }
    kustomizations.read(files)
  }

  private mutating func add(_ manifest: Manifest) {
    let name = manifest.name ?? ""
    if manifest.isTemplated { templated.insert(LocalPath.directory(of: manifest.object.file.path)) }
    if let service = manifest.addressed { addressed.insert("\(manifest.namespace ?? "")/\(service)") }
    switch manifest.kind {
    case "ServiceAccount": accounts[name, default: []].append(manifest)
    case "ClusterRole", "Role": roles[name, default: []].append(manifest)
    case "ClusterRoleBinding", "RoleBinding":
      bindings[manifest.object["roleRef"]?["name"]?.string ?? "", default: []].append(manifest)
      allBindings.append(manifest)
      for user in manifest.accountSubjects.compactMap(\.username) {
        boundAccounts.insert(user)
        if manifest.kind == "ClusterRoleBinding" { clusterBindings[user, default: []].append(manifest) }
      }
    case "Secret":
      if let account = manifest.annotation(TokenSecret.annotation)?.string { tokenAccounts.insert(account) }
    case "Service":
      services[manifest.key, default: []].append(manifest)
      servicesByName[name, default: []].append(manifest)
    case "Endpoints": endpoints[manifest.key, default: []].append(manifest)
    case "ApisixUpstream": upstreams[manifest.key, default: []].append(manifest)
    case "Kustomization": kustomizations.add(manifest)
    case "Component" where manifest.apiVersion.hasPrefix(Kustomizations.group): kustomizations.add(manifest)
    default:
      guard let pod = Pod(manifest) else { return }
      hasGateway = hasGateway || pod.gateway != nil
      if let account = pod.account { podAccounts.insert("\(manifest.namespace ?? "")/\(account)") }
    }
  }

  /// The bindings that refer to a role.
  func bindings(of role: Manifest) -> [Manifest] {
    (bindings[role.name ?? ""] ?? []).filter { $0.binds(role) }
  }

  /// The role of the run that a binding refers to.
  func role(of binding: Manifest) -> Manifest? {
    binding.object["roleRef"]?["name"]?.string.flatMap { roles[$0] }?.first { binding.binds($0) }
  }

  /// Whether pods of the run are known to run as an account, or may. `default` is every namespace's.
  func isPodAccount(_ name: String, _ namespace: String?) -> Bool {
    podAccounts.contains("\(namespace ?? "")/\(name)") || name != "default" && podAccounts.contains("/\(name)")
  }

  /// Whether a kustomization of the run gives an object this name.
  func mayBeCalled(_ object: Manifest, _ name: String) -> Bool {
    guard let own = object.name else { return true }
    return kustomizations.layers(over: object.object.file.path).contains { $0.renamed(own) == name }
  }

  /// The ClusterRoles of the run that a ClusterRoleBinding gives to a user everywhere.
  func clusterWideRoles(of username: String) -> [Manifest] {
    (clusterBindings[username] ?? []).compactMap(role).filter { $0.kind == "ClusterRole" }
  }
}
