import APISIX
import Findings
import Inputs
import SourceText
import YAML

/// The rules over the values of APISIX's Helm charts. What stands under `registry` is judged as a config's section.
enum HelmRules {
  static let registryMissing: Rule = """
    helm/registry-missing (error): A registry stands directly under discovery in the chart's values
    Checks: The keys under apisix.discovery (chart 2.x) or discovery (0.x, 1.x): registries belong under `registry`.
    Why: The chart writes only what is under `registry` into config.yaml. This registry is not rendered, and requests \
    get 503 with `discovery NAME is uninitialized`.
    Example:
    discovery:
      enabled: true
      dns:
        servers: ["192.168.61.37:8600"]
    Fix: discovery:
      enabled: true
      registry:
        dns:
          servers: ["192.168.61.37:8600"]
    """

  static let isDisabled: Rule = """
    helm/discovery-disabled (warning): A registry is given, and discovery is not enabled
    Checks: discovery.enabled in the chart's values when discovery.registry has a kind. That it is false on purpose is \
    possible, and then only a note.
    Why: The chart's default is false. It then leaves the whole section out of config.yaml.
    Example:
    discovery:
      registry:
        kubernetes: {}
    Fix: discovery:
      enabled: true
      registry:
        kubernetes: {}
    """

  static let rbacOff: Rule = """
    helm/rbac-off (warning): Kubernetes discovery without a role for it
    Checks: rbac.create and serviceAccount in the values of the APISIX chart when discovery.registry.kubernetes is \
    enabled without a token of its own.
    Why: The chart makes a ServiceAccount and a ClusterRole only if told so. Without them APISIX runs as the account \
    `default`, which may not list endpoints: 403 Forbidden. The role can also be made apart from the chart.
    Example:
    apisix:
      discovery:
        enabled: true
        registry:
          kubernetes: {}
    Fix: serviceAccount:
      create: true
    rbac:
      create: true
    """

  static let roleLacksSlices: Rule = """
    helm/role-lacks-endpointslices (error): The chart's role does not grant endpointslices
    Checks: watch_endpoint_slices: true together with rbac.create: true in the chart's values.
    Why: The ClusterRole of the chart grants endpoints only (up to chart 2.14.0). With watch_endpoint_slices APISIX \
    asks for endpointslices: 403 Forbidden.
    Example:
    rbac:
      create: true
    apisix:
      discovery:
        enabled: true
        registry:
          kubernetes:
            watch_endpoint_slices: true
    Fix: gatecheck rbac generate --form helm --watch-endpoint-slices=both   # a role that grants both, in extraDeploy
    zh: chart 自带的角色没有授予 endpointslices 权限
    Checks: chart 的 values 里同时有 watch_endpoint_slices: true 和 rbac.create: true。
    Why: chart 的 ClusterRole 只授予 endpoints（直到 chart 2.14.0）。打开 watch_endpoint_slices 后，APISIX 访问的是 \
    endpointslices：403 Forbidden。
    Fix: gatecheck rbac generate --form helm --watch-endpoint-slices=both   # 同时授予两者的角色，写在 extraDeploy 里
    """

  static let rules = [registryMissing, isDisabled, rbacOff, roleLacksSlices, DiscoveryPlace.rule]

  /// - Parameter charts: the values in the file.
  static func check(_ file: LintFile, _ charts: [ChartValues], in project: Project) -> [Finding] {
    let folders = file.kind == .helmValues ? LocalPath.ancestors(of: LocalPath.directory(of: file.path)) : []
    let beside = folders.first.flatMap { project.charts[$0] }
    return charts.compactMap { $0.handed(to: beside) }.flatMap { values -> [Finding] in
      guard let discovery = HelmDiscovery(values.root), !values.isReplaced else { return [] }
      let below = values.isLayer ? folders : []
      let whole =
        values.isPartial
        ? []
        : [
          below.contains(where: project.enabling.contains) ? nil : disabled(discovery),
          permissions(discovery, values.root, elsewhere: below.contains(where: project.permitting.contains)),
        ]
      return misplaced(discovery) + (whole + [DiscoveryPlace.check(values, beside: beside)]).compactMap { $0 }
    }
  }

  private static func misplaced(_ discovery: HelmDiscovery) -> [Finding] {
    let kinds = discovery.section.members.filter { FileKind.registryNames.contains($0.key) }
    return kinds.map { member in
      member.finding(
        registryMissing, "\(member.key) stands outside registry; the chart does not render it",
        help: "put it under \(discovery.section.path).registry",
        fix: kinds.count == 1 && discovery.section["registry"] == nil ? nest(member) : nil)
    }
  }

  private static func nest(_ member: Field.Member) -> Fix? {
    let file = member.value.file
    guard case .mapping(_, false) = file.tree[member.value.id].content else { return nil }
    return file.nest(member.keyID, value: member.value.id, under: "registry")
  }

  private static func disabled(_ discovery: HelmDiscovery) -> Finding? {
    guard let kind = discovery.kinds.first, !discovery.isEnabled else { return nil }
    let enabled = discovery.section["enabled"]
    if let text = enabled?.string, text != "false" { return nil }
    return (enabled ?? kind.value).finding(
      isDisabled, severity: enabled == nil ? .warning : .note,
      "\(kind.key) is configured, and discovery is not enabled", at: enabled == nil ? kind.keyID : nil,
      help: "set \(discovery.section.path).enabled: true", fix: enabled?.replacing(with: "true", safe: false))
  }

  /// Whether values give APISIX rights. Who names an account has seen to it, or binds it elsewhere; so has who adds
  /// objects of his own.
  static func permit(_ values: Field) -> Bool {
    let account = values["serviceAccount"]
    return values["rbac"]?["create"]?.string == "true" || account?["create"]?.string == "true"
      || !(account?["name"]?.string ?? "").isEmpty || values["extraDeploy"]?.isSequence ?? false
  }

  private static func permissions(_ discovery: HelmDiscovery, _ top: Field, elsewhere: Bool) -> Finding? {
    guard discovery.isEnabled, let kind = discovery.kinds.first(where: { $0.key == RegistryKind.kubernetes.key }) else {
      return nil
    }
    if top["rbac"]?["create"]?.string == "true", let slices = kind.value["watch_endpoint_slices"],
      slices.string == "true"
    {
      return slices.finding(
        roleLacksSlices, "the chart's ClusterRole grants endpoints, not endpointslices",
        help: "add a role: gatecheck rbac generate --form helm --watch-endpoint-slices=both")
    }
    let own = kind.value["client"]?["token"] ?? kind.value["client"]?["token_file"]
    guard own == nil, !elsewhere, !permit(top), !kind.value.isSequence else { return nil }
    return kind.finding(
      rbacOff, "rbac.create is not true: the chart makes no role, and APISIX may not list endpoints",
      help: "set rbac.create and serviceAccount.create to true, or bind a role yourself: gatecheck rbac generate")
  }
}
