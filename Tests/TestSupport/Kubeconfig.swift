/// A kubeconfig with one context.
/// - Parameters:
///   - authority: the file of the cluster's CA.
///   - user: YAML in flow style: `{token: t}`.
public func kubeconfig(server: String, authority: String? = nil, user: String) -> String {
  let trust = authority.map { ", certificate-authority: \"\($0)\"" } ?? ""
  return """
    apiVersion: v1
    kind: Config
    current-context: c
    contexts: [{name: c, context: {cluster: k, user: u}}]
    clusters: [{name: k, cluster: {server: "\(server)"\(trust)}}]
    users: [{name: u, user: \(user)}]

    """
}
