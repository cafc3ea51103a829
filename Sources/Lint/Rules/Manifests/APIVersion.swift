import Findings
import SourceText
import YAML

/// Source: the API reference of Kubernetes and its list of removed APIs.
enum APIVersion {
  static let wrong: Rule = """
    manifest/api-version (error): The apiVersion does not go with the kind
    Checks: The apiVersion of ServiceAccount, Secret, ConfigMap, Endpoints, EndpointSlice, Service, and of the four \
    kinds of RBAC: each belongs to one API group.
    Why: The API server looks a kind up in the group that apiVersion names. In another group it does not exist: \
    kubectl says `no matches for kind`, and the object is never made.
    Example:
    apiVersion: v1
    kind: ClusterRole
    Fix: apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    """

  static let isRemoved: Rule = """
    manifest/removed-api-version (error): The apiVersion is no longer served
    Checks: Beta versions of the kinds that service discovery needs: RBAC's v1alpha1 and v1beta1, EndpointSlice's \
    v1alpha1 and v1beta1.
    Why: Kubernetes 1.22 removed RBAC's beta versions, 1.25 EndpointSlice's. A later cluster refuses the manifest with \
    `no matches for kind`. The v1 form has the same fields for what is needed here.
    Example:
    apiVersion: rbac.authorization.k8s.io/v1beta1
    kind: ClusterRoleBinding
    Fix: apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    """

  static let rules = [wrong, isRemoved]

  static let right: [String: String] = [
    "ServiceAccount": "v1", "Secret": "v1", "ConfigMap": "v1", "Endpoints": "v1", "Namespace": "v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1", "ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
    "Role": "rbac.authorization.k8s.io/v1", "RoleBinding": "rbac.authorization.k8s.io/v1",
    "EndpointSlice": "discovery.k8s.io/v1",
  ]
  /// The Kubernetes release that stopped serving a version.
  private static let removed: [String: String] = [
    "rbac.authorization.k8s.io/v1alpha1": "1.22", "rbac.authorization.k8s.io/v1beta1": "1.22",
    "discovery.k8s.io/v1alpha1": "1.25", "discovery.k8s.io/v1beta1": "1.25",
  ]
  static func isForeign(_ object: Manifest) -> Bool { right[object.kind] != nil && isForeign(object.apiVersion) }

  /// Groups of others that have kinds of the same name.
  private static func isForeign(_ version: String) -> Bool {
    guard let slash = version.firstIndex(of: "/") else { return false }
    let group = version[..<slash]
    return group.contains(".") && !group.hasSuffix(".k8s.io") && group != "rbac.authorization"
  }

  static func check(_ manifest: Manifest) -> Finding? {
    guard let right = right[manifest.kind], manifest.apiVersion != right, !manifest.apiVersion.isTemplated,
      !isForeign(manifest.apiVersion), let field = manifest.object["apiVersion"]
    else { return nil }
    let release = group(manifest.apiVersion) == group(right) ? removed[manifest.apiVersion] : nil
    if release != nil, isOfOldClusters(field, manifest) { return nil }
    return field.finding(
      release == nil ? wrong : isRemoved,
      release.map { "\(manifest.apiVersion) was removed in Kubernetes \($0); \(manifest.kind) is \(right) now" }
        ?? "\(manifest.kind) is of apiVersion \(right), not \(manifest.apiVersion)",
      help: "write apiVersion: \(right)", fix: field.replacing(with: right))
  }

  /// Whether a chart writes another version for newer clusters.
  private static func isOfOldClusters(_ version: Field, _ manifest: Manifest) -> Bool {
    if manifest.object.members.filter({ $0.key == "apiVersion" }).count > 1 { return true }
    let before = manifest.object.file.tree.text.bytes[..<version.range.lowerBound]
    return manifest.object.file.tree.templates != nil && String(decoding: before, as: UTF8.self).has("Capabilities")
  }

  static func group(_ version: String) -> Substring { version.lastIndex(of: "/").map { version[..<$0] } ?? "" }
}
