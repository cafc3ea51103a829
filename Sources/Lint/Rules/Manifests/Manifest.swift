import YAML

/// One Kubernetes object of a file.
struct Manifest: Sendable {
  let object: Field
  let apiVersion: String
  let kind: String

  /// nil where the document is no object of Kubernetes.
  init?(_ object: Field) {
    let isKustomization = Kustomizations.isNamed(object.file.path) && object.isMapping
    guard let kind = object["kind"]?.string ?? (isKustomization ? "Kustomization" : nil),
      let version = object["apiVersion"]?.string ?? (isKustomization ? Kustomizations.group : nil)
    else { return nil }
    self.object = object
    self.kind = kind
    self.apiVersion = version
  }

  /// The objects of every document of a file, a `List` opened.
  static func all(in file: LintFile) -> [Manifest] {
    guard file.kind == .kubernetes else { return [] }
    var result: [Manifest] = []
    for document in file.tree.documents {
      guard let manifest = Manifest(Field(file: file, id: document, trail: .top)) else { continue }
      if manifest.kind.hasSuffix("List"), let items = manifest.object["items"] {
        result += items.items.compactMap { Manifest($0, listed: manifest) }
      } else {
        result.append(manifest)
      }
    }
    return result
  }

  /// An item of a typed list, such as EndpointsList, may leave out what the list says.
  private init?(_ item: Field, listed list: Manifest) {
    if let manifest = Manifest(item) {
      self = manifest
    } else {
      guard list.kind != "List", item.isMapping else { return nil }
      object = item
      apiVersion = list.apiVersion
      kind = String(list.kind.dropLast(4))
    }
  }

  var metadata: Field? { object["metadata"] }
  var name: String? { metadata?["name"]?.string }
  /// nil where the manifest leaves it to `kubectl -n`.
  var namespace: String? { metadata?["namespace"]?.string }

  /// What tells it from the others of its kind.
  var key: String { "\(namespace ?? "")/\(name ?? "")" }

  /// Whether both are one object of one file.
  func isSame(_ other: Manifest) -> Bool {
    object.id == other.object.id && object.file.path == other.object.file.path
  }

  /// Whether a template or an environment has yet to say which object it is, or of which others it speaks.
  var isTemplated: Bool {
    let references = (object["subjects"]?.items ?? []) + [object["roleRef"], metadata].compactMap { $0 }
    return references.contains { reference in
      reference.string?.isTemplated ?? false
        || ["name", "namespace"].contains { reference[$0]?.string?.isTemplated ?? false }
    }
  }

  /// `ClusterRole apisix`, for messages.
  var title: String { name.map { "\(kind) \($0)" } ?? kind }

  func annotation(_ key: String) -> Field? { metadata?["annotations"]?[key] }
  func label(_ key: String) -> Field? { metadata?["labels"]?[key] }
}
