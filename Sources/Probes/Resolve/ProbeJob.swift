public import APISIX
import Inputs
import JSON
import SourceText
import Templates

extension UpstreamNode {
  /// Its host where that is an IP address, which is all that some may be handed: a server may answer anything.
  public var ip: String? { host?.string.flatMap { addressBytes($0) == nil ? nil : $0 } }
}

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
