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
    case "Application", "ApplicationSet":
      return sources(of: object, kind: kind).flatMap { helm, chart in
        let parameters = helm["parameters"].flatMap { $0.items.isEmpty ? nil : $0 }
        return ours(
          [helm["values"], helm["valuesObject"]], beside: [helm["valueFiles"], helm["fileParameters"], parameters],
          of: chart)
      }
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
      ours(
        release["values"]?.items ?? [], beside: [release["set"], release["setString"], release["inherit"]],
        of: Chart(release["chart"], release["version"], nil))
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

  /// Those that a helmfile gives one by one.
  static func sets(in top: Field) -> [Parameters] {
    (top["releases"]?.items ?? []).flatMap { release in
      let chart = Chart(release["chart"], release["version"], nil)
      return ["set", "setString"].compactMap { Parameters(release[$0], of: chart, areTexts: $0 == "setString") }
    }
  }

  /// Those that an object of Argo CD gives one by one.
  static func parameters(of object: Field, kind: String) -> [Parameters] {
    sources(of: object, kind: kind).compactMap { Parameters($0.helm["parameters"], of: $0.chart) }
  }

  /// The sources of an application that are charts, as far as they are given values.
  private static func sources(of object: Field, kind: String) -> [(helm: Field, chart: Chart)] {
    guard let top = object["spec"], ["Application", "ApplicationSet"].contains(kind),
      let spec = kind == "Application" ? top : top["template"]?["spec"]
    else { return [] }
    return ([spec["source"]].compactMap { $0 } + (spec["sources"]?.items ?? [])).compactMap { source in
      guard let helm = source["helm"] else { return nil }
      // Of a folder in a repository the revision is no version of a chart.
      return (helm, source["chart"].map { Chart($0, source["targetRevision"], source["repoURL"]) } ?? Chart(name: nil))
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
