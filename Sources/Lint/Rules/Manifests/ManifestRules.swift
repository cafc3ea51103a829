import Common
public import Findings

/// The rules over Kubernetes manifests.
public enum ManifestRules {
  public static let rules: [Rule] = [
    .apiVersion, .removedAPIVersion, .manifestUnknownField, .commaInString, .rbacNotAList, .wrongAPIGroup, .missingVerb,
    .resourceNames, .namespacedRole, .subjectNamespace, .subjectAPIGroup, .clusterBindingOfRole, .roleTypo,
    .subjectNotFound, .tokenSubject, .roleLacks, .secretAccountMissing, .secretType, .secretAccount,
    .secretTokenEncoding, .secretTokenInFile, .endpointAddress, .endpointNull, .unnamedPort, .sliceWithoutService,
    .tooManyAddresses, .upstreamCRDField, .upstreamReference,
  ]

  /// What there is to say of one file; none for a file that holds no Kubernetes objects.
  /// - Parameter project: the run, for the checks across objects and files.
  public static func check(_ file: LintFile, in project: Project) -> [Finding] {
    Manifest.all(in: file).flatMap { manifest in
      APIVersion.check(manifest) + ManifestUnknownField.check(manifest) + check(manifest, in: project)
    }
  }

  private static func check(_ manifest: Manifest, in project: Project) -> [Finding] {
    switch manifest.kind {
    case "ClusterRole", "Role":
      CommaInString.check(manifest) + WrongAPIGroup.check(manifest) + MissingVerb.check(manifest, in: project)
        + DiscoveryAccess.checkRole(manifest, in: project)
    case "ClusterRoleBinding", "RoleBinding":
      Subjects.check(manifest, in: project) + References.check(manifest, in: project)
        + NamespacedRole.check(manifest, in: project) + DiscoveryAccess.checkBinding(manifest, in: project)
    case "Secret": TokenSecret.check(manifest, in: project)
    case "Endpoints", "EndpointSlice": EndpointAddresses.check(manifest)
    case "ApisixUpstream": ApisixUpstream.check(manifest) + checkServiceName(manifest, in: project)
    case "ApisixRoute": ApisixUpstream.checkRoute(manifest, in: project)
    default: []
    }
  }

  private static func checkServiceName(_ manifest: Manifest, in project: Project) -> [Finding] {
    guard let discovery = ApisixUpstream.discovery(manifest) else { return [] }
    let reference = DiscoveryReference(
      name: discovery["serviceName"] ?? discovery["service_name"],
      type: discovery["type"] ?? discovery["discovery_type"],
      args: discovery["args"])
    return reference.check(in: project)
  }
}
