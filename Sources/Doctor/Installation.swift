import APISIX
public import Findings
import Inputs
import Kubernetes
import Lint
public import Probes

/// What there is of one APISIX to look at.
public struct Installation: Sendable {
  public var access = AccessOptions()
  /// Where its upstreams stand.
  public var sources = UpstreamSources()
  /// apisix-seed's ZooKeeper, where one writes its upstreams.
  public var seed = SeedOptions()
  /// Its control API.
  public var control: String?
  /// Its error.log, in one file or several.
  public var logs: [String] = []
  /// What they hold, where they are no files.
  var logText: [UInt8]?
  /// As a cluster has it.
  var found: InstallationSearch.Found?
  /// Of one request its path, and its host; nil for none.
  public var request: (uri: String, host: String?)?
  /// Whether the nodes are connected to; nil: not.
  public var probe: NodeProbe.Depth?
  /// It is still to be installed, by names that may be given; nil: it runs.
  public var plan: PlannedInstallation?
  /// Its account, where that has no token yet and a kubeconfig shows whether it is there.
  var account: ServiceAccount?
  /// Its config.yaml, where that is no file: what it is called, and its text.
  var mounted: (name: String, text: String)?
  /// The variables with which it starts, where a cluster says them.
  var variables: APISIX.Environment?
  /// Every rule that there is.
  let catalogue: @Sendable () -> Catalogue

  public init(_ catalogue: @escaping @Sendable () -> Catalogue) { self.catalogue = catalogue }

  /// Whether an API server is meant, though no config.yaml says so.
  var namesCluster: Bool { access.kubeconfig != nil || access.context != nil || access.server != nil }

  func conditions(in context: Context) -> Conditions {
    var conditions = access.conditions(in: context)
    conditions.isReleaseSaid = access.givenRelease != nil
    if let variables { conditions.environment = variables }
    // This shell's are not those of a pod that is still to be made.
    if plan != nil, namesCluster, access.variables == nil { conditions.environment = .unknown }
    if access.root != nil { conditions.files = HostFiles(root: access.root).lookup }
    return conditions
  }

  /// What its config.yaml is called; nil where there is none.
  var configName: String? { access.config ?? mounted?.name }

  /// With what stands in no file.
  func reading(_ context: Context) -> Context {
    guard let mounted else { return context }
    var context = context
    let files = context.files
    context.files = { path, patience throws(FileError) in
      path == mounted.name ? Array(mounted.text.utf8) : try files(path, patience)
    }
    return context
  }

  func shown(_ url: String) -> String { URLText(url).withoutUser }

  // MARK: - Questions

  /// Where the upstreams are looked for.
  private func places(_ config: DiscoveryConfig?) -> UpstreamSources {
    var places = sources
    if places.admin != nil || !places.referenced.isEmpty { return places }
    if let control { places.referenced = [control] } else if config?.namesEtcd == true { places.etcd = "" }
    return places
  }

  /// Whether anything says where its upstreams are.
  func hasSources(_ config: DiscoveryConfig?) -> Bool { !places(config).isEmpty }

  var upstreamPlace: String? {
    sources.admin.map { "the Admin API at \(shown($0))" } ?? sources.referenced.first
      ?? control.map { "the upstreams at \(shown($0))" }
  }

  private func question(_ config: DiscoveryConfig?) -> ResolveQuestion {
    var question = ResolveQuestion()
    question.access = access
    question.sources = places(config)
    question.keepsNodes = control != nil || probe != nil || request != nil
    return question
  }

  /// nil where nothing names a source.
  func inventory(
    _ config: DiscoveryConfig?, in context: Context
  ) throws(Unmet) -> Result<Inventory, ResolveQuestion.Stop>? {
    do throws(ResolveQuestion.Stop) {
      return try question(config).inventory(config, in: context).map { .success($0) }
    } catch { return .failure(error) }
  }

  /// What a registry has; nil where the findings say why there is no answer.
  func services(
    of kind: RegistryKind, for inventory: Inventory?, _ config: DiscoveryConfig?, in context: Context
  ) -> (ResolveAnswer?, [Finding]) {
    do throws(ResolveQuestion.Stop) {
      return (try question(config).services(of: kind, for: inventory, config, in: context), [])
    } catch { return (nil, error.findings) }
  }

  func judged(
    _ answer: ResolveAnswer, of kind: RegistryKind, for inventory: Inventory, _ config: DiscoveryConfig?,
    in context: Context
  ) -> ResolveAnswer {
    do throws(ResolveQuestion.Stop) {
      return try question(config).judged(answer, of: kind, for: inventory, config, in: context)
    } catch {
      var answer = answer
      answer.add(error)
      return answer
    }
  }

  /// What an administrator sees of the services where APISIX sees none; nil where that is not to be had either, or says
  /// nothing more.
  func seen(
    of kind: RegistryKind, for inventory: Inventory, _ config: DiscoveryConfig?, in context: Context
  ) -> ResolveAnswer? {
    guard access.kubeconfig != nil else { return nil }
    var administrator = self
    administrator.access.asAdministrator = true
    let (listed, _) = administrator.services(of: kind, for: inventory, config, in: context)
    guard var listed, !listed.findings.hasErrors else { return nil }
    listed.forgetFindings()
    let judged = administrator.judged(listed, of: kind, for: inventory, config, in: context)
    return judged.findings.isEmpty ? nil : judged
  }

  func dump(_ control: String, _ kind: RegistryKind, in context: Context) throws(Finding) -> DiscoveryDump {
    try question(nil).dump(control, kind, context)
  }

  private static func isFile(_ name: String) -> Bool {
    !name.hasPrefix("http://") && !name.hasPrefix("https://") && name != UpstreamSources.cluster
  }

  /// Those with its routes.
  var routeFiles: [String] { sources.referenced.filter(Self.isFile) }

  /// What lint says of files, beside config.yaml.
  func lint(_ files: [String], in context: Context) -> LintResult {
    let named = files.filter(Self.isFile)
    let all = named + [configName].compactMap { $0 }
    let inputs = all.compactMap { path in
      context.contents(path).map { LintInput(path: path, bytes: $0, named: false) }
    }
    let conditions = conditions(in: context)
    var result = Linter(catalogue(), now: context.now()) { _ in conditions }.check(inputs)
    result.findings.removeAll { $0.file.map { !named.contains($0) } ?? true }
    return result
  }
}
