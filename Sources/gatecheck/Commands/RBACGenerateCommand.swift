import Findings
import Inputs
import JSON
import Kubernetes
import Lint
import Probes

struct RBACGenerateCommand: Command {
  static let name = "rbac generate"
  static let abstract =
    "Prints the ServiceAccount, ClusterRole, ClusterRoleBinding and token Secret that APISIX needs."

  var manifests = ManifestFlags()
  var config: String?
  var cluster: String?
  var output = ManifestFormat.yaml
  var form = ManifestForm.manifests
  var projected = false
  var outputDir: String?
  var release = ReleaseFlags()
  var terminal = TerminalFlags()

  static var flags: [Parameter<Self>] {
    ManifestFlags.flags(at: \.manifests) + [
      Parameter("config", \.config, "file", "Derive what is needed from APISIX's config.yaml.", completion: .yaml),
      Parameter("cluster", \.cluster, "id", "One cluster of a configuration with several."),
      Parameter("output", short: "o", \.output, "format", "How they are printed."),
      Parameter(
        "form", \.form, "form",
        "kustomize: with a kustomization.yaml, into --output-dir; helm: values for the chart apache/apisix."),
      Parameter(
        "projected", \.projected,
        "Print a patch instead that gives APISIX in the cluster a token that Kubernetes renews."),
      Parameter(
        "output-dir", \.outputDir, "dir",
        "Write one file an object into this folder; with --config and several clusters, one a cluster.",
        completion: .folders),
    ] + ReleaseFlags.flags(at: \.release) + TerminalFlags.flags(at: \.terminal)
  }

  func validate() throws(Mistake) {
    try manifests.validate()
    if form == .kustomize, outputDir == nil {
      throw Mistake("--form kustomize makes several files: add --output-dir DIR.")
    }
    if output == .json, form != .manifests || projected {
      throw Mistake("-o json is for manifests; --form and --projected give YAML.")
    }
    if projected, form != .manifests { throw Mistake("--projected and --form exclude each other.") }
  }

  func perform(in session: Session) -> ExitStatus {
    // Standard output is for kubectl.
    let aside = session.aside
    var watches = manifests.watches ?? .endpoints
    var clusters: [(id: String?, watches: RBACOptions.Watches)] = []
    do {
      if let config {
        let flags = ConfigFlags(config: config, cluster: cluster, release: release)
        let access = try AccessOptions().with(flags, reading: InputFile.contents)
        let derived = try DerivedWatches(
          config: config, cluster: cluster, release: access.release, reading: InputFile.contents)
        if manifests.watches == nil { watches = derived.together }
        clusters = derived.clusters.map { ($0.id, manifests.watches ?? $0.watches) }
        tellAccount(access, session)
      } else {
        try release.check()
      }
    } catch { return aside.refuse(error, Self.name) }
    // In the cluster APISIX gets its token from a volume, so no Secret is needed there.
    let options = manifests.options(watches, includeSecret: form == .helm || projected ? false : nil)
    let objects: RBACManifests
    do throws(RBACOptions.Problem) { objects = try RBACManifests(options) } catch {
      return aside.refuse(Mistake(options.problems().map(\.message).joined(separator: "\ngatecheck: ")))
    }
    if let kubernetes = manifests.kubernetesVersion, kubernetes.makesTokenSecrets, !options.includeSecret {
      session.notice(
        "Kubernetes \(kubernetes.text) makes the token's Secret itself; to read it, once this is applied: "
          + "gatecheck token create --name \(options.name) --namespace \(options.namespace) --output-file FILE",
        terminal)
    }
    var files: [RBACManifests.File]
    if clusters.count > 1, form == .manifests, !projected, outputDir != nil {
      files = clusters.compactMap { cluster in
        let text = try? RBACManifests(manifests.options(cluster.watches)).yaml
        return text.map { RBACManifests.File(name: "\(RBACManifests.File.name(of: cluster.id)).yaml", text: $0) }
      }
      guard Set(files.map(\.name)).count == clusters.count else {
        _ = aside.refuse(Mistake("the clusters' ids are not all different, and name no files"))
        return .failed
      }
    } else if projected {
      files = [RBACManifests.File(name: "projected-token.yaml", text: objects.projectedToken())]
    } else {
      switch form {
      case .manifests: files = objects.files
      case .kustomize: files = objects.kustomization
      case .helm: files = [RBACManifests.File(name: "values.yaml", text: objects.helmValues)]
      }
    }
    if output == .json { files = files.compactMap(\.json) }
    if let outputDir { return write(files, to: outputDir, session) }
    guard form == .manifests, !projected else {
      session.output.write(files.map(\.text).joined())
      return .passed
    }
    switch output {
    case .yaml: session.output.write(objects.yaml)
    case .json: session.output.write(objects.json.text(pretty: true) + "\n")
    }
    return .passed
  }

  /// Whose token the configuration has, where that is another account than the one that is made.
  private func tellAccount(_ access: AccessOptions, _ session: Session) {
    let answer = InspectQuestion(file: nil, access).ask(in: session.context(timeout: access.timeout, verbose: false))
    guard let config, let account = answer.items.lazy.compactMap({ $0.token.text.jwt?.serviceAccount }).first,
      (account.namespace, account.name) != (manifests.namespace, manifests.name)
    else { return }
    session.notice(
      "the token in \(config) is of \(account.namespace)/\(account.name), these objects are for "
        + "\(manifests.namespace)/\(manifests.name); for the token's account: --name \(account.name) "
        + "--namespace \(account.namespace)", terminal)
  }

  private func write(_ files: [RBACManifests.File], to folder: String, _ session: Session) -> ExitStatus {
    for file in files {
      let path = "\(folder)/\(file.name)"
      guard session.save(file.text, to: path, makingFolders: true) else { return .unfinished }
      session.notice("wrote \(path)", terminal)
    }
    return .passed
  }
}

enum ManifestFormat: String, FlagValue, CaseIterable { case yaml, json }
enum ManifestForm: String, FlagValue, CaseIterable { case manifests, kustomize, helm }
