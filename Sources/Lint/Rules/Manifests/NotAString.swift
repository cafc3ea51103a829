import Findings
import JSON
import Kubernetes
import SourceText
import YAML

/// Source: the API reference of Kubernetes; what kubectl's YAML reader takes for a string.
enum NotAString {
  static let rule: Rule = """
    manifest/not-a-string (error): A number or a boolean stands where Kubernetes wants a string
    Checks: Names, namespaces, labels, annotations and selectors of the objects of Kubernetes and APISIX; data of \
    ConfigMaps and Secrets; names in bindings, ports and volumes; env, args and command of containers; the same of a \
    kustomization.
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
    guard isKnown(manifest.apiVersion) else { return [] }
    // kustomize writes the words of YAML 1.1 in quotes.
    lazy var isKustomized = project.cluster.kustomizations.mayChange(manifest.object.file)
    var findings: [Finding] = []
    for place in metadata + (places[manifest.kind] ?? []) {
      each(manifest.object, place[...]) { field in
        guard let word = type(of: field) else { return }
        if word == "boolean", let text = field.string, !["true", "false"].contains(text.lowercased()), isKustomized {
          return
        }
        findings += field.finding(
          rule, "\(field.path) is a \(word); Kubernetes takes a string only, and refuses the manifest",
          help: "write it in quotes", fix: field.inQuotes(secret: manifest.kind == "Secret"))
      }
    }
    return findings
  }

  /// Whether an object is surely one of Kubernetes, or of APISIX in it.
  private static func isKnown(_ version: String) -> Bool {
    let group = APIVersion.group(version)
    return group.hasSuffix(".k8s.io") || group == "apisix.apache.org"
      || ["", "apps", "batch", "autoscaling", "policy", "extensions"].contains(group)
  }

  /// Calls `found` for what stands at a place: `*` stands for each member or item.
  private static func each(_ field: Field, _ place: ArraySlice<String>, _ found: (Field) -> Void) {
    guard let key = place.first else { return found(field) }
    if key == "*" {
      for member in field.members where member.key != "<<" { each(member.value, place.dropFirst(), found) }
      for item in field.items { each(item, place.dropFirst(), found) }
    } else if let value = field[key] {
      each(value, place.dropFirst(), found)
    }
  }

  /// What a plain scalar without a tag is instead of a string; nil for strings and null.
  private static func type(of field: Field) -> String? {
    let node = field.file.tree[field.id]
    guard node.tag == nil, case .scalar(let text, .plain) = node.content, let first = text.utf8.first,
      first.isDigit || "+-.yYnNtTfFoO".utf8.contains(first)
    else { return nil }
    return switch YAMLScalar.typed(text) {
    case .number: "number"
    case .bool: "boolean"
    default: nil
    }
  }

  private static func paths(_ texts: String...) -> [[String]] {
    texts.map { $0.split(separator: ".").map(String.init) }
  }

  private static let metadata = paths(
    "metadata.name", "metadata.namespace", "metadata.labels.*", "metadata.annotations.*")
  private static let binding = paths("subjects.*.name", "subjects.*.namespace", "roleRef.name")

  private static func pod(_ way: String) -> [[String]] {
    let spec = paths(
      "metadata.labels.*", "metadata.annotations.*", "spec.serviceAccountName", "spec.nodeSelector.*",
      "spec.volumes.*.name", "spec.volumes.*.configMap.name", "spec.volumes.*.secret.secretName")
    let containers = ["containers", "initContainers"].flatMap { list in
      paths(
        "name", "image", "command.*", "args.*", "env.*.name", "env.*.value", "ports.*.name", "volumeMounts.*.name",
        "volumeMounts.*.mountPath"
      ).map { ["spec", list, "*"] + $0 }
    }
    let outer = way.split(separator: ".").map(String.init)
    return (spec + containers).map { outer + $0 }
  }

  private static let workload = paths("spec.selector.matchLabels.*") + pod("spec.template")

  private static let places: [String: [[String]]] = [
    "ConfigMap": paths("data.*"), "Secret": paths("data.*", "stringData.*"),
    "ClusterRoleBinding": binding, "RoleBinding": binding,
    "Service": paths("spec.selector.*", "spec.ports.*.name"),
    "Endpoints": paths("subsets.*.ports.*.name"), "EndpointSlice": paths("ports.*.name"),
    "Deployment": workload, "DaemonSet": workload, "StatefulSet": workload, "ReplicaSet": workload,
    "Job": pod("spec.template"), "CronJob": pod("spec.jobTemplate.spec.template"), "Pod": pod(""),
    "Kustomization": paths("namespace", "namePrefix", "nameSuffix", "commonLabels.*", "commonAnnotations.*"),
  ]
}
