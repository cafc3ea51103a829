public import APISIX
import JSON

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
      guard let host = node.host?.string, let port = node.port?.int else { return nil }
      return "\(host) \(port)"
    }
    let lines = arguments.map { "        - \(JSONValue.string($0).text())\n" }.joined()
    return """
      # kubectl apply -f -, then: kubectl -n \(namespace) logs -f job/gatecheck-probe
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: gatecheck-probe
        namespace: \(JSONValue.string(namespace).text())
      spec:
        backoffLimit: 0
        ttlSecondsAfterFinished: 600
        template:
          spec:
            restartPolicy: Never
            automountServiceAccountToken: false
            containers:
            - name: probe
              image: busybox:1.36
              command:
              - sh
              - -c
              - |
                for node; do
                  if nc -z -w 3 ${node% *} ${node##* }; then echo "$node connected"; else echo "$node no answer"; fi &
                done
                wait
              - probe

      """ + lines + """
                securityContext:
                  allowPrivilegeEscalation: false
                  runAsNonRoot: true
                  runAsUser: 65534
                  capabilities:
                    drop: [ALL]

        """
  }
}
