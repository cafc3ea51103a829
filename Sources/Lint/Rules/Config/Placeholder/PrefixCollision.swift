import APISIX
import Findings

enum PrefixCollision {
  static let rule: Rule = """
    placeholder/prefix-collision (warning, since 2.13.0): The name of one variable begins with the name of another
    Checks: That no name in `${NAME}` of the kubernetes section is the beginning of another one there.
    Why: Before 3.18 APISIX looked variables up by prefix: `KUBERNETES_CLIENT_TOKEN` could be answered with the value \
    of `KUBERNETES_CLIENT_TOKEN_FILE`.
    Example:
    token: ${KUBE_TOKEN}
    token_file: ${KUBE_TOKEN_FILE}
    Fix: Rename one of the two, or use 3.18 or newer.
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    let release = context.release
    guard !release.has(.exactVariables) else { return [] }
    let settings = context.clusters.flatMap { cluster in KubernetesCluster.variables.compactMap { cluster[$0] } }
    let used = settings.compactMap { setting in
      setting.string.flatMap(Placeholder.accepted).map { (name: $0, setting: setting) }
    }
    // Sorted, a name stands right before those that begin with it.
    let names = Set(used.map(\.name)).sorted()
    let longer = Dictionary(
      zip(names, names.dropFirst()).filter { $1.hasPrefix($0) }, uniquingKeysWith: { first, _ in first })
    return used.compactMap { short in
      guard let long = longer[short.name] else { return nil }
      return short.setting.finding(
        rule, "APISIX \(release) may read \(long) where \(short.name) is meant",
        help: "rename one of them, or use 3.18 or newer")
    }
  }
}
