import YAML

extension LintFile {
  /// The files that stand in the ConfigMaps of a Kubernetes file, each as a block scalar: APISIX's config.yaml, and
  /// routes for standalone mode. What they are is told from their content, under whatever key they stand, where it is
  /// no YAML from its lines; `apisix.yaml` and `config.yaml` are believed by name where the content tells nothing else.
  /// - Returns: them in the order in which they stand; empty for files that are no Kubernetes manifests.
  public func embeddedFiles() -> [LintFile] {
    Manifest.all(in: self).filter { $0.kind == "ConfigMap" }.flatMap { map in
      (map.object["data"]?.members ?? []).compactMap { member in
        let key = member.key
        guard [".yaml", ".yml", ".json"].contains(where: key.hasSuffix) else { return nil }
        return embedded(member.value.id, named: key, of: map) { tree in
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
