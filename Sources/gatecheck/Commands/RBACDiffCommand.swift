import Findings
import Inputs
import Kubernetes
import Probes

struct RBACDiffCommand: Command {
  static let name = "rbac diff"
  static let abstract =
    "The objects of rbac generate against those in the cluster: 0 when they are the same, 1 when they differ."
  static let discussion = "It takes the options of rbac generate. Nothing is changed."

  var manifests = ManifestFlags()
  var config = ConfigFlags()
  var connection = AccessOptions()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var flags: [Parameter<Self>] {
    ManifestFlags.flags(at: \.manifests) + ConfigFlags.flags(at: \.config)
      + AccessOptions.flags(at: \.connection) + SelectionFlags.flags(at: \.selection)
      + OutputFlags.flags(at: \.output)
  }

  func validate() throws(Mistake) {
    try connection.validate()
    try manifests.validate()
  }

  func perform(in session: Session) -> ExitStatus {
    let context = session.context(timeout: connection.timeout, verbose: output.terminal.verbose)
    var access: AccessOptions
    let objects: RBACManifests
    do {
      try selection.selection(nil).check(against: rules)
      try OutputFile.check(output.files)
      access = try connection.with(config, reading: context.read)
      var watches = manifests.watches
      if watches == nil, let path = access.config {
        let derived = try DerivedWatches(
          config: path, cluster: access.cluster, release: access.release, reading: context.read)
        watches = derived.together
      }
      objects = try RBACManifests(manifests.options(watches ?? .endpoints))
    } catch let problem as RBACOptions.Problem {
      return session.refuse(Mistake(problem.message), "rbac diff", output.plan)
    } catch { return session.refuse(error, "rbac diff", output.plan) }
    // With a kubeconfig it is its user who looks; the configuration only says what is needed.
    if access.kubeconfig != nil || access.context != nil { access.config = nil }
    let plan = session.plan(access, context, output.terminal)
    let answer = session.waiting(context, output.terminal, RBACDiffQuestion(objects, plan).ask)
    return session.finish(
      "rbac diff", access, plan.findings + answer.findings, preface: answer.preface, sources: plan.sources,
      secrets: plan.secrets, selection, output)
  }
}
