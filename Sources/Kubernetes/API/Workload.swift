public import JSON
import SourceText

/// What keeps pods running: a Deployment, DaemonSet or StatefulSet, with one of its containers.
public struct Workload: Sendable, Hashable {
  /// `Deployment`
  public let kind: String
  public let namespace: String
  public let name: String
  /// Which pods are its own, as a label selector; empty where it says none.
  public let selector: String
  /// The name of the container.
  public let container: String
  /// `apache/apisix:3.13.0-debian`
  public let image: String
  /// Of its pods.
  public let account: ServiceAccount
  public let variables: [String: Value]
  /// The Secrets and ConfigMaps of which every key is a variable: `Secret keys`
  public let variableSources: [String]
  /// The files that it has from ConfigMaps.
  public let files: [File]
  /// The tokens of its account that are mounted into the container, beside the one that every pod gets.
  public let tokens: [Token]
  /// nil where Helm did not make it.
  public let helm: HelmRelease?

  /// Where a variable comes from.
  public enum Value: Sendable, Hashable {
    case text(String)
    case secret(name: String, key: String)
    case configMap(name: String, key: String)
    /// The pod's own fields.
    case other
  }

  public struct File: Sendable, Hashable {
    /// Where the container sees it; a folder where no key is named.
    public let path: String
    public let configMap: String
    public let key: String?
  }

  /// `Deployment apisix/gateway`
  public var shown: String { "\(kind) \(namespace)/\(name)" }
}

extension Workload {
  /// Its containers, one each.
  public static func all(in object: JSONValue, kind: String) -> [Workload] {
    let metadata = object["metadata"]
    let pod = object["spec"]?["template"]?["spec"]
    let namespace = metadata?["namespace"]?.string ?? ""
    let account = pod?["serviceAccountName"]?.string ?? pod?["serviceAccount"]?.string ?? "default"
    let volumes = pod?["volumes"]?.array ?? []
    return (pod?["containers"]?.array ?? []).map { container in
      Workload(
        kind: kind, namespace: namespace, name: metadata?["name"]?.string ?? "",
        selector: selector(object["spec"]?["selector"]), container: container["name"]?.string ?? "",
        image: container["image"]?.string ?? "", account: ServiceAccount(namespace: namespace, name: account),
        variables: Dictionary(
          (container["env"]?.array ?? []).compactMap { entry in
            entry["name"]?.string.map { ($0, Value(entry)) }
          }
        ) { $1 },
        variableSources: (container["envFrom"]?.array ?? []).compactMap { source in
          source["secretRef"]?["name"]?.string.map { "Secret \($0)" }
            ?? source["configMapRef"]?["name"]?.string.map { "ConfigMap \($0)" }
        },
        files: (container["volumeMounts"]?.array ?? []).flatMap { files($0, volumes) },
        tokens: (container["volumeMounts"]?.array ?? []).flatMap { Token.all(in: $0, volumes) },
        helm: HelmRelease(metadata))
    }
  }

  private static func selector(_ selector: JSONValue?) -> String {
    let labels = (selector?["matchLabels"]?.object?.members ?? []).map { "\($0.key)=\($0.value.string ?? "")" }
    let expressions = (selector?["matchExpressions"]?.array ?? []).compactMap { expression -> String? in
      guard let key = expression["key"]?.string, let name = expression["operator"]?.string else { return nil }
      let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: ",")
      return switch name {
      case "In": "\(key) in (\(values))"
      case "NotIn": "\(key) notin (\(values))"
      case "Exists": key
      case "DoesNotExist": "!" + key
      default: nil
      }
    }
    return (labels + expressions).joined(separator: ",")
  }

  private static func files(_ mount: JSONValue, _ volumes: [JSONValue]) -> [File] {
    guard let path = mount["mountPath"]?.string,
      let map = volumes.first(where: { $0["name"] == mount["name"] })?["configMap"], let name = map["name"]?.string
    else { return [] }
    let items = (map["items"]?.array ?? []).compactMap { item in
      item["key"]?.string.map { (key: $0, path: item["path"]?.string ?? $0) }
    }
    if let part = mount["subPath"]?.string {
      return [File(path: path, configMap: name, key: items.first { $0.path == part }?.key ?? part)]
    }
    return items.isEmpty
      ? [File(path: path, configMap: name, key: nil)]
      : items.map { File(path: "\(path)/\($0.path)", configMap: name, key: $0.key) }
  }
}

extension Workload.Value {
  fileprivate init(_ entry: JSONValue) {
    let from = entry["valueFrom"]
    if let text = entry["value"]?.string {
      self = .text(text)
    } else if let secret = from?["secretKeyRef"], let name = secret["name"]?.string, let key = secret["key"]?.string {
      self = .secret(name: name, key: key)
    } else if let map = from?["configMapKeyRef"], let name = map["name"]?.string, let key = map["key"]?.string {
      self = .configMap(name: name, key: key)
    } else {
      self = from == nil ? .text("") : .other
    }
  }
}
