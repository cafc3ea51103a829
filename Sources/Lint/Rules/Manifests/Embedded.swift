import YAML

extension LintFile {
  /// The files that stand in the ConfigMaps of a Kubernetes file and in the `stringData` of its Secrets, each as a
  /// block scalar: APISIX's config.yaml, and routes for standalone mode. What they are is told from their content,
  /// under whatever key they stand, where it is no YAML from its lines; `apisix.yaml` and `config.yaml` are believed by
  /// name where the content tells nothing else.
  /// - Returns: them in the order in which they stand; empty for files that are no Kubernetes manifests.
  public func embeddedFiles() -> [LintFile] {
    Manifest.all(in: self).flatMap { object -> [LintFile] in
      let isMap = object.kind == "ConfigMap"
      let texts = isMap ? object.object["data"] : object.kind == "Secret" ? object.object["stringData"] : nil
      return (texts?.members ?? []).compactMap { member in
        let key = member.key
        guard [".yaml", ".yml", ".json"].contains(where: key.hasSuffix) else { return nil }
        return embedded(member.value.id, named: key, of: isMap ? object : nil) { tree in
          let told = FileKind.detect(tree, path: key)
          // A config.yaml has little that a chart's values do not have, and a ConfigMap holds no chart's values.
          if told?.kind == .helmValues {
            return key == "config.yaml" ? ToldKind(kind: .apisixConfig, isCertain: true) : nil
          }
          return told?.kind == .kubernetes ? nil : told
        }
      }
    }
  }
}
