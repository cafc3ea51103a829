import Findings
import Kubernetes

/// What kubectl would use here, found in the order of interface.md.
struct KubeconfigChoice {
  let access: ClusterAccess
  /// `--kubeconfig FILE`, `KUBECONFIG`, `the cluster around this pod`, `~/.kube/config`
  let origin: String
  /// Whether a flag named it, so that its credentials may go to another server, as kubectl sends them.
  let isExplicit: Bool

  var server: ServerURL? { ServerURL(access.server) }
}

extension KubeconfigChoice {
  /// Nil where there is nothing to choose from.
  static func find(_ options: AccessOptions, _ context: Context) throws(KubeconfigError) -> KubeconfigChoice? {
    let environment = context.environment
    func choice(_ config: Kubeconfig, _ origin: String, isExplicit: Bool) throws(KubeconfigError) -> KubeconfigChoice {
      KubeconfigChoice(
        access: try config.access(context: options.context, read: context.contents), origin: origin,
        isExplicit: isExplicit || options.context != nil)
    }
    if let file = options.kubeconfig {
      let config = try Kubeconfig.load(file: file, read: context.contents)
      return try choice(config, "--kubeconfig \(file)", isExplicit: true)
    }
    if let list = environment["KUBECONFIG"], !list.isEmpty {
      let config = try Kubeconfig.load(list: list, read: context.contents)
      if !config.isEmpty { return try choice(config, "KUBECONFIG", isExplicit: false) }
    }
    if options.context == nil, environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false,
      let access = try? ClusterAccess.inCluster(environment: { environment[$0] }, read: context.contents)
    {
      return KubeconfigChoice(access: access, origin: "the cluster around this pod", isExplicit: false)
    }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    let config = try Kubeconfig.load(list: "\(home)/.kube/config", read: context.contents)
    return config.isEmpty ? nil : try choice(config, "~/.kube/config", isExplicit: false)
  }
}

extension KubeconfigError {
  /// For people; ends with status 3.
  var finding: Finding {
    Finding(
      rule: KubeconfigRules.invalid, message: place == nil ? "kubeconfig: \(message)" : message, file: place?.file,
      range: place?.range)
  }
}
