package import APISIX
import Common
import Findings
import HTTP
package import Inputs
import Registries

/// The targets of a config.yaml.
extension PlanBuilder {
  mutating func build(config path: String) {
    let config: DiscoveryConfig
    do throws(FileError) {
      if let known { config = known } else { config = try options.discoveryConfig(at: path, in: context) }
    } catch {
      plan.findings.append(error.finding)
      return
    }
    if context.environment["GATECHECK_TOKEN"]?.isEmpty == false {
      plan.notices.append("GATECHECK_TOKEN is ignored, because \(path) says whose token to use")
    }
    plan.sources[config.path] = config.source
    plan.hasSeveral = config.mode == .multi
    let (chosen, findings) = config.chosen(options.cluster)
    // What keeps a known one from starting is told where that is looked at.
    plan.findings += known == nil ? findings : findings.filter { $0.rule == ConfigRules.unknownCluster }
    if chosen.count > 1, options.server != nil || options.tokenFile != nil {
      plan.findings += Finding(
        rule: ConfigRules.severalClusters,
        message: "\(options.server != nil ? "--server" : "--token-file") fits one cluster, and there are "
          + "\(chosen.count)", file: config.path,
        help: "add --cluster; ids: \(chosen.compactMap(\.id).joined(separator: ", "))")
      return
    }
    for cluster in chosen { add(cluster, of: config) }
  }

  private mutating func add(_ cluster: DiscoveryConfig.Cluster, of config: DiscoveryConfig) {
    let given: (url: ServerURL, origin: String)?
    if let server = options.server {
      given = checked(server, "--server").map { ($0, "--server") }
    } else {
      given = server(of: cluster, in: config).map { ($0, config.path) }
    }
    let identity = explicitToken() ?? .some(token(of: cluster, in: config))
    guard let given, let identity, let token = identity.token else { return }
    let certificate = config.trustedCertificate.map { list in
      (list.split(separator: ",").compactMap { try? hostFiles.path(String($0.drop { $0 == " " })) }, config.path)
    }
    guard let (way, trust) = way(to: given.url, tokenFile: identity.file, trustedCertificate: certificate)
    else { return }
    var endpoint = way
    endpoint.credential = credential(token)
    endpoint.asAPISIX(trust)
    let servers = config.nameServers
    endpoint.nameServers = servers.map { NameServers($0.addresses, searches: $0.searches) }
    plan.targets.append(
      Target(
        id: cluster.id, endpoint: endpoint, token: token, administrator: administrator(of: given.url, way),
        tokenHome: identity.file.flatMap(Target.TokenHome.init(file:)) ?? home(of: cluster, in: config),
        settings: cluster.settings, serverOrigin: given.origin, identityOrigin: identity.origin, trust: trust,
        place: options.server == nil ? cluster.place("service", "host") : nil,
        portPlace: options.server == nil ? cluster.place("service", "port") : nil, nameServersPlace: servers?.place,
        apisixVerifies: config.release.has(.sslVerify) && cluster["service", "ssl_verify"]?.bool == true,
        lentPath: lentPath(of: given.url)))
  }

  /// A token that is written out in the configuration.
  func home(of cluster: DiscoveryConfig.Cluster, in config: DiscoveryConfig) -> Target.TokenHome? {
    guard options.tokenFile == nil, let token = cluster["client", "token"], token.string?.hasPrefix("${") != true else {
      return nil
    }
    return config.path != InputFile.standardInputName && Target.TokenHome.isFile(config.path)
      ? .config(config.path) : nil
  }

  private mutating func server(of cluster: DiscoveryConfig.Cluster, in config: DiscoveryConfig) -> ServerURL? {
    let defaults = cluster.id == nil ? ("${KUBERNETES_SERVICE_HOST}", "${KUBERNETES_SERVICE_PORT}") : nil
    let host = text(cluster.read("service", "host", default: defaults?.0), cluster.place("service", "host"))
    let port = text(cluster.read("service", "port", default: defaults?.1), cluster.place("service", "port"))
    guard let host, let port else { return nil }
    if let url = ServerURL(scheme: cluster["service", "schema"]?.string ?? "https", host: host, port: port) {
      return url
    }
    let place = cluster.place("service", "host")
    // APISIX's schema says so already.
    if let refused = config.refused, refused.path == place.path { return nil }
    plan.findings += Finding(
      ConnectRules.invalidServer, "host \"\(host)\" and port \"\(port)\" make no address", at: place)
    return nil
  }

  /// A setting's text; nil when it is not there or its variable is not set, which is then a finding.
  private mutating func text(_ reading: Reading?, _ place: DiscoveryConfig.Place) -> String? {
    switch reading {
    case .text(let text): return text
    case nil: return nil
    case .unset(let name), .unknown(let name):
      plan.findings += Finding(
        ConfigRules.unsetVariable, "the variable \(name) is not set", at: place,
        help: "give what APISIX will have: --env \(name)=VALUE or --env-file FILE")
      return nil
    }
  }

  /// The token that the configuration gives.
  mutating func token(
    of cluster: DiscoveryConfig.Cluster, in config: DiscoveryConfig
  ) -> (token: GivenToken?, origin: String, file: String?) {
    if cluster["client", "token"] != nil {
      let place = cluster.place("client", "token")
      let token = text(cluster.read("client", "token"), place).map {
        GivenToken(
          Array($0.utf8), source: cluster["client", "token"]?.string == $0 ? .inline : .variable,
          release: config.release, place: place)
      }
      return (remember(token), "client.token of \(config.path)", nil)
    }
    let place = cluster.place("client", "token_file")
    let usual = cluster.id == nil ? RegistryKind.podTokenFile : nil
    guard let file = text(cluster.read("client", "token_file", default: usual), place) else { return (nil, "", nil) }
    do throws(FileError) {
      let path = try hostFiles.path(file)
      let bytes = try context.read(path)
      let token = GivenToken(bytes, source: .file, release: config.release)
      return (remember(token), "token_file \(file) of \(config.path)", path)
    } catch {
      plan.findings += Finding(
        error.kind == .notFound ? InputRules.notFound : InputRules.unreadable,
        (cluster["client", "token_file"] == nil ? "client gives no token; " : "")
          + "cannot read the token_file \(error.path): \(error.reason)", at: place,
        help: "run gatecheck where APISIX runs, or give the token: --token-file FILE")
      return (nil, "", nil)
    }
  }
}

extension AccessOptions {
  /// As the process that asks would start APISIX.
  package func conditions(in context: Context) -> Conditions {
    Conditions(release: release, environment: .known(variables ?? context.environment))
  }

  package func discoveryConfig(at path: String, in context: Context) throws(FileError) -> DiscoveryConfig {
    try DiscoveryConfig(at: path, conditions(in: context), context.read)
  }

  /// The one that the options name; nil where they name none.
  func discoveryConfig(in context: Context) throws(FileError) -> DiscoveryConfig? {
    guard let config else { return nil }
    return try discoveryConfig(at: config, in: context)
  }
}
