import APISIX
import Inputs
import Kubernetes
import SourceText

/// Everything that one run of the linter looks at, for the rules that compare files.
struct Project: Sendable {
  /// What is known of each config.yaml among them, the embedded ones as well.
  let configs: [ConfigFacts]
  /// The release to judge a file as.
  let release: @Sendable (_ path: String) -> Release
  /// The variables with which APISIX will start, by a file's path.
  let environment: @Sendable (_ path: String) -> Environment
  /// The Kubernetes objects of all files.
  let cluster: Cluster
  /// What the Chart.yaml of a folder says of APISIX's chart.
  let charts: [Substring: Chart]
  /// The folders where some values file enables discovery, and those where one gives APISIX rights: of several files
  /// one is laid over another.
  let enabling: Set<Substring>
  let permitting: Set<Substring>

  /// - Parameters:
  ///   - files: those of the run that may hold Kubernetes objects.
  ///   - configs: one for each config.yaml whose discovery section could be read.
  ///   - charts: what each Chart.yaml says of APISIX's chart, by its folder.
  ///   - values: those of charts.
  ///   - environment: the variables with which APISIX will start, by a file's path.
  ///   - release: the release to judge a file as, by its path.
  init(
    files: [LintFile], configs: [ConfigFacts], charts: [Substring: Chart] = [:],
    values: [ChartValues] = [],
    release: @escaping @Sendable (_ path: String) -> Release = { _ in .newest },
    environment: @escaping @Sendable (_ path: String) -> Environment = { _ in .unknown }
  ) {
    self.configs = configs
    self.charts = charts
    func folders(_ isSo: (Field) -> Bool) -> Set<Substring> {
      Set(values.filter(\.isLayer).map(\.root).filter(isSo).map { LocalPath.directory(of: $0.file.path) })
    }
    enabling = folders { HelmDiscovery($0)?.isEnabled ?? false }
    permitting = folders(HelmRules.permit)
    self.release = release
    self.environment = environment
    let cluster = Cluster(files: files)
    self.cluster = cluster
    let subjects = Set(configs.flatMap(\.subjects))
    self.subjects = subjects
    let roles = cluster.rolesForAPISIX(subjects)
    rolesForAPISIX = roles
    let bindings =
      configs.isEmpty && !cluster.hasGateway
      ? [] : cluster.allBindings.filter { DiscoveryAccess.grants($0, cluster, roles) }
    discoveryBindings = ByFolder(bindings)
    unusedBindings = ByFolder(bindings.filter { PodAccount.isUnused($0, cluster, subjects) })
    let places = Dictionary(grouping: configs) { LocalPath.directory(of: $0.path) }
    byDirectory = places.mapValues { Neighbours($0) }
    byPath = Dictionary(grouping: configs, by: \.path).mapValues { Neighbours($0) }
    var below: [Substring: [ConfigFacts]] = [:]
    for (directory, own) in places.sorted(by: { $0.key < $1.key }) {
      for ancestor in LocalPath.ancestors(of: directory) { below[ancestor, default: []] += own }
    }
    belowDirectory = below.mapValues { Neighbours($0) }
  }

  /// The ClusterRoleBindings that give APISIX what its discovery asks for, or a part of it; none where the run has
  /// neither a config nor pods of APISIX.
  let discoveryBindings: ByFolder
  /// Those of them whose accounts nothing else in the run uses.
  let unusedBindings: ByFolder
  /// The accounts of all tokens in the configs.
  let subjects: Set<String>
  private let rolesForAPISIX: Set<String>
  private let byDirectory: [Substring: Neighbours]
  private let byPath: [String: Neighbours]
  private let belowDirectory: [Substring: Neighbours]

  /// Whether a role is plainly for APISIX.
  func isForAPISIX(_ role: Manifest) -> Bool { rolesForAPISIX.contains(role.roleKey) }

  /// The configs that a file plainly goes with: those of its own directory, else those in the first directory above it
  /// that has any, in whatever depth. One repository may hold several environments.
  func configs(for file: LintFile) -> Neighbours {
    let directory = LocalPath.directory(of: file.path)
    return byDirectory[directory] ?? LocalPath.ancestors(of: directory).lazy.compactMap { belowDirectory[$0] }.first
      ?? Neighbours([])
  }

  /// The configs in a file's own directory; for what stands in a ConfigMap, those of the same manifest.
  func configs(beside file: LintFile) -> Neighbours? {
    file.host == nil ? byDirectory[LocalPath.directory(of: file.path)] : byPath[file.path]
  }

  /// The configs that the pods of a workload plainly use: those of the ConfigMap that they mount; where they mount
  /// nothing, those in its own file, else those that go with it.
  func configs(for pod: Pod) -> [ConfigFacts] {
    let file = pod.workload.object.file
    let volumes = pod.configVolumes
    let near = configs(for: file).configs.filter { config in
      !config.registries.isEmpty
        && (volumes.isEmpty || volumes.contains { config.isIn($0?["configMap"]?["name"]?.string, of: pod) })
    }
    let own = near.filter { $0.path == file.path }
    return own.isEmpty ? near : own
  }

