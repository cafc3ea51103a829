import Inputs
import SourceText
import YAML

/// What a workload's pods are made of.
struct Pod: Sendable {
  let workload: Manifest
  /// The pod's `spec`.
  let spec: Field

  /// nil for what makes no pods.
  init?(_ workload: Manifest) {
    let way: [String]? =
      switch workload.kind {
      case "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "Job": ["spec", "template", "spec"]
      case "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"]
      case "Pod": ["spec"]
      default: nil
      }
    guard let spec = way?.reduce(workload.object as Field?, { $0?[$1] }), spec.isMapping else { return nil }
    self.workload = workload
    self.spec = spec
  }

  /// Where the account is named; without it the pods run as `default`.
  var accountField: Field? { spec["serviceAccountName"] ?? spec["serviceAccount"] }

  /// nil where a template fills it in.
  var account: String? {
    guard let field = accountField else { return "default" }
    return field.isNull ? "default" : field.string.flatMap { $0.isTemplated ? nil : $0.isEmpty ? "default" : $0 }
  }

  /// The container that runs APISIX: by its image, or by its name and what is mounted into it.
  var gateway: Field? {
    (spec["containers"]?.items ?? []).first { container in
      let image = Self.imageName(container["image"]?.string ?? "")
      if image == "apisix" { return true }
      guard Cluster.isOfAPISIX([container["name"]?.string, image]) else { return false }
      return image.has("apisix")
        || (container["volumeMounts"]?.items ?? []).contains { $0["mountPath"]?.string?.has("/apisix/conf") ?? false }
    }
  }

  /// Whether Vault's agent puts files into the containers.
  var isInjected: Bool {
    let pod = workload.kind == "Pod" ? workload.object : workload.object["spec"]?["template"]
    return (pod?["metadata"]?["annotations"]?.members ?? []).contains { $0.key.has("agent-inject") }
  }

  /// The volume that a container's mount names.
  func volume(of mount: Field) -> Field? {
    (spec["volumes"]?.items ?? []).first { volume in
      volume["name"]?.string.map { $0 == mount["name"]?.string } ?? false
    }
  }

  /// Where APISIX's configuration is mounted from; empty where it is the image's.
  var configVolumes: [Field?] {
    (gateway?["volumeMounts"]?.items ?? []).filter { mount in
      let path = mount["mountPath"]?.string ?? ""
      return ["/apisix/conf", "/apisix/conf/", "/apisix/conf/config.yaml"].contains(where: path.hasSuffix)
    }
    .map { volume(of: $0) }
  }

  /// `apisix` of `registry.example.com:5000/mirror/apisix:3.9.0@sha256:…`.
  private static func imageName(_ image: String) -> String {
    String(LocalPath.name(of: String(image.prefix { $0 != "@" })).prefix { $0 != ":" })
  }
}
