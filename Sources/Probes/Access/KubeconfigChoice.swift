public import Findings
import Kubernetes
import Synchronization

/// What kubectl would use here, found as `origin` lists it.
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
    if let (config, origin) = try named(options, context) {
      return try choice(config, origin, isExplicit: options.kubeconfig != nil)
    }
    if options.context == nil, environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false,
      let access = try? ClusterAccess.inCluster(environment: { environment[$0] }, read: context.contents)
    {
      return KubeconfigChoice(access: access, origin: "the cluster around this pod", isExplicit: false)
    }
    guard let config = try atHome(context) else { return nil }
    return try choice(config, "~/.kube/config", isExplicit: false)
  }
}

extension AccessOptions {
  /// The contexts that there are to choose from; none where no kubeconfig can be read.
  public func contexts(in context: Context) -> [String] {
    let config = try? KubeconfigChoice.named(self, context)?.config ?? KubeconfigChoice.atHome(context)
    return config?.contexts.map(\.name) ?? []
  }
}

extension KubeconfigChoice {
  /// That of the flag, else that of the variable, and what it is called.
  fileprivate static func named(
    _ options: AccessOptions, _ context: Context
  ) throws(KubeconfigError) -> (config: Kubeconfig, origin: String)? {
    if let file = options.kubeconfig {
      return (
        try Kubeconfig.load(file: file, read: context.contents, parse: context.kubeconfigs.parsed),
        "--kubeconfig \(file)"
      )
    }
    guard let list = context.environment["KUBECONFIG"], !list.isEmpty else { return nil }
    let config = try Kubeconfig.load(list: list, read: context.contents, parse: context.kubeconfigs.parsed)
    return config.isEmpty ? nil : (config, "KUBECONFIG")
  }

  fileprivate static func atHome(_ context: Context) throws(KubeconfigError) -> Kubeconfig? {
    guard let home = context.environment["HOME"], !home.isEmpty else { return nil }
    let config = try Kubeconfig.load(
      list: "\(home)/.kube/config", read: context.contents, parse: context.kubeconfigs.parsed)
    return config.isEmpty ? nil : config
  }
}

/// What kubeconfigs say that were read already. That of a fleet is long, and each cluster asks for it several times.
final class KnownKubeconfigs: Sendable {
  private let all = Mutex<[String: (bytes: [UInt8], config: Kubeconfig)]>([:])

  func parsed(_ bytes: [UInt8], file: String) throws(KubeconfigError) -> Kubeconfig {
    try all.withLock { all throws(KubeconfigError) in
      if let known = all[file], known.bytes == bytes { return known.config }
      let config = try Kubeconfig.parse(bytes, file: file)
      all[file] = (bytes, config)
      return config
    }
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

/// The rules about the kubeconfig.
public enum KubeconfigRules {
  public static let all = [invalid, execFailed]

  public static let invalid: Rule = """
    kubeconfig/invalid (error): The kubeconfig cannot be used
    Checks: What kubectl checks in a kubeconfig: its YAML, the context, the cluster and user it names, their files.
    Why: kubectl refuses it too. Nothing was asked; the command ends with status 3.
    Example: gatecheck token verify --kubeconfig admin.conf --context nowhere
    Fix: kubectl config get-contexts --kubeconfig FILE lists what there is.
    """

  public static let execFailed: Rule = """
    kubeconfig/exec-failed (error): The program that the kubeconfig gets its credential from gave none
    Checks: The `exec` entry of the context's user: that its command is there, ends within --timeout with status 0, \
    and prints an ExecCredential of the version that the kubeconfig asks for.
    Why: kubectl gets no credential from it either. Nothing was asked; the command ends with status 3.
    Example:
    exec:
      command: aws
    Fix: Run the command by hand, or give the token itself: --token-file FILE.
    """
}
