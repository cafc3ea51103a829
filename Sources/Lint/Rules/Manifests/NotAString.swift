import Findings
import JSON
import Kubernetes
import SourceText
import YAML

/// Source: the API reference of Kubernetes; what kubectl's YAML reader takes for a string.
enum NotAString {
  static let rule: Rule = """
    manifest/not-a-string (error): A number, a boolean, a map or a list is where Kubernetes wants a string
    Checks: Names, namespaces, labels and annotations of the objects of Kubernetes and APISIX; in those of Kubernetes \
    whatever its API takes as a string: data of ConfigMaps and Secrets, selectors, env, args, command, tolerations, \
    names of ports, hosts, parameters; and strings of a kustomization.
    Why: kubectl and the API server refuse the manifest as a whole, without its line: `cannot unmarshal number into Go \
    struct field ObjectMeta.metadata.name of type string`. kubectl takes more for a number or a boolean than one \
    thinks: `0123`, `1e3`, `1_000`, and `yes`, `no`, `on`, `off`, `y` and `n`.
    Example:
    metadata:
      name: plat-dev
      labels:
        version: 1.10
    Fix: metadata:
      name: plat-dev
      labels:
        version: "1.10"
    """

  static func check(_ manifest: Manifest, in project: Project) -> [Finding] {
    let places = StringPlaces.of(manifest.kind)
    // Nearly always nothing is wrong, and then no way to a value is put together.
    guard isKnown(manifest.apiVersion), hasAny(manifest.object.file.tree, manifest.object.id, places) else { return [] }
    // kustomize writes the words of YAML 1.1 in quotes.
    lazy var isKustomized =
      manifest.kind != "Kustomization" && project.cluster.kustomizations.mayChange(manifest.object.file)
    // In quotes these would be taken for base64.
    lazy var encoded = Set((manifest.object["data"]?.members ?? []).map(\.value.id))
    var findings: [Finding] = []
    each(manifest.object, places) { field in
      guard let word = type(of: field.id, in: field.file.tree) else { return }
      if word == "boolean", let text = field.string, !["true", "false"].contains(text.lowercased()), isKustomized {
        return
      }
      let isEncoded = manifest.kind == "Secret" && encoded.contains(field.id)
      let isText = ["map", "list"].contains(word)
      findings += field.finding(
        rule, "\(field.path) is a \(word); Kubernetes takes a string only, and refuses the manifest",
        help: isEncoded
          ? "values under data are base64: write it in quotes under stringData"
          : isText ? "make it a text: write | behind the colon, or put it in quotes" : "write it in quotes",
        fix: isEncoded ? nil : field.inQuotes)
    }
    return findings
  }

  /// Whether an object is surely one of Kubernetes, or of APISIX in it.
  private static func isKnown(_ version: String) -> Bool {
    let group = APIVersion.group(version)
    return group.hasSuffix(".k8s.io") || group == "apisix.apache.org"
      || ["", "apps", "batch", "autoscaling", "policy", "extensions"].contains(group)
  }

  private static func hasAny(_ tree: Tree, _ id: Tree.ID, _ places: StringPlaces) -> Bool {
    switch places {
    case .string: type(of: id, in: tree) != nil
    case .each(let inner):
      (tree.pairs(id) ?? []).contains { hasAny(tree, $0.value, inner) }
        || (tree.items(id) ?? []).contains { hasAny(tree, $0, inner) }
    case .fields(let fields):
      (tree.pairs(id) ?? []).contains { pair in
        guard let key = tree.scalar(pair.key) else { return false }
        return key == "<<" || fields[key].map { hasAny(tree, pair.value, $0) } ?? false
      }
    }
  }

  private static func each(_ field: Field, _ places: StringPlaces, _ found: (Field) -> Void) {
    switch places {
    case .string: found(field)
    case .each(let inner):
      for member in field.members where member.key != "<<" { each(member.value, inner, found) }
      for item in field.items { each(item, inner, found) }
    case .fields(let fields):
      for member in field.members { fields[member.key].map { each(member.value, $0, found) } }
    }
  }

  /// What a value without a tag is instead of a string; nil for strings and null.
  private static func type(of id: Tree.ID, in tree: Tree) -> String? {
    let node = tree[id]
    if node.isMapping || node.isSequence {
      return node.tag == nil && !tree.isUnknown(id) ? node.isMapping ? "map" : "list" : nil
    }
    guard node.style == .plain, !node.range.isEmpty, node.tag == nil, !tree.isUnknown(id) else { return nil }
    let first = tree.text.bytes[node.range.lowerBound]
    guard first.isDigit || "+-.yYnNtTfFoO".utf8.contains(first), let text = tree.scalar(id) else { return nil }
    return switch YAMLScalar.typed(text) {
    case .number: "number"
    case .bool: "boolean"
    default: nil
    }
  }
}
