import Findings
import HTTP
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
  var connection = ConnectionFlags()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var parameters: [Parameter<Self>] {
    ManifestFlags.parameters(at: \.manifests) + ConfigFlags.parameters(at: \.config)
      + ConnectionFlags.parameters(at: \.connection) + SelectionFlags.parameters(at: \.selection)
      + OutputFlags.parameters(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    let selection = selection.selection(nil)
    var access: AccessOptions
    let objects: RBACManifests
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config, connection)
      var watches = manifests.watches
      if watches == nil, let path = access.config {
        watches = try DerivedWatches(config: path, cluster: access.cluster, release: access.release).together
      }
      objects = try RBACManifests(manifests.options(watches ?? .endpoints))
    } catch let problem as RBACOptions.Problem {
      return session.refuse(Mistake(problem.message), "rbac diff", output.plan)
    } catch { return session.refuse(error, "rbac diff", output.plan) }
    // With a kubeconfig it is its user who looks; the configuration only says what is needed.
    if access.kubeconfig != nil || access.context != nil { access.config = nil }
    let deadline = ContinuousClock.now + .milliseconds(Int64(connection.timeout * 1000))
    let plan = AccessPlan(access, Surroundings(environment: session.environment.all))
    let trace = session.follow(plan, output.terminal)
    let http = HTTPClient(deadline: deadline) { Signals.wasInterrupted }
    let diffs = plan.targets.map { RBACDiff(objects, $0, http: http, now: session.now, trace: trace) }
    let report = Report(
      command: "rbac diff", version: Version.current, preface: diffs.flatMap(\.preface),
      findings: selection.apply(to: plan.findings + diffs.flatMap(\.findings)), sources: plan.sources,
      secrets: plan.secrets, order: .asGiven)
    return session.finish(report, output, selection: selection, exitZero: self.selection.exitZero)
  }
}
