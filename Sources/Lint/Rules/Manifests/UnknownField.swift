import Findings
import YAML

/// Source: the API reference of Kubernetes.
enum ManifestUnknownField {
  static let rule: Rule = """
    manifest/unknown-field (warning): The kind has no such field
    Checks: The fields of ServiceAccount, the four kinds of RBAC, Secret, ConfigMap, Endpoints and EndpointSlice, with \
    those of their rules, subjects, addresses and ports.
    Why: Kubernetes drops a field that it does not know: old clusters in silence, kubectl 1.25 and later with an \
    error. What the field was to say does not happen: an Endpoints with `spec` has no addresses, a ClusterRole with \
    `subjects` is bound to nobody. A rule of a role without apiGroups, resources or verbs and a binding without \
    roleRef are refused: there it is an error.
    Example:
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: plat-dev
    spec:
      addresses:
        - ip: 10.5.10.109
    Fix: apiVersion: v1
    kind: Endpoints
    metadata:
      name: plat-dev
    subsets:
      - addresses:
          - ip: 10.5.10.109
        ports:
          - name: http
            port: 8080
    """

  /// The fields of an object, and of the objects in its lists.
  private indirect enum Shape: Sendable {
    case fields([String: Shape])
    case each(Shape)
    case any
  }

  static func check(_ manifest: Manifest) -> [Finding] {
    guard var shape = shapes[manifest.kind],
      APIVersion.right[manifest.kind].map(APIVersion.group) == APIVersion.group(manifest.apiVersion)
    else { return [] }
    if case .fields(let own) = shape {
      shape = .fields(own.merging(["apiVersion": .any, "kind": .any, "metadata": .any]) { first, _ in first })
    }
    return check(manifest.object, shape, manifest.kind, top: true)
  }

  /// - Parameter top: whether it is the object itself.
  private static func check(_ field: Field, _ shape: Shape, _ kind: String, top: Bool = false) -> [Finding] {
    switch shape {
    case .any: []
    case .each(let item): field.items.flatMap { check($0, item, kind) }
    case .fields(let fields):
      // What SOPS adds it takes out again.
      field.members.filter { $0.key != "<<" && !$0.key.isTemplated && !(top && $0.key == "sops") }.flatMap { member in
        fields[member.key].map { check(member.value, $0, kind) }
          ?? [finding(member, of: field, kind, fields.keys.sorted(), top: top)]
      }
    }
  }

  private static func finding(
    _ member: Field.Member, of field: Field, _ kind: String, _ known: [String], top: Bool
  ) -> Finding {
    let place = top ? kind : "this part of \(kind)"
    if top, let hint = intended["\(kind).\(member.key)"] {
      return member.finding(
        rule, severity: .error, "\(kind) has no field '\(member.key)'", help: hint)
    }
    let near = nearest(member.key, among: known)
    let isThere = near.map { field[$0] != nil } ?? false
    let isMissing = near.map { needed[kind]?.contains($0) ?? false && !isThere } ?? false
    let isRefused = isMissing && (top || field["nonResourceURLs"] == nil)
    return member.finding(
      rule, severity: isRefused ? .error : nil,
      "\(place) has no field '\(member.key)'; Kubernetes drops it"
        + (isRefused ? ", and refuses the \(kind) without \(near ?? "")" : ""),
      help: near.map { isThere ? correction(member.key, meant: $0, isThere: true) : "did you mean \($0)?" }
        ?? "known here: \(known.joined(separator: ", "))")
  }

  /// Without which the API server refuses an object, or the part of it that has them.
  private static let needed: [String: Set] = [
    "ClusterRole": ["apiGroups", "resources", "verbs"], "Role": ["apiGroups", "resources", "verbs"],
    "ClusterRoleBinding": ["roleRef"], "RoleBinding": ["roleRef"],
  ]

  private static let intended: [String: String] = [
    "Endpoints.spec": "an Endpoints object has subsets: a list of addresses and ports",
    "Endpoints.addresses": "put addresses and ports into an item of subsets",
    "Endpoints.ports": "put addresses and ports into an item of subsets",
    "EndpointSlice.spec": "addressType, endpoints and ports stand at the top of an EndpointSlice",
    "EndpointSlice.subsets": "an EndpointSlice has endpoints and ports; subsets belong to Endpoints",
    "ClusterRole.subjects": "subjects belong into a ClusterRoleBinding whose roleRef names this role",
    "ClusterRole.roleRef": "roleRef belongs into a ClusterRoleBinding",
    "Role.subjects": "subjects belong into a RoleBinding whose roleRef names this role",
    "Role.roleRef": "roleRef belongs into a RoleBinding",
    "ClusterRoleBinding.rules": "rules belong into the ClusterRole that roleRef names",
    "RoleBinding.rules": "rules belong into the role that roleRef names",
    "ClusterRoleBinding.spec": "subjects and roleRef stand at the top of a ClusterRoleBinding",
    "ClusterRole.spec": "rules stand at the top of a ClusterRole",
  ]

  private static let rules: Shape = .each(
    names("apiGroups", "resources", "verbs", "resourceNames", "nonResourceURLs"))
  private static let binding: Shape = .fields([
    "roleRef": names("apiGroup", "kind", "name"),
    "subjects": .each(names("apiGroup", "kind", "name", "namespace")),
  ])
  private static let addresses: Shape = .each(names("ip", "hostname", "nodeName", "targetRef"))
  private static let ports: Shape = .each(names("name", "port", "protocol", "appProtocol"))

  private static let shapes: [String: Shape] = [
    "ServiceAccount": names("secrets", "imagePullSecrets", "automountServiceAccountToken"),
    "ClusterRole": .fields(["rules": rules, "aggregationRule": .any]),
    "Role": .fields(["rules": rules]),
    "ClusterRoleBinding": binding,
    "RoleBinding": binding,
    "Secret": names("data", "stringData", "type", "immutable"),
    "ConfigMap": names("data", "binaryData", "immutable"),
    "Endpoints": .fields([
      "subsets": .each(.fields(["addresses": addresses, "notReadyAddresses": addresses, "ports": ports]))
    ]),
    "EndpointSlice": .fields([
      "addressType": .any,
      "ports": ports,
      "endpoints": .each(
        names(
          "addresses", "conditions", "hostname", "nodeName", "targetRef", "zone", "hints", "deprecatedTopology",
          "topology")),
    ]),
  ]

  private static func names(_ keys: String...) -> Shape {
    .fields(Dictionary(keys.map { ($0, Shape.any) }) { first, _ in first })
  }
}
