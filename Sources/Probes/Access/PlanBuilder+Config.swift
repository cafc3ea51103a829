import APISIX
import Common
import Findings
import Inputs
import JSON
import Lint
import Registries

/// The targets of a config.yaml.
extension PlanBuilder {
  mutating func build(config path: String) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try context.read(path) } catch {
      plan.findings.append(error.finding)
      return
    }
    if context.environment["GATECHECK_TOKEN"]?.isEmpty == false {
      plan.notices.append("GATECHECK_TOKEN is ignored, because \(path) says whose token to use")
    }
    let config = ConfigClusters(
      bytes, path: path, release: options.release, variables: options.variables ?? context.environment)
    plan.sources[path] = config.source
    if let refusal = config.refusal {
      plan.findings.append(
        Finding(
          rule: AccessRules.refused, message: "APISIX \(config.release) would not start: \(refusal)", file: path,
          help: "gatecheck lint \(path)"))
    }
    plan.hasSeveral = config.isList
    let all = config.clusters
    guard config.hasKubernetes, !all.isEmpty else {
      if config.refusal == nil || config.verdict.yamlError == nil {
        plan.findings.append(
          Finding(
            rule: AccessRules.noKubernetes, message: "there is no discovery.kubernetes in this file", file: path,
            help: "gatecheck lint \(path)"))
      }
      return
    }
    let chosen = options.cluster.map { id in all.filter { $0.id == id } } ?? all
    guard !chosen.isEmpty else {
      let ids = all.compactMap(\.id)
      plan.findings.append(
        Finding(
          rule: AccessRules.unknownCluster,
          message: "there is no cluster \"\(options.cluster ?? "")\" in this file", file: path,
          help: ids.isEmpty
            ? "it has one cluster, without an id; leave --cluster out" : "ids: \(ids.joined(separator: ", "))"))
      return
    }
    if chosen.count > 1, options.server != nil || options.tokenFile != nil {
      plan.findings.append(
        Finding(
          rule: AccessRules.severalClusters,
          message: "\(options.server != nil ? "--server" : "--token-file") fits one cluster, and there are "
            + "\(chosen.count)", file: path,
          help: "add --cluster; ids: \(chosen.compactMap(\.id).joined(separator: ", "))"))
      return
    }
    for cluster in chosen { add(cluster, of: config) }
  }

  private mutating func add(_ cluster: ConfigClusters.Cluster, of config: ConfigClusters) {
    let place = config.place(cluster.value["service"]?["host"], cluster.path + ".service.host")
    let given: (url: ServerURL, origin: String)?
    if let server = options.server {
      given = checked(server, "--server").map { ($0, "--server") }
    } else {
      given = server(of: cluster, in: config).map { ($0, config.path) }
    }
    let identity = explicitToken() ?? .some(token(of: cluster, in: config))
    guard let given, let identity, let token = identity.token else { return }
    let trust = trust(
      given.url, tokenFile: identity.file,
      trustedCertificate: config.trustedCertificate.map { (HostFiles(root: options.root).path($0), config.path) })
    guard let trust else { return }
    var connection = connection(to: given.url, trust)
    connection.credential = credential(token)
    plan.targets.append(
      Target(
        id: plan.hasSeveral ? cluster.id : nil, connection: connection, token: token,
        administrator: administrator(of: given.url, trust),
        settings: ClusterSettings(JSONValue(cluster.value), release: config.release),
        serverOrigin: given.origin, identityOrigin: identity.origin, trust: trust.kind,
        place: options.server == nil ? place : nil,
        apisixVerifies: config.release >= Release(3, 17) && cluster.value["service"]?["ssl_verify"]?.bool == true,
        lentPath: lentPath(of: given.url)))
  }

  private mutating func server(of cluster: ConfigClusters.Cluster, in config: ConfigClusters) -> ServerURL? {
    let service = cluster.value["service"]
    let schema = service?["schema"]?.string ?? "https"
    let defaults = config.isList ? nil : ("${KUBERNETES_SERVICE_HOST}", "${KUBERNETES_SERVICE_PORT}")
    let host = text(config, cluster, ["service", "host"], default: defaults?.0)
    let port = text(config, cluster, ["service", "port"], default: defaults?.1)
    guard let host, let port else { return nil }
    guard let url = ServerURL(scheme: schema, host: host, port: port) else {
      let place = config.place(service?["host"], cluster.path + ".service.host")
      plan.findings.append(
        Finding(
          rule: AccessRules.invalidServer, message: "host \"\(host)\" and port \"\(port)\" make no address",
          file: place.file, range: place.range, path: place.path))
      return nil
    }
    return url
  }

  /// A setting's text; nil when it is not there or its variable is not set, which is then a finding.
  private mutating func text(
    _ config: ConfigClusters, _ cluster: ConfigClusters.Cluster, _ keys: [String], default fallback: String? = nil
  ) -> String? {
    let setting = keys.reduce(Optional(cluster.value)) { $0?[$1] }
    switch config.value(setting, default: fallback) {
    case .text(let text): return text
    case .absent: return nil
    case .unset(let name):
      let place = config.place(setting, ([cluster.path] + keys).joined(separator: "."))
      plan.findings.append(
        Finding(
          rule: AccessRules.unsetVariable, message: "the variable \(name) is not set", file: place.file,
          range: place.range, path: place.path,
          help: "give what APISIX will have: --env \(name)=VALUE or --env-file FILE"))
      return nil
    }
  }

  /// The token that the configuration gives.
  mutating func token(
    of cluster: ConfigClusters.Cluster, in config: ConfigClusters
  ) -> (token: GivenToken?, origin: String, file: String?) {
    let client = cluster.value["client"]
    if let inline = client?["token"] {
      let place = config.place(inline, cluster.path + ".client.token")
      let token = text(config, cluster, ["client", "token"]).map {
        GivenToken(Array($0.utf8), source: .inline, release: config.release, place: place)
      }
      return (remember(token), "client.token of \(config.path)", nil)
    }
    let usual = config.isList ? nil : "/var/run/secrets/kubernetes.io/serviceaccount/token"
    let setting = client?["token_file"]
    guard let file = text(config, cluster, ["client", "token_file"], default: usual) else { return (nil, "", nil) }
    let path = HostFiles(root: options.root).path(file)
    do throws(FileError) {
      let bytes = try context.read(path)
      let token = GivenToken(bytes, source: .file, release: config.release)
      return (remember(token), "token_file \(file) of \(config.path)", path)
    } catch {
      let place = config.place(setting, cluster.path + ".client.token_file")
      plan.findings.append(
        Finding(
          rule: error.kind == .notFound ? InputRules.notFound : InputRules.unreadable,
          message: "cannot read the token_file \(path): \(error.reason)", file: place.file,
          range: place.range, path: place.path,
          help: "run gatecheck where APISIX runs, or give the token: --token-file FILE"))
      return (nil, "", nil)
    }
  }
}
