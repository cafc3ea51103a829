import YAML

/// Where programs that install charts keep the values for them.
enum HelmOperator {
  /// Those in an object of Argo CD, Flux, k3s or Crossplane.
  static func values(of object: Field, kind: String) -> [ChartValues] {
    if kind == "Kustomization" { return releases(in: object) }
    if kind == "ConfigMap" {
      // Flux lays them below those of its release.
      let values = (object["data"]?.members ?? []).filter { $0.key.hasSuffix("values.yaml") }
      return values.flatMap { ours([$0.value], beside: [object], of: Chart(name: nil)) }
    }
    guard let spec = object["spec"] else { return [] }
    switch kind {
    case "Application": return application(spec)
    case "ApplicationSet": return spec["template"]?["spec"].map(application) ?? []
    case "HelmRelease":
      let chart = spec["chart"]?["spec"] ?? spec["chart"]
      return ours(
        [spec["values"]], beside: [spec["valuesFrom"]],
        of: Chart(
          chart?["chart"] ?? chart?["name"], chart?["version"], chart?["sourceRef"]?["name"] ?? chart?["repository"]))
    case "HelmChart":
      return ours(
        [spec["valuesContent"]], beside: [spec["set"]], of: Chart(spec["chart"], spec["version"], spec["repo"]))
    case "HelmChartConfig":
      return ours([spec["valuesContent"]], beside: [spec], of: Chart(object["metadata"]?["name"], nil, nil))
    case "Release":
      let release = spec["forProvider"]
      let chart = release?["chart"]
      return ours(
        [release?["values"]], beside: [release?["valuesFrom"], release?["set"]],
        of: Chart(chart?["name"], chart?["version"], chart?["repository"]))
    default: return []
    }
  }

  /// Those in a helmfile, a fleet.yaml or a kustomization.
  static func releases(in top: Field) -> [ChartValues] {
    let releases = (top["releases"]?.items ?? []).flatMap { release in
      let chart = Chart(release["chart"], release["version"], nil)
      let lists = ["set", "setString"].compactMap { key in
        Parameters(
          release[key], areTexts: key == "setString",
          advice: "write it into values; a text that looks like a number needs setString here")
      }
      return ours(release["values"]?.items ?? [], beside: [release["set"], release["inherit"]], of: chart)
        + lists.flatMap { $0.values(of: chart) }
    }
    let fleet = top["helm"].map { helm in
      ours(
        [helm["values"]], beside: [helm["valuesFiles"], helm["valuesFrom"]],
        of: Chart(helm["chart"], helm["version"], helm["repo"]))
    }
    let kustomization = (top["helmCharts"]?.items ?? []).flatMap { chart in
      ours(
        [chart["valuesInline"]], beside: [chart["valuesFile"], chart["additionalValuesFiles"]],
        of: Chart(chart["name"], chart["version"], chart["repo"]))
    }
    return releases + (fleet ?? []) + kustomization
  }

  private static func application(_ spec: Field) -> [ChartValues] {
    ([spec["source"]].compactMap { $0 } + (spec["sources"]?.items ?? [])).flatMap { source -> [ChartValues] in
      guard let helm = source["helm"] else { return [] }
      // Of a folder in a repository the revision is no version of a chart.
      let chart = source["chart"].map { Chart($0, source["targetRevision"], source["repoURL"]) } ?? Chart(name: nil)
      let parameters = Parameters(
        helm["parameters"],
        advice: "write it into values or valuesObject; a text that looks like a number needs forceString: true here")
      let others = [helm["valueFiles"], helm["fileParameters"], parameters == nil ? nil : helm["parameters"]]
      return ours([helm["values"], helm["valuesObject"]], beside: others, of: chart)
        + (parameters?.values(of: chart) ?? [])
    }
  }

  /// - Parameters:
  ///   - values: each a map or a text.
  ///   - others: what else the release is given, where that is there.
  private static func ours(_ values: [Field?], beside others: [Field?], of chart: Chart) -> [ChartValues] {
    let given = values.compactMap { $0 }
    let isPartial = given.count + others.count(where: { $0 != nil }) > 1
    return given.compactMap(root).flatMap { ChartValues.ours(in: $0, of: chart) }.map { values in
      ChartValues(root: values.root, chart: values.chart, isPartial: isPartial)
    }
  }

  /// The values as a map: in place, or out of a block of text.
  private static func root(_ values: Field) -> Field? {
    if values.isMapping { return values }
    guard
      let inner = values.file.embedded(
        values.id, named: "values.yaml", kind: { _ in ToldKind(kind: .helmValues, isCertain: true) }),
      let root = inner.root
    else { return nil }
    return Field(file: inner, id: root, trail: values.trail)
  }
}
