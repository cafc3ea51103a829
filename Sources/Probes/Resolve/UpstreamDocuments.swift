import Findings
import JSON
import Registries

/// What may hold upstreams, from an Admin API, a control API, etcd, or the resources of the ingress controller.
struct UpstreamDocuments {
  /// With where they came from.
  var documents: [(source: String, JSONValue)] = []
  /// What kept further ones from coming.
  var findings: [Finding] = []
  /// What was sent to get them, which must show nowhere.
  var secrets: [String] = []
  /// The etcd that they are of, where they are of one, and the revision from which on it tells what changes.
  var origin: (client: EtcdClient, revision: Int)?
}
