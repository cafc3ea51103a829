import Findings
import Inputs
import Kubernetes
import Probes

struct RBACVerifyCommand: Command {
  static let name = "rbac verify"
  static let abstract =
    "Whether an identity holds exactly what APISIX needs: what is missing, what is too much, what fixes it."
  static let discussion = """
    Whose: the token of --config or --token-file, the kubeconfig's own, or with a kubeconfig any ServiceAccount: \
    --name NAME --namespace NAMESPACE; --as USER for others. With an administrator's kubeconfig beside it the chain of \
    binding, role and rule is shown. Nothing is changed.
    """

  var name: String?
  var namespace: String?
  var watchEndpointSlices: SliceRights?
  var manifest: String?
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    [
      Parameter("name", \.name, "name", "The ServiceAccount whose rights are looked at, by the kubeconfig."),
      Parameter("namespace", short: "n", \.namespace, "name", "The ServiceAccount's namespace; default without it."),
      Parameter(
        "watch-endpoint-slices", \.watchEndpointSlices, "both",
        "Judge by EndpointSlices in place of what --config says; =both for both.", alone: .only),
      Parameter(
        "manifest", \.manifest, "file",
        "Write the objects that fix it to this file, - for standard output: for kubectl apply.", completion: .files()),
    ] + ConfigFlags.flags(at: \.config) + AccessOptions.flags(at: \.connection)
      + SelectionFlags.flags(at: \.selection) + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    if name != nil, connection.impersonate != nil { throw Mistake("--name and --as exclude each other.") }
    if namespace != nil, name == nil { throw Mistake("--namespace is that of the ServiceAccount: add --name NAME.") }
  }

  func perform(in session: Session) -> ExitStatus {
    let session = manifest == "-" ? session.aside : session
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    var access: AccessOptions
    var needs: RBACOptions.Watches? = watchEndpointSlices.map { $0 == .both ? .both : .endpointSlices }
    do {
      try selection.selection(nil).check(against: rules)
      if let manifest, manifest != "-", !RBACManifests.mayReplace(manifest) {
        throw Mistake(
          "\(terminalSafe(manifest)) holds something else than RBAC objects, which would be lost; name a new file")
      }
      try OutputFile.check(output.files + [manifest].compactMap { $0 })
      access = try connection.with(config, reading: context.read)
      if let name {
        access.impersonate = ServiceAccount(namespace: namespace ?? RBACOptions().namespace, name: name).username
      }
      if access.impersonate != nil, let path = access.config {
        // Who is meant is the user of --as, whom only a kubeconfig may act as; the configuration says what it needs.
        let derived = try DerivedWatches(
          config: path, cluster: access.cluster, release: access.release, reading: context.read)
        if needs == nil { needs = derived.needed }
        access.config = nil
      }
    } catch { return session.refuse(error, "rbac verify", output.plan, members: RBACAnswer.empty) }
    access.looksForConfig = access.impersonate == nil
    let plan = session.plan(access, context, output.terminal)
    let answer = session.waiting(context, output.terminal, RBACQuestion(plan, needs: needs).ask)
    if let manifest, let text = answer.manifest {
      guard session.save(text, to: manifest) else { return .unfinished }
      if manifest != "-" { session.notice("wrote \(manifest)", output.terminal) }
    }
    return session.finish(
      "rbac verify", access, plan.findings + answer.findings, preface: answer.preface, members: answer.members,
      sources: plan.sources, secrets: plan.secrets, selection, output)
  }
}
