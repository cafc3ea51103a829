import APISIX
import Findings
import Inputs
import JSON
import Kubernetes
import Lint
import Probes

extension Check {
  /// Whether pods that run get the token that config.yaml reads: lint says it, as of their manifests.
  static func podsHaveToken(
    _ found: InstallationSearch.Found, _ installation: Installation, _ judged: JudgedConfig
  ) -> Check {
    Check(.credentials, "the pods get the token that \(judged.config.path) reads") { context throws(Unmet) in
      guard judged.registries.contains(.kubernetes) else { throw .skipped("it asks no API server") }
      var outcome = Outcome(installation.podFindings(found, in: context) + found.misdirected(judged.config))
      let tokens = found.workload.tokens.map(\.shown)
      if !tokens.isEmpty { outcome.detail = tokens.joined(separator: "; ") }
      return outcome
    }
  }
}

extension InstallationSearch.Found {
  /// Of the token that its own cluster's API server is shown: whether it is for somebody else.
  fileprivate func misdirected(_ config: DiscoveryConfig) -> [Finding] {
    let own = Set(
      ((try? config.clusters()) ?? []).filter {
        $0["client", "token"] == nil
          && ["KUBERNETES_SERVICE_HOST", "kubernetes.default.svc"].contains(text($0.read("service", "host")))
      }.map { text($0.read("client", "token_file")) })
    return workload.tokens.compactMap { token in
      guard own.contains(token.path), let audience = token.audience, audience != issuer, !JWT.isServers(audience)
      else { return nil }
      return Finding(
        rule: TokenVerifyRules.wrongAudience, severity: .warning,
        message: "the pods' token at \(token.path) is for \(SecretPatterns.quoted(audience)); the API server"
          + "\(issuer.map { ", which is \($0)," } ?? "") answers 401 to what is not for it",
        file: workload.shown, help: "leave audience out of the projected volume")
    }
  }

  /// What a setting says, or the variable that says it where its value is not known.
  private func text(_ reading: Reading?) -> String {
    switch reading {
    case .text(let text), .unknown(let text): text
    case .unset, nil: ""
    }
  }
}

extension Installation {
  fileprivate func podFindings(_ found: InstallationSearch.Found, in context: Context) -> [Finding] {
    let text = found.objects.map { $0.text() }.joined(separator: "\n---\n")
    let input = LintInput(path: "\(found.workload.name).yaml", bytes: Array(text.utf8), named: true)
    let conditions = conditions(in: context)
    let linter = Linter(catalogue(), now: context.now(), kind: .kubernetes) { _ in conditions }
    // Of its line nobody would find anything: it stands in no file.
    let rules = ["manifest/token-not-mounted", "manifest/token-path"]
    return linter.check([input]).findings.filter { rules.contains($0.rule.id) }
      .map { $0.moved(to: found.workload.shown, nil, path: $0.path) }
  }
}
