import APISIX
import Findings

extension Rule {
  static let slicesInert = Rule(
    id: "kubernetes/watch-slices-inert", severity: .warning,
    summary: "watch_endpoint_slices does nothing in this release",
    checks: "Whether `watch_endpoint_slices: true` is used with 3.9 to 3.13.",
    why: """
      These releases accept the key, but ask a misspelt name for it: APISIX goes on watching Endpoints, and needs the \
      permission for endpoints.
      """,
    example: """
      watch_endpoint_slices: true
      """,
    fix: "Use 3.15 or newer, or take the key out and grant endpoints.",
    since: "3.9.0")

  static let slicesWrong = Rule(
    id: "kubernetes/watch-slices-wrong", severity: .error,
    summary: "watch_endpoint_slices gives wrong nodes in this release",
    checks: "Whether `watch_endpoint_slices: true` is used with 3.14.",
    why: """
      3.14 reads the slices, but takes each node's host from a field that is not there and names the service after \
      the slice. No service resolves.
      """,
    example: """
      watch_endpoint_slices: true
      """,
    fix: "Use 3.15 or newer, or take the key out.",
    since: "3.14.0")

  static let variablePrefix = Rule(
    id: "placeholder/prefix-collision", severity: .warning,
    summary: "The name of one variable begins with the name of another",
    checks: "That no name in `${NAME}` of the kubernetes section is the beginning of another one there.",
    why: """
      Before 3.18 APISIX looked variables up by prefix: `KUBERNETES_CLIENT_TOKEN` could be answered with the value of \
      `KUBERNETES_CLIENT_TOKEN_FILE`.
      """,
    example: """
      token: ${KUBE_TOKEN}
      token_file: ${KUBE_TOKEN_FILE}
      """,
    fix: "Rename one of the two, or use 3.18 or newer.",
    since: "2.13.0")
}

enum Slices {
  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    guard let watch = cluster["watch_endpoint_slices"], watch.boolean == true,
      cluster.release.has(.slicesKey), !cluster.release.has(.readsSlices)
    else { return [] }
    let inert = !cluster.release.has(.watchesSlices)
    return [
      cluster.file.finding(
        inert ? .slicesInert : .slicesWrong,
        inert
          ? "APISIX \(cluster.release) ignores watch_endpoint_slices and goes on watching Endpoints"
          : "APISIX \(cluster.release) computes wrong nodes from EndpointSlices",
        at: watch.keyNode ?? watch.node, path: watch.path, help: "use 3.15 or newer, or take it out")
    ]
  }
}

enum VariablePrefix {
  private static let places = [
    ["service", "host"], ["service", "port"], ["client", "token"], ["client", "token_file"],
  ]

  static func check(_ clusters: [KubernetesCluster]) -> [Finding] {
    guard let release = clusters.first?.release, !release.has(.exactVariables) else { return [] }
    let used = clusters.flatMap { cluster in
      places.compactMap { keys -> (name: String, setting: Setting, file: LintFile)? in
        guard let setting = cluster[keys], let name = setting.string.flatMap(Placeholder.name(ofWhole:)) else {
          return nil
        }
        return (name, setting, cluster.file)
      }
    }
    // Sorted, a name stands right before those that begin with it.
    let names = Set(used.map(\.name)).sorted()
    let longer = Dictionary(
      zip(names, names.dropFirst()).filter { $1.hasPrefix($0) }, uniquingKeysWith: { first, _ in first })
    return used.compactMap { short in
      guard let long = longer[short.name] else { return nil }
      return short.file.finding(
        .variablePrefix, "APISIX \(release) may read \(long) where \(short.name) is meant",
        at: short.setting.node, path: short.setting.path, help: "rename one of them, or use 3.18 or newer")
    }
  }
}
