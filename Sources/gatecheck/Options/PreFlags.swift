import Doctor
import Kubernetes

/// What is to be installed.
struct PreFlags: Flags {
  var pre = false
  var name: String?
  var namespace: String?

  static var flags: [Parameter<Self>] {
    [
      Parameter("pre", \.pre, "Before APISIX is installed: whether it will work. No running gateway is looked at."),
      Parameter("name", \.name, "name", "With --pre: the ServiceAccount that APISIX is to have."),
      Parameter("namespace", short: "n", \.namespace, "name", "With --pre: the ServiceAccount's namespace."),
    ]
  }

  func validate() throws(Mistake) {
    guard name != nil || namespace != nil else { return }
    guard pre else { throw Mistake("--name and --namespace go with --pre.") }
    let usual = RBACOptions()
    let account = RBACOptions(
      name: name ?? usual.name, namespace: namespace ?? usual.namespace, includeSecret: false)
    if let problem = account.problems().first { throw Mistake("\(problem.message).") }
  }

  /// Nil where it runs already.
  var plan: PlannedInstallation? { pre ? PlannedInstallation(name: name, namespace: namespace) : nil }
}
