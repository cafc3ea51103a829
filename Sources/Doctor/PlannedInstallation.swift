import APISIX
import Kubernetes
import Probes
import SourceText
import YAML

/// An APISIX that is still to be installed: the account that `rbac generate` would make for it.
public struct PlannedInstallation: Sendable {
  /// As they were given; nil: those of the token, else those that `rbac generate` takes.
  public var name, namespace: String?

  public init(name: String? = nil, namespace: String? = nil) { (self.name, self.namespace) = (name, namespace) }

  /// - Parameter target: whose token may be of an account.
  func account(of target: Target?) -> ServiceAccount {
    let own = target?.token?.text.jwt?.serviceAccount
    let usual = RBACOptions()
    return ServiceAccount(
      namespace: namespace ?? own?.namespace ?? usual.namespace, name: name ?? own?.name ?? usual.name)
  }
}

extension Installation {
  /// Where it is still to be installed and has no token, what the user of a kubeconfig sees of its cluster stands for
  /// what it would see.
  func planned(_ judged: JudgedConfig?, in context: Context) -> Installation {
    guard let plan, namesCluster, access.impersonate == nil, access.tokenFile == nil else { return self }
    if let config = judged?.config {
      let targets = access.plan(in: context, config: config).targets
      if !targets.isEmpty, targets.allSatisfy({ $0.token != nil }) { return self }
    }
    var planned = self
    planned.account = plan.account(of: nil)
    planned.access.config = nil
    // It is read already.
    if let config = judged?.config {
      planned.mounted = (config.path, String(decoding: config.tree.text.bytes, as: UTF8.self))
    }
    return planned
  }
}
