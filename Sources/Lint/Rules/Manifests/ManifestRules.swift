import Common
import Findings
import Inputs

/// The checks of Kubernetes manifests, by the kind of object that they are for.
enum ManifestRules {
  typealias Object = (Manifest, in: Project)

  private static let every: [Check<Object>] = [
    Check(APIVersion.rules) { object, _ in APIVersion.check(object) },
    Check(ManifestUnknownField.rule) { object, _ in ManifestUnknownField.check(object) },
    Check(NotAString.rule) { NotAString.check($0, in: $1) },
  ]
  private static let roles: [Check<Object>] = [
    Check(CommaInString.rules) { role, _ in CommaInString.check(role) },
    Check(ResourceName.rule) { role, _ in ResourceName.check(role) },
    Check(RoleRules.wrongAPIGroup) { role, _ in WrongAPIGroup.check(role) },
    Check(MissingVerb.rules) { MissingVerb.check($0, in: $1) },
    Check(DiscoveryAccess.roleLacks) { DiscoveryAccess.checkRole($0, in: $1) },
  ]
  private static let bindings: [Check<Object>] = [
    Check(BindingRefused.rule) { binding, _ in BindingRefused.check(binding) },
    Check(Subjects.rules) { Subjects.check($0, in: $1) }, Check(References.rules) { References.check($0, in: $1) },
    Check(BindingRules.namespacedRole) { NamespacedRole.check($0, in: $1) },
    Check(DiscoveryAccess.tokenSubject) { DiscoveryAccess.checkBinding($0, in: $1) },
  ]
  private static let secrets: [Check<Object>] = [Check(TokenSecret.rules) { TokenSecret.check($0, in: $1) }]
  private static let endpoints: [Check<Object>] = [
    Check(Endpoints.rules) { object, _ in Endpoints.check(object) },
    Check(HandMade.rules) { HandMade.check($0, in: $1) },
  ]
  private static let upstreams: [Check<Object>] = [
    Check(ApisixUpstream.wrongField) { ApisixUpstream.check($0, in: $1) },
    Check([]) { upstream, _ in UpstreamBalancing.check(upstream) },
  ]
  private static let routes: [Check<Object>] = [
    Check(ApisixUpstream.asBackend) { ApisixUpstream.checkRoute($0, in: $1) }
  ]
  private static let workloads: [Check<Object>] = [
    Check(PodAccount.rule) { PodAccount.check($0, in: $1) }, Check(PodToken.rules) { PodToken.check($0, in: $1) },
  ]
  private static let byKind = [
    "ClusterRole": roles, "Role": roles, "ClusterRoleBinding": bindings, "RoleBinding": bindings, "Secret": secrets,
    "Endpoints": endpoints, "EndpointSlice": endpoints, "ApisixUpstream": upstreams, "ApisixRoute": routes,
    "Deployment": workloads, "DaemonSet": workloads, "StatefulSet": workloads,
  ]

  static let rules = (every + roles + bindings + secrets + endpoints + upstreams + routes + workloads).rules()

  static func check(_ file: LintFile, in project: Project) -> [Finding] {
    let kustomizations = project.cluster.kustomizations
    var completion: Kustomizations.Completion?
    var found = Manifest.all(in: file).flatMap { object -> [Finding] in
      let found = (every + (APIVersion.isForeign(object) ? [] : byKind[object.kind] ?? []))
        .findings(in: (object, in: project))
      guard !found.isEmpty else { return [] }
      let patches = completion ?? kustomizations.completion(of: file)
      completion = patches
      let isTouched = patches.mayTouch(object)
      let areTouched = isTouched || patches.mayTouch(kinds: compared)
      return found.filter { finding in
        !(isTouched && lacking.contains(finding.rule.id) || areTouched && comparing.contains(finding.rule.id))
      }
    }
    guard !found.isEmpty, let completion else { return [] }
    found.removeAll { finding in metadata[finding.rule.id].map(completion.sets) ?? false }
    guard project.cluster.templated.contains(LocalPath.directory(of: file.path)) else { return found }
    return found.filter { !comparing.contains($0.rule.id) }
  }

  /// Those that say that an object lacks something, which a patch may add.
  private static let lacking = Set(
    [
      RoleRules.missingVerb, RoleRules.resourceNames, RoleRules.wrongAPIGroup, TokenSecret.accountMissing,
      TokenSecret.wrongType, Endpoints.sliceWithoutService, Endpoints.nullList, Endpoints.unnamedPort,
      UpstreamBalancing.hashKey, UpstreamBalancing.refusedValue,
    ].map(\.id))

  /// Those that miss a label or an annotation, with its name.
  private static let metadata = [
    TokenSecret.accountMissing.id: TokenSecret.annotation, Endpoints.sliceWithoutService.id: Endpoints.serviceName,
  ]

  /// The kinds that these look at.
  private static let compared: Set = [
    "ClusterRole", "Role", "ClusterRoleBinding", "RoleBinding", "ServiceAccount", "Secret", "ConfigMap",
  ]

  /// Those that say that another object lacks, or is another's.
  private static let comparing = Set(
    (References.rules + [
      DiscoveryAccess.roleLacks, DiscoveryAccess.tokenSubject, BindingRules.namespacedRole, PodAccount.rule,
      TokenSecret.accountNotFound,
    ]).map(\.id))
}
