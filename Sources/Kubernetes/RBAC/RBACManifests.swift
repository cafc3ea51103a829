public import JSON
import Templates
import YAML

/// The objects that give APISIX an identity and the rights it needs: ServiceAccount, ClusterRole, ClusterRoleBinding
/// and, where asked for, the Secret for its token. The same options give the same bytes.
public struct RBACManifests: Sendable {
  /// One object as a YAML document with a final line break.
  public struct Manifest: Sendable, Hashable {
    public let kind: String
    public let name: String
    /// For one file an object: `cluster-role.yaml`. Depends on the kind only, so no name leads out of a folder.
    public let fileName: String
    public let yaml: String
  }

  public let options: RBACOptions
  /// In the order in which they are to be applied.
  public let manifests: [Manifest]

  /// - Throws: the first thing Kubernetes would refuse; `options.problems()` has them all.
  public init(_ options: RBACOptions) throws(RBACOptions.Problem) {
    if let problem = options.problems().first { throw problem }
    self.options = options
    let values = Self.values(options)
    func manifest(_ kind: String, _ name: String, _ file: String, _ template: String) -> Manifest {
      Manifest(kind: kind, name: name, fileName: file, yaml: Template(template).filled(values))
    }
    var manifests = [
      manifest("ServiceAccount", options.name, "service-account.yaml", Templates.serviceAccount),
      manifest("ClusterRole", options.clusterRole, "cluster-role.yaml", Templates.clusterRole),
      manifest(
        "ClusterRoleBinding", options.clusterRoleBinding, "cluster-role-binding.yaml", Templates.clusterRoleBinding),
    ]
    if options.includeSecret {
      manifests.append(manifest("Secret", options.secretName, "secret.yaml", Templates.secret))
    }
    self.manifests = manifests
  }

  static func values(_ options: RBACOptions) -> [String: Template.Value] {
    func lines(_ pairs: [String: String]) -> Template.Value {
      // Values of labels and annotations are always quoted: they must be strings.
      .lines(RBACOptions.ordered(pairs).map { "\(YAMLScalar.written($0.key)): \(YAMLScalar.quoted($0.value))" })
    }
    return [
      "name": .scalar(options.name),
      "namespace": .scalar(options.namespace),
      "clusterRole": .scalar(options.clusterRole),
      "clusterRoleBinding": .scalar(options.clusterRoleBinding),
      "secret": .scalar(options.secretName),
      "labels": lines(options.labels),
      "annotations": lines(options.annotations),
      "endpoints": .flag(options.watches != .endpointSlices),
      "endpointSlices": .flag(options.watches != .endpoints),
      "verbs": .list(options.minimal ? ["list", "watch"] : ["get", "list", "watch"]),
    ]
  }

  /// All objects, separated by `---`.
  public var yaml: String { manifests.map(\.yaml).joined(separator: "---\n") }

  /// All objects as a `v1` List, as kubectl takes it.
  public var json: JSONValue {
    ["apiVersion": "v1", "kind": "List", "items": .array(manifests.compactMap { Self.json(ofDocument: $0.yaml) })]
  }

  /// One object as JSON; nil for a text that is not one YAML document.
  public static func json(ofDocument yaml: String) -> JSONValue? {
    guard let tree = try? Tree.parse(Array(yaml.utf8)), let root = tree.documents.first else { return nil }
    return tree.json(root)
  }
}
