import Findings
import Kubernetes

/// What a kubeconfig lends.
extension PlanBuilder {
  /// Its context with the credential of its plugin, where it has one; nil when that gave none, which is a finding.
  mutating func credentials(of choice: KubeconfigChoice) -> ClusterAccess? {
    var access = choice.access
    guard let plugin = access.exec, access.token == nil else { return access }
    do throws(ExecRunner.Failure) {
      let outcome = try context.exec.credential(
        plugin, for: access, environment: context.environment, timeout: options.timeout, now: context.now())
      plan.notices += outcome.words.map { "\(plugin.command): \($0)" }
      access.token = outcome.credential.token
      if let certificate = outcome.credential.clientCertificate { access.clientCertificate = certificate }
      if let key = outcome.credential.clientKey { access.clientKey = key }
      access.exec = nil
      return access
    } catch {
      let finding = Finding(
        KubeconfigRules.execFailed,
        "the program \(plugin.command), which \(choice.origin) gets its credential from, \(error.message)",
        help: error.words.isEmpty
          ? "run it by hand, or give the token: --token-file FILE" : error.words.joined(separator: "\n"))
      if !plan.findings.contains(finding) { plan.findings.append(finding) }
      return nil
    }
  }
}
