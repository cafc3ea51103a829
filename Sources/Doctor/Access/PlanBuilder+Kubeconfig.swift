import Findings
import HTTP
import Kubernetes
import Lint
import Registries

/// What a kubeconfig lends.
extension PlanBuilder {
  /// Its context with the credential of its plugin, where it has one; nil when that gave none, which is a finding.
  mutating func credentials(of choice: KubeconfigChoice) -> ClusterAccess? {
    var access = choice.access
    guard let plugin = access.exec, access.token == nil else { return access }
    do throws(ExecRunner.Failure) {
      let outcome = try surroundings.exec.credential(
        plugin, for: access, environment: surroundings.environment, timeout: options.execTimeout,
        now: surroundings.now())
      plan.notices += outcome.words.map { "\(plugin.command): \($0)" }
      access.token = outcome.credential.token
      if let certificate = outcome.credential.clientCertificate { access.clientCertificate = certificate }
      if let key = outcome.credential.clientKey { access.clientKey = key }
      access.exec = nil
      return access
    } catch {
      let finding = Finding(
        rule: AccessRules.execPlugin,
        message: "the program \(plugin.command), which \(choice.origin) gets its credential from, \(error.message)",
        help: error.words.isEmpty ? "run it by hand, or give the token: --token-file FILE" : error.words.joined(separator: "\n"))
      if !plan.findings.contains(finding) { plan.findings.append(finding) }
      return nil
    }
  }

  /// The kubeconfig's own identity at its own server, where a flag asked for it.
  mutating func administrator() -> KubernetesConnection? {
    guard let kubeconfig, kubeconfig.isExplicit || options.impersonate != nil, let url = kubeconfig.server else {
      return nil
    }
    var own = options
    own.config = nil
    // The flags about trust are about the server that is asked.
    let isTarget = plan.targets.contains { ServerURL($0.connection.server)?.isSame(as: url) == true }
    if !isTarget {
      own.certificateAuthority = nil
      own.insecureSkipTLSVerify = false
    }
    let trust = try? TrustChoice.find(
      for: url, own, kubeconfig, tokenFile: nil, trustedCertificate: nil, surroundings)
    guard let trust, let access = credentials(of: kubeconfig) else { return nil }
    var connection = KubernetesConnection(
      server: url.text, tls: trust.settings, proxy: trust.proxy, requestTimeout: options.requestTimeout,
      allowPlainHTTP: options.allowPlainHTTP)
    _ = take(access, into: &connection)
    return connection
  }
}