  /// Objects by the folders in or below which they stand.
  struct ByFolder: Sendable {
    private var first: [Substring: Manifest] = [:]

    init(_ objects: [Manifest]) {
      for object in objects {
        let folder = LocalPath.directory(of: object.object.file.path)
        for folder in LocalPath.ancestors(of: folder) where first[folder] == nil { first[folder] = object }
      }
    }

    /// The one that has most folders in common with a file, of several the first; nil without any.
    func nearest(to path: String) -> Manifest? {
      LocalPath.ancestors(of: LocalPath.directory(of: path)).lazy.compactMap { first[$0] }.first
    }
  }

  /// Configs, and what all of them together say: each of a thousand routes asks for it.
  struct Neighbours: Sendable {
    let configs: [ConfigFacts]
    /// The registries that one of them enables.
    let enabled: Set<String>
    let serviceNames: KubernetesServiceName.Mode
    let watchesEndpointSlices: Bool
    /// Whether one of them has APISIX take its routes from conf/apisix.yaml.
    let readsStandaloneYAML: Bool

    init(_ configs: [ConfigFacts]) {
      self.configs = configs
      enabled = configs.reduce(into: []) { $0.formUnion($1.registries) }
      serviceNames = KubernetesServiceName.Mode(configs)
      watchesEndpointSlices = configs.contains(where: \.watchesEndpointSlices)
      readsStandaloneYAML = configs.contains(where: \.readsStandaloneYAML)
    }
  }
}

/// What other files need to know of a config.yaml.
struct ConfigFacts: Sendable {
  enum Kubernetes: Sendable, Hashable {
    /// `discovery.kubernetes` is an object.
    case single
    /// It is a list; the ids of its clusters.
    case multiple(ids: [String])
  }

  /// As the user named the file.
  let path: String
  /// The ConfigMap in which it stands.
  var configMap: (name: String, namespace: String?)?
  /// The kinds under `discovery`, modules of one's own as well.
  let registries: Set<String>
  /// nil where there is no kubernetes discovery.
  var kubernetes: Kubernetes?
  /// The subjects of the tokens that stand in the config, `system:serviceaccount:NAMESPACE:NAME`; one that cannot be
  /// read is left out.
  var subjects: [String] = []
  /// The files from which clusters get their token, where that is known.
  var tokenFiles: [String] = []
  /// Whether every cluster is the pod's own, and is asked with the token of the pod's account.
  var usesPodAccount = false
  /// Whether a cluster has `watch_endpoint_slices: true` and the judged release heeds it.
  var watchesEndpointSlices = false
  /// Whether APISIX takes its routes from conf/apisix.yaml: `config_provider: yaml`.
  var readsStandaloneYAML = false
  /// With what each service name of consul_kv begins, `SERVER/v1/kv/PREFIX/`; empty where that is not known.
  var consulKeys: [String] = []

  fileprivate func isIn(_ name: String?, of pod: Pod) -> Bool {
    guard let configMap, let name, name == configMap.name, !name.isTemplated else { return false }
    let (one, other) = (configMap.namespace, pod.workload.namespace)
    return one == nil || other == nil || one == other
  }
}

extension ConfigContext {
  private var consulKeys: [String] {
    guard let section = verdict.resolved?[RegistryKind.consulKV.key], let prefix = section["prefix"]?.string,
      let servers = section["servers"]?.table?.entries.map(\.value.string), !servers.contains(nil)
    else { return [] }
    let keys = servers.compactMap { $0 }.map { "\($0)/v1/kv/\(prefix)/" }
    // What is wrong in the config itself is told there.
    return keys.contains { $0.has("${") || $0.has("//v1") || $0.has("kv//") || $0.hasSuffix("//") } ? [] : keys
  }

  /// What rules over other files need to know of this config.
  var facts: ConfigFacts {
    let clusters = self.clusters
    let tokenFiles = clusters.map(\.tokenFile)
    let subjects = clusters.compactMap { cluster in
      cluster["client", "token"]?.string.flatMap { TokenText($0).jwt?.subject }
    }
    var providers = [verdict.root?["apisix"]?["config_center"]?.string]
    if let deployment = verdict.root?["deployment"] {
      for role in ["data_plane", deployment["role"]?.string ?? "traditional"] {
        providers.append(deployment["role_\(role)"]?["config_provider"]?.string)
      }
    }
    return ConfigFacts(
      path: file.path, configMap: file.host?.configMap, registries: Set(registries.map(\.key)),
      kubernetes: self[.kubernetes].map { _ in
        clusters.first?.isItem ?? false ? .multiple(ids: clusters.compactMap { $0["id"]?.string }) : .single
      },
      subjects: subjects, tokenFiles: tokenFiles.compactMap { $0 },
      usesPodAccount: !clusters.isEmpty && !tokenFiles.contains(nil) && clusters.allSatisfy(\.isOwn),
      watchesEndpointSlices: release.has(.watchesSlices)
        && clusters.contains { $0["watch_endpoint_slices"]?.boolean == true },
      readsStandaloneYAML: providers.contains("yaml"), consulKeys: consulKeys)
  }
}
