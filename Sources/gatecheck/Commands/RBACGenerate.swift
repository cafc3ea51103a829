import APISIX
import ArgumentParser
import Findings
import Glibc
import JSON
import Kubernetes
import Lint

struct RBACCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rbac", abstract: "What APISIX needs in the cluster: account, role, binding, token.",
    subcommands: [RBACGenerate.self])
}

struct RBACGenerate: Command {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Prints the ServiceAccount, ClusterRole, ClusterRoleBinding and token Secret that APISIX needs.")

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

  @Flag(help: "Add the token Secret whatever the release.")
  var tokenSecret = false

  @Option(
    help: ArgumentHelp("Derive what is needed from APISIX's config.yaml.", valueName: "file"), completion: .file())
  var config: String?

  @Option(help: ArgumentHelp("A label for every object. Repeatable.", valueName: "key=value"))
  var label: [String] = []

  @Option(help: ArgumentHelp("An annotation for every object. Repeatable.", valueName: "key=value"))
  var annotation: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("yaml or json.", valueName: "format"))
  var output: ManifestFormat = .yaml

  @Option(help: ArgumentHelp("Write one file an object into this folder.", valueName: "dir"))
  var outputDir: String?

  @OptionGroup var release: ReleaseOptions
  @OptionGroup var terminal: TerminalOptions

  func validate() throws {
    // Checked here because ArgumentParser takes a value it cannot read for none at all.
    if let watchEndpointSlices, SliceRights(rawValue: watchEndpointSlices) == nil {
      throw ValidationError("--watch-endpoint-slices stands alone, or is =both, not '\(watchEndpointSlices)'.")
    }
    if let kubernetesVersion, Self.minor(kubernetesVersion) == nil {
      throw ValidationError("--kubernetes-version wants a release such as 1.24, not '\(kubernetesVersion)'.")
    }
    for pair in label + annotation where !pair.contains("=") {
      throw ValidationError("'\(pair)' wants the form key=value.")
    }
  }

  func perform(in session: Session) -> ExitStatus {
    var watches: RBACOptions.Watches =
      switch watchEndpointSlices.flatMap(SliceRights.init(rawValue:)) {
      case nil: .endpoints
      case .only: .endpointSlices
      case .both: .both
      }
    if let config, watchEndpointSlices == nil {
      switch derived(from: config, session) {
      case .success(let found): watches = found
      case .failure(let end): return end.status
      }
    }
    let options = RBACOptions(
      name: name, namespace: namespace, clusterRole: clusterRole, clusterRoleBinding: clusterRoleBinding,
      secretName: secretName, watches: watches, minimal: minimal, includeSecret: tokenSecret || wantsSecret,
      labels: Self.pairs(label), annotations: Self.pairs(annotation))
    let manifests: RBACManifests
    do throws(RBACOptions.Problem) { manifests = try RBACManifests(options) } catch {
      for problem in options.problems() { session.notices.write("gatecheck: \(problem.message)\n") }
      return .usage
    }
    if let outputDir { return write(manifests, to: outputDir, session) }
    switch output {
    case .yaml: session.output.write(manifests.yaml)
    case .json:
      guard let json = try? manifests.json() else { return .unfinished }
      session.output.write(json.text(pretty: true) + "\n")
    }
    return .passed
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

  private struct End: Error { let status: ExitStatus }

  /// What the configuration, as that release reads it, will ask the API server for.
  private func derived(from path: String, _ session: Session) -> Result<RBACOptions.Watches, End> {
    do throws(FileError) {
      guard let bytes = try InputFile(path: path, origin: .named).read() else {
        return .failure(End(status: .unfinished))
      }
      let choice: ReleaseChoice
      do { choice = try release.choice() } catch {
        session.notices.write("gatecheck: \(error)\n")
        return .failure(End(status: .usage))
      }
      let verdict = judge(bytes, Conditions(release: choice.release))
      guard let kubernetes = verdict.discovery?["kubernetes"], kubernetes.table != nil else {
        session.notices.write("gatecheck: \(terminalSafe(path)) has no discovery.kubernetes\n")
        return .failure(End(status: .failed))
      }
      let clusters = kubernetes.items ?? [kubernetes]
      let slices = clusters.map { $0["watch_endpoint_slices"]?.bool == true }
      guard slices.contains(true), choice.release >= Release(3, 9) else { return .success(.endpoints) }
      // From 3.9 to 3.13 the flag does nothing; both, so that an upgrade needs no second look.
      if choice.release < Release(3, 14) || slices.contains(false) { return .success(.both) }
      return .success(.endpointSlices)
    } catch {
      session.notices.write("gatecheck: \(error.finding.message)\n")
      return .failure(End(status: .unfinished))
    }
  }

  private func write(_ manifests: RBACManifests, to folder: String, _ session: Session) -> ExitStatus {
    if mkdir(folder, 0o755) != 0, errno != EEXIST {
      session.notices.write("gatecheck: cannot make \(terminalSafe(folder)): \(String(cString: strerror(errno)))\n")
      return .unfinished
    }
    for file in manifests.files {
      let json = output == .json
      let path = "\(folder)/\(json ? file.name.replacingSuffix(".yaml", with: ".json") : file.name)"
      guard let text = json ? Self.json(file.text) : file.text else { return .unfinished }
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else {
        session.notices.write("gatecheck: cannot write \(terminalSafe(path)): \(String(cString: strerror(errno)))\n")
        return .unfinished
      }
      Output(descriptor: descriptor).write(text)
      close(descriptor)
      session.notice("wrote \(path)", terminal)
    }
    return .passed
  }

  private static func json(_ yaml: String) -> String? {
    RBACManifests.json(ofDocument: yaml).map { $0.text(pretty: true) + "\n" }
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}

enum SliceRights: String {
  case only = "true"
  case both
}

enum ManifestFormat: String, ExpressibleByArgument, CaseIterable { case yaml, json }
