public import APISIX
import JSON
import SourceText
import Templates

/// A Job that tries the same nodes from inside the cluster.
public struct ProbeJob: Sendable {
  private let nodes: [UpstreamNode]
  private let namespace: String

  public init(_ nodes: [UpstreamNode], namespace: String) {
    self.nodes = nodes
    self.namespace = namespace
  }

  /// YAML for kubectl. Nodes stand as arguments, never in the script, so that no address can become a command.
  public var manifest: String {
    let arguments = nodes.compactMap { node -> String? in
      guard let host = node.ip, let port = node.port?.int else { return nil }
      return "\(host) \(port)"
    }
    let lines = arguments.map { "        - \(JSONValue.string($0).text())\n" }.joined()
    return Templates.probeJob.replacing("{{namespace}}", with: namespace)
      .replacing("{{quoted}}", with: JSONValue.string(namespace).text()).replacing("{{nodes}}\n", with: lines)
  }
}
