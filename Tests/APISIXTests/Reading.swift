import JSON
import YAML

@testable import APISIX

/// What the real reading makes of texts and of JSON, for tests of its parts.
func judge(_ bytes: [UInt8], _ conditions: Conditions = Conditions()) -> Verdict {
  DiscoveryConfig(bytes, conditions).verdict
}

extension KubernetesDiscovery {
  /// - Parameter config: the value of `discovery.kubernetes`.
  init(
    _ config: JSONValue, release: Release = .newest, serviceName: String? = nil,
    interest: ClusterStore.Interest = .everything, environment: Environment = .unknown,
    appliesServerSelectors: Bool = true
  ) {
    // JSON, which older releases do not read.
    let (tree, error) = Tree.partial(Array(#"{"discovery": {"kubernetes": \#(config.text())}}"#.utf8))
    let config = DiscoveryConfig(
      tree, error: error, path: "", Conditions(release: release, environment: environment))
    self.init(
      config.chosen.map(\.settings), serviceName: serviceName, interest: interest,
      appliesServerSelectors: appliesServerSelectors)
  }
}

extension ClusterSettings {
  init(_ config: JSONValue, release: Release = .newest) {
    self = KubernetesDiscovery(config, release: release).clusters[0].store.settings
  }
}

extension NamespaceFilter {
  init(_ selector: JSONValue, release: Release = .newest) {
    self = ClusterSettings(["namespace_selector": selector], release: release).namespaces
  }
}

extension DiscoveryConfig {
  fileprivate var chosen: [Cluster] { (try? clusters()) ?? [] }
}
