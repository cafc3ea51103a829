import YAML

extension LintFile {
  /// The files that stand in the ConfigMaps of a Kubernetes file, each as a block scalar: APISIX's config.yaml, and
  /// routes for standalone mode. What they are is told from their content, under whatever key they stand; `apisix.yaml`
  /// and `config.yaml` are believed by name where the content tells nothing else.
  /// - Returns: them in the order in which they stand; empty for files that are no Kubernetes manifests.
  public func embeddedFiles() -> [LintFile] {
    Manifest.all(in: self).filter { $0.kind == "ConfigMap" }.flatMap { map in
      (map.object["data"]?.members ?? []).compactMap { member in
        guard Self.isYAML(member.key), let text = member.value.string,
          let kind = Self.embeddedKind(named: member.key, Tree.partial(Array(text.utf8)).tree)
        else { return nil }
        return embedded(member.value.id, kind: kind, path: member.value.path)
      }
    }
  }

  private static func isYAML(_ key: String) -> Bool {
    key.hasSuffix(".yaml") || key.hasSuffix(".yml") || key.hasSuffix(".json")
  }

  private static func embeddedKind(named key: String, _ tree: Tree) -> FileKind? {
    switch FileKind.detect(tree) {
    case .apisixConfig: return .apisixConfig
    case .apisixStandalone: return .apisixStandalone
    case .adc: return .adc
    case .kubernetes: return nil
    // A config.yaml has little that a chart's values do not have, and a ConfigMap holds no chart's values.
    case .helmValues: return key == "config.yaml" ? .apisixConfig : nil
    case nil: return nil
    }
  }
}
