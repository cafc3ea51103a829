import Common
import Findings
import Kubernetes
import Registries
import SourceText

/// Commands that put another token in the place of the one that was given.
extension Conversation {
  /// The account's own token, where that one came from a file.
  /// - Parameter secret: the Secret that it is taken from; nil: the account's.
  func renewal(of account: ServiceAccount, secret: String? = nil) -> String? {
    target.tokenHome?.renewal(of: account, secret: secret, cluster: target.id)
  }

  /// An account with the rights that APISIX needs, and its token.
  var newAccount: String {
    let account = ServiceAccount(namespace: "default", name: "apisix")
    return "make a ServiceAccount and its token:\n" + made(account).joined(separator: "\n")
  }

  /// The commands that make an account, its rights and its token.
  func made(_ account: ServiceAccount) -> [String] {
    var mend = RBACMend(
      needed: ["list", "watch"].map { AccessRequest($0, resource) }, user: account.username,
      objects: administrator?.objects)
    mend.makesSecret = true
    return [mend.command, renewal(of: account)].compactMap { $0 }
  }

  /// What takes the place of a token that is spoiled: its own text made right, else a new one.
  func cure(_ flaw: TokenFlaw) -> String? {
    if flaw.mends { return target.tokenHome?.mend }
    return target.token?.text.jwt?.serviceAccount.map { renewal(of: $0) } ?? newAccount
  }

  /// - Parameter result: what follows from it.
  func finding(_ flaw: TokenFlaw, severity: Severity? = nil, result: String = "") -> Finding {
    let severity = severity ?? flaw.severity
    let cure = severity == .error ? cure(flaw) : nil
    let message = flaw.namesAnswer ? flaw.message : flaw.message + result
    return finding(
      flaw.rule, severity: severity, message, at: target.token?.place,
      help: cure.map { flaw.namesCommand ? $0 : "\(flaw.help)\n\($0)" } ?? flaw.help)
  }
}

extension Target {
  /// The command that takes the token of its account anew.
  var renewal: String? { token.flatMap { tokenHome?.renewal(of: $0, cluster: id) } }
}

extension Target.TokenHome {
  /// The command that makes what stands there the token that it was meant to be.
  var mend: String {
    switch self {
    case .file(let path): "gatecheck token inspect \(Shell.quoted(path)) --unwrap \(Shell.quoted(path)) --exit-zero"
    case .config(let path): "gatecheck lint --fix \(Shell.quoted(path))"
    }
  }

  /// The command that puts a new token there of whose account this one is; nil where it does not say.
  func renewal(of token: GivenToken, cluster: String?) -> String? {
    token.text.jwt?.serviceAccount.map { renewal(of: $0, cluster: cluster) }
  }

  /// The command that puts a token of the account there.
  /// - Parameter cluster: the id of the one that is meant, where there are several.
  func renewal(of account: ServiceAccount, secret: String? = nil, cluster: String? = nil) -> String {
    var words = ["gatecheck", "token", "create", "--name", Shell.quoted(account.name)]
    words += ["--namespace", Shell.quoted(account.namespace)]
    if let secret { words += ["--secret-name", Shell.quoted(secret)] }
    words += ["--create-secret", "--confirm"]
    switch self {
    case .file(let path): words += ["--output-file", Shell.quoted(path)]
    case .config(let path):
      words += ["--into", Shell.quoted(path)] + (cluster.map { ["--cluster", Shell.quoted($0)] } ?? [])
    }
    return words.joined(separator: " ")
  }
}
