public import Findings
import SourceText

extension AccessOptions {
  /// What was found as people are told it: one cause is one error, and the commands ask the cluster that was asked.
  /// - Parameter from: the files of `--from`.
  public func told(_ findings: [Finding], from: [String] = []) -> [Finding] {
    let causes = findings.filter { $0.severity == .error && $0.rule.id.hasPrefix("token/") && $0.range != nil }
    return findings.compactMap { finding in
      // What is wrong with the token at which APISIX stops is why it stops.
      let isTold =
        finding.rule == ConfigRules.refused && causes.contains { $0.file == finding.file && $0.range == finding.range }
      return isTold ? nil : finding.withHelp(finding.help.map { addressed($0, from) })
    }
  }

  /// With the flags that lead each command to the same cluster.
  private func addressed(_ help: String, _ from: [String]) -> String {
    let cluster = Self.words([("kubeconfig", kubeconfig), ("context", context)])
    var way = Self.words([
      ("config", config), ("cluster", self.cluster), ("server", server), ("token-file", tokenFile),
      ("certificate-authority", certificateAuthority), ("as", impersonate), ("root", root),
      ("apisix-version", givenRelease),
    ])
    way += cluster + Self.words(from.map { ("from", $0) })
    if insecureSkipTLSVerify { way.append("--insecure-skip-tls-verify") }
    if allowPlainHTTP { way.append("--allow-plain-http") }
    if way.isEmpty { return help }
    return help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      for index in words.indices.reversed() {
        let rest = words[(index + 1)...]
        switch words[index] {
        case "kubectl" where Self.verbs.contains(rest.first ?? ""): words.insert(contentsOf: cluster, at: index + 1)
        case "gatecheck" where rest.first == "resolve": words.insert(contentsOf: way, at: index + 2)
        case "gatecheck" where rest.starts(with: ["token", "create"]):
          words.insert(contentsOf: cluster, at: index + 3)
        default: break
        }
      }
      return words.joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// What kubectl is told to do where its name begins a command, and not a sentence.
  private static let verbs: Set = [
    "-n", "apply", "cluster-info", "create", "delete", "describe", "get", "label", "patch", "replace",
  ]

  private static func words(_ flags: [(name: String, value: String?)]) -> [String] {
    flags.flatMap { flag in flag.value.map { ["--\(flag.name)", Shell.quoted($0)] } ?? [] }
  }
}
