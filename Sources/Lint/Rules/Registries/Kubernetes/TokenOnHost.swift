import APISIX
import Common
import Findings
import Inputs
import Kubernetes

/// The token that a variable or a file holds where APISIX runs, as far as that is known: it is judged as one in the
/// configuration is.
enum TokenOnHost {
  static func variable(_ text: String, at setting: Setting, of cluster: KubernetesCluster) -> [Finding] {
    guard case .text(let token) = cluster.context.conditions.environment.reading(text) else { return [] }
    return flaws(of: Array(token.utf8), in: "the variable \(text)", .variable, cluster).map { (flaw, message) in
      setting.finding(flaw.rule, severity: flaw.severityInFile, message, help: flaw.help)
    }
  }

  /// Where no token stands in the configuration.
  static func file(of cluster: KubernetesCluster) -> [Finding] {
    let conditions = cluster.context.conditions
    guard cluster["client", "token"] == nil, let written = cluster.tokenFile,
      case .text(let path) = conditions.environment.reading(written), case .content(let bytes) = conditions.files(path)
    else { return [] }
    let setting = cluster["client", "token_file"]
    return flaws(of: bytes, in: "the file \(quoted(path))", .file, cluster)
      .map { (flaw, message) in
        (setting ?? cluster.setting).finding(
          flaw.rule, severity: flaw.severityInFile, message, at: setting == nil ? cluster.setting.keyNode : nil,
          help: flaw.help)
      }
  }

  private static func flaws(
    of bytes: [UInt8], in place: String, _ source: TokenFlaw.Source, _ cluster: KubernetesCluster
  ) -> [(TokenFlaw, message: String)] {
    let token = TokenText(bytes)
    let fate = TokenReading(cluster.release).fate(of: bytes, meant: token.mended?.bytes, inline: false)
    // Another token may stand in a file before this one ends.
    let isRenewed = source == .file && cluster.release.has(.rereadsTokenFile)
    return TokenFlaw.all(of: token, source: source, release: cluster.release, now: cluster.context.now).filter { flaw in
      // An empty one is the matter of how APISIX starts.
      flaw.rule != TokenRules.empty && !(fate == .arrives && flaw.rule == TokenRules.whitespace)
        && !(isRenewed && flaw.rule == TokenRules.expiresSoon)
    }.map { ($0, "\(place): \($0.message)") }
  }
}

extension TokenFlaw {
  /// APISIX starts with it; only the API server can say what a token is worth that looks cut off.
  var severityInFile: Severity { rule == TokenRules.truncated ? .warning : severity }
}
