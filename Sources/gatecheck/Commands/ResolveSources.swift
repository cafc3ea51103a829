import APISIX
import Findings
import Glibc
import HTTP
import Inputs
import JSON
import Lint
import Probes
import Registries

/// Where the upstreams of an installation stand: what --referenced, --admin and --etcd name.
struct ResolveSources {
  let arguments: ResolveArguments
  let session: Session
  let config: DiscoveryConfig?

  /// The value of --referenced for the objects of the cluster.
  static let cluster = "cluster"

  private var timeout: Duration { .milliseconds(Int(arguments.connection.requestTimeout * 1000)) }

  private var http: HTTPClient {
    let (verbose, notices) = (arguments.terminal.verbose, session.notices)
    return HTTPClient(
      deadline: .now + .milliseconds(Int(arguments.connection.timeout * 1000)),
      isCancelled: { Signals.wasInterrupted },
      trace: { if verbose { notices.write("gatecheck: \(terminalSafe($0))\n") } })
  }

  func endpoint(_ kind: APISIXEndpoint.Kind, _ url: String, key: Secret? = nil) -> APISIXEndpoint {
    APISIXEndpoint(
      kind, url: url, key: key, timeout: timeout, allowPlainHTTP: arguments.connection.allowPlainHTTP)
  }

  func dump(of control: String) -> (dump: JSONValue?, findings: [Finding]) { endpoint(.control, control).dump(http) }

  /// All of them together; nil when none is named.
  /// - Parameter resolver: asks the cluster; nil where nothing is to be asked.
  func inventory(_ resolver: LiveResolver?) throws(ResolveRun.Stop) -> ResolveInventory? {
    guard arguments.wantsInventory else { return nil }
    var inventory = ResolveInventory()
    inventory.enabled = config.map { Set($0.registries.map(\.name)) }
    for name in arguments.referenced {
      if name == Self.cluster, let resolver {
        let answer = resolver.apisixUpstreams()
        inventory.take(answer.resources)
        inventory.secrets += answer.secrets
      } else if name.hasPrefix("http://") || name.hasPrefix("https://") {
        inventory.take(endpoint(.control, name).resources(http), of: .control)
      } else {
        do throws(FileError) { try inventory.take(file: name) } catch { throw ResolveRun.Stop(finding: error.finding) }
      }
    }
    if let admin = arguments.admin {
      let key = try adminKey()
      inventory.take(endpoint(.admin, admin, key: key.map { Secret($0) }).resources(http))
      if let key { inventory.secrets.append(key) }
    }
    if let etcd = arguments.etcd {
      var settings = config?.verdict.root.map { EtcdSettings($0) } ?? EtcdSettings()
      if !etcd.isEmpty { settings.use(etcd) }
      let source = EtcdSource(
        settings, Surroundings(environment: session.environment.all), timeout: timeout,
        allowPlainHTTP: arguments.connection.allowPlainHTTP)
      inventory.take(source.resources(http))
      if let password = settings.password { inventory.secrets.append(password.reveal()) }
    }
    return inventory
  }

  private func adminKey() throws(ResolveRun.Stop) -> String? {
    var key = session.environment["GATECHECK_ADMIN_KEY"]
    if let file = arguments.adminKeyFile {
      do throws(FileError) { key = String(decoding: try InputFile.contents(file), as: UTF8.self) } catch {
        throw ResolveRun.Stop(finding: error.finding)
      }
    }
    return key.map { String($0.filter { !$0.isWhitespace }) }
  }
}
