import Inputs
import SourceText
import YAML

/// The values of one of APISIX's charts, in the file or the part of a file where their user keeps them: a values file,
/// below the name of a dependency, in an Application of Argo CD, a HelmRelease of Flux, a HelmChart of k3s, a helmfile.
struct ChartValues: Sendable {
  let root: Field
  /// Which chart gets them, as far as that is written there.
  let chart: Chart
  /// Others are laid over them or below them, so that what is missing here may stand there.
  var isPartial = false

  /// Whether others may be laid over them or below them: they are a file of their own, and what a release or an object
  /// holds is whole.
  var isLayer: Bool { root.file.kind == .helmValues && root.file.host == nil && chart.name == nil }

  /// Whether a config.yaml of one's own takes the place of all that the chart would write.
  var isReplaced: Bool {
    root["apisix"]?["fullCustomConfig"]?["enabled"]?.string == "true"
      || root["apisix"]?["enableCustomizedConfig"]?.string == "true"
  }

  /// The configurations that charts make of their values, each with its place in the file.
  static func configs(of all: [ChartValues]) -> [LintFile] {
    let parts = all.flatMap { values in
      ConfigPart.all(in: values.root).compactMap { $0.file(isPartial: values.isPartial) }
    }
    let registries = all.compactMap { values in
      values.isReplaced ? nil : HelmDiscovery(values.root)?.registry.map { (values, $0) }
    }
    let sections = Tree.sections("discovery", registries.map { ($1.file.tree, $1.id) })
    return parts
      + zip(registries, sections).map { registry, tree in
        registry.0.root.file.part(tree, isPartial: registry.0.isPartial)
      }
  }

  /// As the chart gets them that another depends on; nil where it gets none of these.
  /// - Parameter beside: the chart of the Chart.yaml in the folder of a values file.
  func handed(to beside: Chart?) -> ChartValues? {
    guard let key = beside?.below, chart.name == nil, case .top = root.trail else { return self }
    return root[key].flatMap { $0.isMapping ? ChartValues(root: $0, chart: chart, isPartial: isPartial) : nil }
  }

  /// Those of a file, in their order; none for a file that stands in another one, whose values are its host's.
  static func all(in file: LintFile) -> [ChartValues] {
    guard file.host == nil else { return [] }
    switch file.kind {
    case .helmValues: return file.top.map(all) ?? []
    case .kubernetes:
      let objects = Manifest.all(in: file)
      return objects.flatMap { HelmOperator.values(of: $0.object, kind: $0.kind) }
        + Parameters.values(objects.flatMap { HelmOperator.parameters(of: $0.object, kind: $0.kind) }, in: file)
    default: return []
    }
  }

  private static func all(in top: Field) -> [ChartValues] {
    let releases = HelmOperator.releases(in: top) + Parameters.values(HelmOperator.sets(in: top), in: top.file)
    if !releases.isEmpty || top["releases"]?.isSequence ?? false { return releases }
    let values = ours(in: top, of: Chart(name: nil))
    // A values file is one by what else stands in it.
    return values.isEmpty && HelmDiscovery(top) != nil ? [ChartValues(root: top, chart: Chart(name: nil))] : values
  }

  /// Whether a document without a kind holds such values below another key.
  static func areShown(by document: Tree.ID, in tree: Tree) -> Bool {
    // Most files have none of the keys that lead to such values.
    guard tree.pairs(document) != nil, tree.templates != nil || tree.holds(anyOf: Self.signs) else { return false }
    let top = Field(
      file: LintFile(path: "", kind: .helmValues, tree: tree), id: document, trail: .top)
    if !HelmOperator.releases(in: top).isEmpty || hasConfig(top) { return true }
    if !Parameters.values(HelmOperator.sets(in: top), in: top.file).isEmpty { return true }
    return below(top).contains { isAPISIX($0.value) }
  }

  /// One of them leads to all that is looked for in values.
  private static let signs: [StaticString] = [
    "releases", "helm", "helmCharts", "registry", "fullCustomConfig", "enableCustomizedConfig", "dataPlane",
    "controlPlane",
  ]

  /// The values themselves if a chart of APISIX's gets them or they look like its, and those below a dependency's name.
  static func ours(in root: Field, of chart: Chart) -> [ChartValues] {
    guard root.isMapping else { return [] }
    let isOwn = isAPISIX(root)
    let inner = below(root).filter { member in
      member.key == "apisix" && isOwn ? isChart(member.value) : isAPISIX(member.value)
    }
    if inner.isEmpty, isOwn || chart.isAPISIX { return [ChartValues(root: root, chart: chart)] }
    return inner.map { ChartValues(root: $0.value, chart: Chart(name: nil)) }
  }

