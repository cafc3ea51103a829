import APISIX
public import Findings
import Kubernetes
import Probes

extension Installation {
  /// Whether it is to be looked for in a cluster: nothing else says where it is.
  var isToBeFound: Bool {
    configName == nil && namesCluster && access.tokenFile == nil && access.impersonate == nil && mounted == nil
  }

  /// The installations of the cluster, with what came of looking for them; this one where there is none.
  func found(in context: Context) -> (CheckResult, [Installation]) {
    var result = CheckResult(category: .configuration, name: "the cluster runs APISIX")
    let answer = InstallationSearch(access).ask(in: context)
    result.findings = answer.findings
    result.isUnanswered = answer.isUnanswered
    guard !answer.found.isEmpty else {
      if !answer.findings.hasErrors { result.findings.append(ClusterRules.none) }
      return (result, answer.isUnanswered ? [] : [self])
    }
    return (result, answer.found.map(one))
  }

  /// As whom and with what it runs.
  private func one(_ found: InstallationSearch.Found) -> Installation {
    var one = self
    one.name = found.workload.shown
    if access.givenRelease == nil, let release = found.release {
      one.access.release = release
      one.access.givenRelease = release.description
    }
    one.mounted = found.config
    // Of a Secret nothing is read: what hangs on its value is not judged.
    one.variables = found.hasSecrets ? .unknown : .known(found.variables)
    one.access.impersonate = found.workload.account.username
    return one
  }
}

/// The rules of what is looked for in a cluster.
public enum ClusterRules {
  public static let noGateway: Rule = """
    cluster/no-gateway (warning): Nothing in the cluster runs APISIX
    Checks: Whether a Deployment, DaemonSet or StatefulSet has an image with `apisix` in its name; those of the \
    dashboard, the ingress controller and etcd are not meant.
    Why: Then it is not known with which configuration and as which account APISIX runs.
    Example: an image of another name, or an APISIX outside of the cluster
    Fix: Name its configuration: gatecheck doctor --config config.yaml --kubeconfig FILE
    """

  static let none = Finding(
    rule: noGateway, message: "no Deployment, DaemonSet or StatefulSet has an image of APISIX",
    help: "where APISIX runs elsewhere, or by another name, name its configuration: --config FILE")
}
