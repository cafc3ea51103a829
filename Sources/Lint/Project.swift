import APISIX
import Inputs

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

  /// - Parameters:
  ///   - files: those of the run that may hold Kubernetes objects.
  ///   - configs: one for each config.yaml whose discovery section could be read.
  ///   - environment: the variables with which APISIX will start, by a file's path.
  ///   - release: the release to judge a file as, by its path.
  init(
    files: [LintFile], configs: [ConfigFacts],
    release: @escaping @Sendable (_ path: String) -> Release = { _ in .newest },
    environment: @escaping @Sendable (_ path: String) -> Environment = { _ in .unknown }
  ) {
    self.configs = configs
    self.release = release
    self.environment = environment
    self.cluster = Cluster(files: files)
    all = Neighbours(configs)
    byDirectory = Dictionary(grouping: configs) { LocalPath.directory(of: $0.path) }.mapValues { Neighbours($0) }
  }

  private let all: Neighbours
  private let byDirectory: [Substring: Neighbours]

  /// The configs that a file plainly goes with: those of its own directory, else all of the run.
  func configs(for file: LintFile) -> Neighbours { byDirectory[LocalPath.directory(of: file.path)] ?? all }

  /// Configs, and what all of them together say: each of a thousand routes asks for it.
  struct Neighbours: Sendable {
    let configs: [ConfigFacts]
    /// The registries that one of them enables.
    let enabled: Set<String>
    let serviceNames: KubernetesServiceName.Mode
    let watchesEndpointSlices: Bool

    init(_ configs: [ConfigFacts]) {
      self.configs = configs
      enabled = configs.reduce(into: []) { $0.formUnion($1.registries) }
      serviceNames = KubernetesServiceName.Mode(configs)
      watchesEndpointSlices = configs.contains(where: \.watchesEndpointSlices)
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
  /// The kinds under `discovery`, modules of one's own as well.
  let registries: Set<String>
  /// nil where there is no kubernetes discovery.
  var kubernetes: Kubernetes?
  /// The subjects of the tokens that stand in the config, `system:serviceaccount:NAMESPACE:NAME`; one that cannot be
  /// read is left out.
  var subjects: [String] = []
  /// Whether a cluster has `watch_endpoint_slices: true` and the judged release heeds it.
  var watchesEndpointSlices = false
  /// Whether APISIX takes its routes from conf/apisix.yaml: `config_provider: yaml`; nil where that is not known.
  var readsStandaloneYAML: Bool?
}
