import APISIX
import Findings
import HTTP
import Inputs
import Registries
import SourceText

/// Where the upstreams of an installation stand.
public struct UpstreamSources: Sendable {
  /// Files, URLs of control APIs, or `cluster` for the ApisixUpstream objects of the clusters that are asked.
  public var referenced: [String] = []
  /// The URL of an Admin API.
  public var admin: String?
  /// A file with its key, in place of GATECHECK_ADMIN_KEY.
  public var adminKeyFile: String?
  /// The URL of APISIX's etcd; empty for the one of config.yaml.
  public var etcd: String?

  public init() {}

  /// Among `referenced`: the objects of the clusters.
  public static let cluster = "cluster"

  private static let noStream =
    "stream routes were not asked for; where apisix.stream_proxy is set, give that config.yaml: --config FILE"

  package var isEmpty: Bool { referenced.isEmpty && admin == nil && etcd == nil }

  /// All of them together; nil when none is named.
  /// - Parameter resolver: asks the clusters; nil where none is to be asked.
  func inventory(
    _ config: DiscoveryConfig?, _ access: AccessOptions, _ resolver: LiveResolver?, _ context: Context
  ) throws(ResolveQuestion.Stop) -> Inventory? {
    guard !isEmpty else { return nil }
    let http = context.http(traced: true)
    var inventory = Inventory(enabled: config.map { Set($0.registries.map(\.name)) })
    do throws(FileError) {
      for name in referenced {
        if name == Self.cluster, let resolver {
          inventory.take(resolver.apisixUpstreams())
        } else if name.hasPrefix("http://") || name.hasPrefix("https://") {
          inventory.take(APISIXEndpoint(.control, url: name, access).resources(http), of: .control)
        } else {
          try inventory.take(file: name, context)
        }
      }
      if let admin {
        let key = try adminKey(context)
        let endpoint = APISIXEndpoint(.admin, url: admin, key: key.map { Secret($0) }, access)
        inventory.take(endpoint.resources(http, hasStream: config?.mayHaveStream ?? false))
        if config == nil {
          inventory.lacksStreamRoutes = true
          inventory.notices.append(Self.noStream)
        }
      }
    } catch { throw ResolveQuestion.Stop(finding: error.finding) }
    if let settings = etcd(config) {
      inventory.take(EtcdSource(settings: settings, access: access, context: context).resources(http))
    }
    return inventory
  }

  /// The etcd that was named: that of config.yaml, or the one of a URL with what config.yaml says beside it.
  func etcd(_ config: DiscoveryConfig?) -> EtcdSettings? {
    guard let etcd else { return nil }
    var settings = config?.verdict.root.map { EtcdSettings($0) } ?? EtcdSettings()
    if !etcd.isEmpty { settings.use(etcd) }
    return settings
  }

  func adminKey(_ context: Context) throws(FileError) -> String? {
    let key =
      try adminKeyFile.map { file throws(FileError) in String(decoding: try context.read(file), as: UTF8.self) }
      ?? context.environment["GATECHECK_ADMIN_KEY"]
    return key.map { String($0.filter { !$0.isWhitespace }) }
  }
}

extension DiscoveryConfig {
  /// Whether its APISIX may be a stream proxy as well.
  fileprivate var mayHaveStream: Bool {
    let settings = verdict.root?["apisix"]
    return settings?["stream_proxy"] != nil || settings?["proxy_mode"]?.string?.has("stream") == true
  }
}
