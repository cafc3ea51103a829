import Findings
import Inputs
import Kubernetes

/// Which objects `rbac generate` makes; `rbac diff` compares the same.
struct ManifestFlags: Flags {
  /// Of the ServiceAccount, as is the namespace.
  var name = RBACOptions().name
  var namespace = RBACOptions().namespace
  var clusterRole: String?
  var clusterRoleBinding: String?
  var secretName: String?
  var watchEndpointSlices: SliceRights?
  var minimal = false
  var kubernetesVersion: KubernetesRelease?
  /// Nil: as the cluster's release needs it.
  var tokenSecret: Bool?
  var label: [Pair] = []
  var annotation: [Pair] = []

  static var flags: [Parameter<Self>] {
    [
      Parameter("name", \.name, "name", "The ServiceAccount; the other objects are named after it."),
      Parameter("namespace", short: "n", \.namespace, "name", "The ServiceAccount's namespace."),
      Parameter("cluster-role", \.clusterRole, "name", "The ClusterRole's name."),
      Parameter("cluster-role-binding", \.clusterRoleBinding, "name", "The ClusterRoleBinding's name."),
      Parameter("secret-name", \.secretName, "name", "The token Secret's name; NAME-token without it."),
      Parameter(
        "watch-endpoint-slices", \.watchEndpointSlices, "both",
        "Grant EndpointSlices in place of Endpoints; =both for both.", alone: .only),
      Parameter("minimal", \.minimal, "Grant list and watch only, which is all that APISIX uses."),
      Parameter(
        "kubernetes-version", \.kubernetesVersion, "version",
        "The cluster's release; below 1.24 the token Secret is left out."),
      Parameter("token-secret", \.tokenSecret, to: true, "Add the token Secret whatever the release."),
      Parameter("no-token-secret", \.tokenSecret, to: false, "Leave the token Secret out whatever the release."),
      Parameter("label", \.label, "key=value", "A label for every object. Repeatable."),
      Parameter("annotation", \.annotation, "key=value", "An annotation for every object. Repeatable."),
    ]
  }

  /// Everybody may read labels and annotations.
  func validate() throws(Mistake) {
    for pair in label + annotation where SecretPatterns.isToken(pair.value) {
      throw Mistake("the value of \(pair.key) is a token; labels and annotations are no place for one.")
    }
  }

  /// - Parameter includeSecret: nil: as the cluster's release needs it.
  func options(_ watches: RBACOptions.Watches, includeSecret: Bool? = nil) -> RBACOptions {
    RBACOptions(
      name: name, namespace: namespace, clusterRole: clusterRole, clusterRoleBinding: clusterRoleBinding,
      secretName: secretName, watches: watches, minimal: minimal,
      includeSecret: tokenSecret ?? includeSecret ?? wantsSecret, labels: Self.pairs(label),
      annotations: Self.pairs(annotation))
  }

  /// Of a repeated key the last counts.
  private static func pairs(_ given: [Pair]) -> [String: String] {
    Dictionary(given.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// What the flag says; nil without it.
  var watches: RBACOptions.Watches? { watchEndpointSlices.map { $0 == .both ? .both : .endpointSlices } }

  /// From 1.24 on no token Secret is made for a new ServiceAccount.
  private var wantsSecret: Bool { kubernetesVersion?.makesTokenSecrets != true }
}

/// What --watch-endpoint-slices says.
enum SliceRights: String, FlagValue, CaseIterable {
  case only = "true"
  case both

  static func objection(to text: String) -> String { "stands alone, or is =both, not '\(terminalSafe(text))'" }
}

extension KubernetesRelease: FlagValue {
  init?(flag text: String) { self.init(text) }

  static var wanted: String { "a release such as 1.24" }
}
