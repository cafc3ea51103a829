import APISIX
import ArgumentParser
import Findings
import Inputs
import Kubernetes
import Probes

/// Which objects `rbac generate` makes; `rbac diff` compares the same.
struct ManifestOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The ServiceAccount; the other objects are named after it.", valueName: "name"))
  var name = "apisix"

  @Option(name: .shortAndLong, help: ArgumentHelp("The ServiceAccount's namespace.", valueName: "name"))
  var namespace = "default"

  @Option(help: ArgumentHelp("The ClusterRole's name.", valueName: "name"))
  var clusterRole: String?

  @Option(help: ArgumentHelp("The ClusterRoleBinding's name.", valueName: "name"))
  var clusterRoleBinding: String?

  @Option(help: ArgumentHelp("The token Secret's name; NAME-token without it.", valueName: "name"))
  var secretName: String?

  @Option(
    defaultAsFlag: SliceRights.only.rawValue,
    help: ArgumentHelp("Grant EndpointSlices in place of Endpoints; =both for both.", valueName: "both"))
  var watchEndpointSlices: String?

  @Flag(help: "Grant list and watch only, which is all that APISIX uses.")
  var minimal = false

  @Option(help: ArgumentHelp("The cluster's release; below 1.24 the token Secret is left out.", valueName: "version"))
  var kubernetesVersion: String?

  @Flag(inversion: .prefixedNo, help: "Add the token Secret, or leave it out, whatever the release.")
  var tokenSecret: Bool?

  @Option(help: ArgumentHelp("A label for every object. Repeatable.", valueName: "key=value"))
  var label: [String] = []

  @Option(help: ArgumentHelp("An annotation for every object. Repeatable.", valueName: "key=value"))
  var annotation: [String] = []

  func validate() throws {
    if let watchEndpointSlices { try SliceRights.check(watchEndpointSlices) }
    if let kubernetesVersion, Self.minor(kubernetesVersion) == nil {
      throw ValidationError("--kubernetes-version wants a release such as 1.24, not '\(kubernetesVersion)'.")
    }
    for pair in label + annotation where !pair.contains("=") {
      throw ValidationError("'\(pair)' wants the form key=value.")
    }
  }

  /// - Parameter includeSecret: nil: as the cluster's release needs it.
  func options(_ watches: RBACOptions.Watches, includeSecret: Bool? = nil) -> RBACOptions {
    RBACOptions(
      name: name, namespace: namespace, clusterRole: clusterRole, clusterRoleBinding: clusterRoleBinding,
      secretName: secretName, watches: watches, minimal: minimal,
      includeSecret: tokenSecret ?? includeSecret ?? wantsSecret, labels: Self.pairs(label),
      annotations: Self.pairs(annotation))
  }

  /// What the flag says; nil without it.
  var watches: RBACOptions.Watches? {
    switch watchEndpointSlices.flatMap(SliceRights.init(rawValue:)) {
    case nil: nil
    case .only: .endpointSlices
    case .both: .both
    }
  }

  /// From 1.24 on no token Secret is made for a new ServiceAccount.
  private var wantsSecret: Bool { kubernetesVersion.flatMap(Self.minor).map { $0 >= (1, 24) } ?? true }

  private static func minor(_ text: String) -> (Int, Int)? {
    let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(separator: ".")
    guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }) else {
      return nil
    }
    return (major, minor)
  }

  private static func pairs(_ texts: [String]) -> [(key: String, value: String)] {
    texts.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }
  }
}

enum SliceRights: String {
  case only = "true"
  case both

  /// Checked by hand because ArgumentParser takes a value it cannot read for none at all.
  static func check(_ text: String) throws {
    guard SliceRights(rawValue: text) == nil else { return }
    throw ValidationError("--watch-endpoint-slices stands alone, or is =both, not '\(text)'.")
  }
}

/// What each cluster of a configuration, as that release reads it, will ask its API server for.
struct DerivedWatches {
  let clusters: [(id: String?, watches: RBACOptions.Watches)]

  /// The configuration has no cluster to speak of.
  struct Failure: Error {
    let findings: [Finding]
    let config: DiscoveryConfig
  }

  /// - Parameter cluster: the one of that id only.
  /// - Throws: FileError or Failure.
  init(config path: String, cluster: String?, release: Release) throws {
    let config = try DiscoveryConfig(at: path, Conditions(release: release))
    let (chosen, findings) = config.chosen(cluster)
    if chosen.isEmpty { throw Failure(findings: findings, config: config) }
    clusters = chosen.map { ($0.id, Self.watches($0["watch_endpoint_slices"]?.bool == true, release)) }
  }

  private static func watches(_ wantsSlices: Bool, _ release: Release) -> RBACOptions.Watches {
    guard wantsSlices, release >= Release(3, 9) else { return .endpoints }
    // From 3.9 to 3.13 the flag does nothing; both, so that an upgrade needs no second look.
    return release < Release(3, 14) ? .both : .endpointSlices
  }

  /// What serves all of them.
  var together: RBACOptions.Watches {
    let kinds = Set(clusters.map(\.watches))
    return kinds.count == 1 ? kinds.first ?? .endpoints : .both
  }
}

extension RBACOptions.Watches {
  /// What APISIX of that release really asks for: where both are granted for an upgrade's sake, Endpoints.
  func choice(_ release: Release) -> APIResourceChoice {
    switch self {
    case .endpoints: .endpoints
    case .endpointSlices: .endpointSlices
    case .both: release < Release(3, 14) ? .endpoints : .both
    }
  }
}
