import APISIX
import Findings
import HTTP
import Inputs
import Lint
import Probes

struct RBACVerifyCommand: Command {
  static let name = "rbac verify"
  static let abstract =
    "Whether an identity holds exactly what APISIX needs: what is missing, what is too much, what mends it."
  static let discussion = """
    Whose: the token of --config or --token-file, the kubeconfig's own, or with a kubeconfig any user: \
    --as system:serviceaccount:NAMESPACE:NAME. With an administrator's kubeconfig beside it the chain of binding, \
    role and rule is shown. Nothing is changed.
    """

  var watchEndpointSlices: SliceRights?
  var manifest: String?
  var config = ConfigFlags()
  var connection = ConnectionFlags()
  var selection = SelectionFlags()
  var output = OutputFlags()

  static var parameters: [Parameter<Self>] {
    [
      Parameter(
        "watch-endpoint-slices", \.watchEndpointSlices, "both",
        "Judge by EndpointSlices in place of what --config says; =both for both.", alone: .only),
      Parameter("manifest", \.manifest, "file", "Write the objects that mend it to this file, for kubectl apply."),
    ] + ConfigFlags.parameters(at: \.config) + ConnectionFlags.parameters(at: \.connection)
      + SelectionFlags.parameters(at: \.selection) + OutputFlags.parameters(at: \.output)
  }

  func validate() throws(Mistake) { try connection.validate() }

  func perform(in session: Session) -> ExitStatus {
    var access: AccessOptions
    let selection = selection.selection(nil)
    var needs: APIResourceChoice? = watchEndpointSlices.map { $0 == .both ? .both : .endpointSlices }
    do {
      try selection.check(against: rules)
      access = try AccessOptions(config, connection)
      if access.impersonate != nil, let path = access.config {
        // Who is meant is the user of --as, whom only a kubeconfig may act as; the configuration says what it needs.
        let derived = try DerivedWatches(config: path, cluster: access.cluster, release: access.release)
        if needs == nil { needs = derived.together.choice(access.release) }
        access.config = nil
      }
    } catch { return session.refuse(error, "rbac verify", output.plan) }
    access.looksForConfig = access.impersonate == nil
    let deadline = ContinuousClock.now + .milliseconds(Int64(connection.timeout * 1000))
    let plan = AccessPlan(access, Surroundings(environment: session.environment.all))
    let trace = session.follow(plan, output.terminal)
    let http = HTTPClient(deadline: deadline) { Signals.wasInterrupted }
    let result = RBACVerify(plan, needs: needs, http: http, now: session.now, trace: trace)
    if let manifest, let text = result.manifest {
      guard session.save(text, to: manifest) else { return .unfinished }
      session.notice("wrote \(manifest)", output.terminal)
    }
    let report = Report(
      command: "rbac verify", version: Version.current, preface: result.preface,
      findings: selection.apply(to: plan.findings + result.findings), members: result.members,
      sources: plan.sources, secrets: plan.secrets, order: .asGiven)
    return session.finish(report, output, selection: selection, exitZero: self.selection.exitZero)
  }
}
