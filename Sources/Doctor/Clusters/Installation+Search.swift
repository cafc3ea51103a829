import APISIX
import Findings
import Kubernetes
import Probes

extension Installation {
  /// Whether it is to be looked for in a cluster: nothing else says where it is.
  var isToBeFound: Bool {
    plan == nil && configName == nil && namesCluster && access.tokenFile == nil && access.impersonate == nil
      && mounted == nil
  }

  /// What runs it, where a cluster says it: `Deployment apisix/gateway`.
  var name: String? { found.map { $0.workload.shown + ($0.workload.helm.map { " (\($0.shown))" } ?? "") } }

  /// Where a cluster has its logs, in place of files. Its own account has no right to them.
  var podLogs: PodLogs? {
    var administrator = access
    administrator.impersonate = nil
    return found.map { PodLogs(administrator, $0.workload) }
  }

  /// The installations of the cluster, with what came of looking for them; this one where there is none.
  func search(in context: Context) -> (CheckResult, [Installation]) {
    var result = CheckResult(category: .configuration, name: "the cluster runs APISIX")
    let answer = InstallationSearch(access).ask(in: context)
    result.findings = answer.findings
    result.isUnanswered = answer.isUnanswered
    let controllers = answer.controllers.map(\.shown).joined(separator: ", ")
    if !controllers.isEmpty { result.detail = "with the ingress controller \(controllers)" }
    guard !answer.found.isEmpty else {
      if !answer.findings.hasErrors { result.findings.append(ClusterRules.none) }
      return (result, answer.isUnanswered ? [] : [self])
    }
    return (result, answer.found.map(one))
  }

  /// As whom and with what it runs.
  private func one(_ found: InstallationSearch.Found) -> Installation {
    var one = self
    one.found = found
    if access.givenRelease == nil, let release = found.release {
      one.access.release = release
      one.access.givenRelease = release.description
    }
    one.mounted = found.config
    // Of a Secret nothing is read: what hangs on its value is not judged.
    one.variables = !found.unread.isEmpty ? .unknown : .known(found.variables)
    one.access.impersonate = found.workload.account.username
    return one
  }
}