  /// Values may be those of many charts; nobody has more.
  private static func below(_ root: Field) -> ArraySlice<Field.Member> { root.members.prefix(200) }

  /// Whether values have what only those of APISIX's charts have.
  private static func isAPISIX(_ values: Field) -> Bool {
    guard values.isMapping else { return false }
    return [values["apisix"]?["discovery"], values["discovery"]].contains { discovery in
      discovery?["registry"]?.members.contains { FileKind.registryNames.contains($0.key) } ?? false
    } || hasConfig(values)
  }

  /// Whether `apisix` is the name of a dependency: its values have what stands beside `apisix` in those of the chart.
  private static func isChart(_ values: Field) -> Bool {
    HelmDiscovery(values) != nil
      && ["rbac", "serviceAccount", "gateway", "etcd", "externalEtcd"].contains { values[$0]?.isMapping ?? false }
  }

  private static func hasConfig(_ values: Field) -> Bool { !ConfigPart.all(in: values).isEmpty }
}

/// A chart, as far as the place where its values stand names it.
struct Chart: Sendable {
  /// Without its repository; nil where none is named.
  let name: String?
  let version: String?
  /// The chart of that name that Bitnami made, whose values are others.
  let isBitnami: Bool
  /// The key below which the values of a chart that depends on it stand.
  var below: String?

  /// - Parameters:
  ///   - name: as it is written, with or without a repository.
  ///   - repository: its URL or name.
  init(name: String?, version: String? = nil, repository: String? = nil) {
    self.name = name.map { String($0.split(separator: "/").last ?? "") }
    self.version = version
    isBitnami = [name, repository].contains { $0?.has("bitnami") ?? false }
  }

  init(_ name: Field?, _ version: Field?, _ repository: Field?, below key: Field? = nil) {
    self.init(name: name?.string, version: version?.string, repository: repository?.string)
    below = key?.string
  }

  var isAPISIX: Bool { name == "apisix" }

  /// The first number of the version; nil where it leaves several to choose.
  var major: Int? {
    guard let version, !version.contains(where: { "<>|, ".contains($0) }) else { return nil }
    return Int(version.drop { !$0.isNumber }.prefix { $0.isNumber })
  }
}

/// A whole config.yaml, or a part that is merged into it, among the values of a chart.
struct ConfigPart: Sendable {
  /// A map, or a text in a block.
  let value: Field
  let name: String

  static func all(in values: Field) -> [ConfigPart] {
    var parts: [ConfigPart] = []
    func add(_ field: Field?, _ name: String, if isOne: (Field) -> Bool) {
      guard let field, isOne(field) else { return }
      parts.append(ConfigPart(value: field, name: name))
    }
    let apisix = values["apisix"]
    if apisix?["fullCustomConfig"]?["enabled"]?.string == "true" {
      add(apisix?["fullCustomConfig"]?["config"], "config", if: isConfig)
    }
    if apisix?["enableCustomizedConfig"]?.string == "true" {
      add(apisix?["customizedConfig"], "customizedConfig", if: isConfig)
    }
    for plane in ["dataPlane", "controlPlane"] {
      for key in ["defaultConfig", "extraConfig"] { add(values[plane]?[key], key, if: isConfig) }
    }
    return parts
  }

  private static let sections = ["apisix", "deployment", "discovery", "nginx_config", "plugin_attr", "plugins"]

  private static func isConfig(_ field: Field) -> Bool {
    if field.isMapping { return sections.contains { field[$0] != nil } }
    guard case .scalar(let text, .literal) = field.file.tree[field.file.tree.resolved(field.id)].content else {
      return false
    }
    return sections.contains { text.hasPrefix("\($0):") || text.has("\n\($0):") }
  }

  /// The file that it will be; what is merged into another is a part of it.
  func file(isPartial: Bool) -> LintFile? {
    let outer = value.file
    let isPartial = isPartial || name == "extraConfig"
    if value.isMapping { return outer.part(outer.tree.document(value.id), isPartial: isPartial) }
    return outer.embedded(value.id, named: name, isPartial: name == "extraConfig") { _ in
      ToldKind(kind: .apisixConfig, isCertain: true)
    }
  }
}
