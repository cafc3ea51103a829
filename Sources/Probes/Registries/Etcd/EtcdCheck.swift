import APISIX
import Findings
import HTTP
import Inputs
import Registries
import SourceText

/// Whether the etcd of `deployment.etcd` lets APISIX start, read and write: each address as `apisix start` asks it.
struct EtcdCheck {
  let source: EtcdSource
  /// Which prefix the objects lie below, with its slash.
  private var prefix: String { source.settings.prefix + "/" }

  init?(_ config: DiscoveryConfig, _ access: AccessOptions, _ context: Context) {
    guard let settings = EtcdSettings(of: config) else { return nil }
    source = EtcdSource(settings: settings, access: access, context: context)
  }

  func ask(_ answer: inout RegistryCheckAnswer) {
    let http = source.context.http(traced: true)
    // Before it is sent: what answers the first question may have it from elsewhere.
    answer.secrets += [source.settings.password].compactMap { $0?.value }
    var findings: [Finding] = []
    var unreached = 0
    for host in source.settings.hosts {
      source.context.progress("asking etcd")
      let start = ContinuousClock.now
      var server = RegistryCheckAnswer.Server(registry: "etcd", place: URLText(host).withoutUser)
      var client = source.client(host, http)
      do throws(EtcdClient.Failure) {
        let version = try client.version()
        server.version = version.server
        let found = try told(host, version.cluster, &client)
        if found.contains(where: { $0.severity == .error }) { server.state = .refused }
        findings += found
      } catch {
        if case .connection = error { server.state = .unreached } else { server.state = .refused }
        if server.version == nil { unreached += 1 }
        findings += source.finding(error, host)
      }
      server.milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
      answer.add(server)
      answer.secrets += client.secrets.map(\.value)
    }
    let count = source.settings.hosts.count
    if unreached > 0, unreached < count, unreached * 2 >= count {
      findings += Finding(
        EtcdRules.majority,
        "of \(count) addresses of etcd \(count - unreached) answered; APISIX starts with more than half of them",
        help: "start the others, or list in deployment.etcd.host those that answer")
    }
    // What the members of one cluster say together is said once.
    var seen: Set<String> = []
    answer.findings += findings.filter { seen.insert("\($0.rule.id) \($0.help ?? "")").inserted }
  }

  private func told(
    _ host: String, _ cluster: String, _ client: inout EtcdClient
  ) throws(EtcdClient.Failure) -> [Finding] {
    let (settings, place) = (source.settings, URLText(host).withoutUser)
    let parts = cluster.parts(between: ".").map { Int($0) ?? 0 }
    if parts.lexicographicallyPrecedes([3, 4]) {
      return [
        Finding(
          EtcdRules.tooOld, "etcd at \(place) is of version \(cluster); APISIX takes 3.4.0 and newer",
          help: "upgrade every member of the cluster")
      ]
    }
    var findings: [Finding] = []
    if try !source.login(&client), let user = settings.user {
      findings += Finding(
        EtcdRules.noUsers, "etcd at \(place) has no users, and config.yaml logs in as \(user)",
        help: "take deployment.etcd.user and password out of config.yaml, or switch users on: etcdctl auth enable")
    }
    if try !client.hasKeys(below: prefix) { findings.append(source.empty(host, client)) }
    // It is known of users alone, and who may not ask for their own role is no user.
    if findings.isEmpty, let user = settings.user, settings.password != nil,
      let (writes, role) = try? client.mayWrite(user, below: prefix), !writes
    {
      findings += Finding(
        EtcdRules.readOnly, "etcd at \(place) lets \(user) read below \(prefix), and not write",
        help: EtcdSource.grant(settings, to: role))
    }
    return findings
  }
}

extension EtcdSettings {
  /// Nil where config.yaml names no etcd, or APISIX has its configuration from elsewhere.
  init?(of config: DiscoveryConfig) {
    guard let root = config.verdict.root, (root["deployment"]?["etcd"] ?? root["etcd"]) != nil,
      config.provider == "etcd"
    else { return nil }
    self.init(root)
  }
}

extension DiscoveryConfig {
  /// Whether it says in which etcd its upstreams stand.
  package var namesEtcd: Bool { EtcdSettings(of: self) != nil }

  private var role: String { verdict.root?["deployment"]?["role"]?.string ?? "traditional" }

  /// Whether it gets them through its Admin API and keeps them in memory, as the ingress controller has it.
  package var isDrivenByAPI: Bool { provider == "yaml" && role == "traditional" }

  /// Where APISIX has its routes and upstreams from: `etcd`, `yaml`.
  fileprivate var provider: String {
    let root = verdict.root
    return root?["deployment"]?["role_\(role)"]?["config_provider"]?.string ?? root?["apisix"]?["config_center"]?.string
      ?? "etcd"
  }

  /// The flags of `resolve` that show what its upstreams name.
  var upstreams: String {
    guard provider == "yaml" else { return "--etcd" }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    return "--referenced \(Shell.quoted(folder + "apisix.yaml"))"
  }
}
