import Findings
import HTTP
import JSON
import Kubernetes
import Parallel
import Registries
import SourceText

extension LiveResolver {
  /// The ApisixUpstream objects of every cluster that can be asked, and the ApisixRoutes that lead to them.
  func apisixUpstreams() -> UpstreamDocuments {
    var answer = ResolveAnswer()
    let targets = plan(only: options.cluster, &answer)
    var resources = UpstreamDocuments(findings: answer.findings, secrets: answer.secrets)
    for (target, part) in zip(targets, inParallel(targets, customResources)) {
      resources.documents += part.documents.map { (target.endpoint.server, $0) }
      resources.findings += part.findings
    }
    return resources
  }

  @Sendable private func customResources(of target: Target) -> (documents: [JSONValue], findings: [Finding]) {
    let query = ClusterQuery(target, in: context)
    var documents: [JSONValue] = []
    func list(_ kind: String, _ plural: String) throws(ListFailure) {
      let start = documents.count
      try query.widely { client throws(ListFailure) in
        documents.removeLast(documents.count - start)
        try client.list(
          "\(kind)List", skipping: ["managedFields", "status"],
          target: { token in
            "/apis/apisix.apache.org/v2/\(plural)?limit=500" + (token.map { "&continue=" + $0.percentEncoded() } ?? "")
          }, startOver: { documents.removeLast(documents.count - start) },
          take: { piece in
            if case .item(.object(let item), _) = piece { documents.append(.object(item + ["kind": .string(kind)])) }
          })
      }
    }
    do throws(ListFailure) {
      try list("ApisixUpstream", "apisixupstreams")
      // Without the right to routes there is less to say.
      do throws(ListFailure) { try list("ApisixRoute", "apisixroutes") } catch {}
      return (documents, [])
    } catch {
      guard case .refused(let head, _) = error else { return ([], query.findings(for: error)) }
      let message = "\(target.prefix)\(target.endpoint.server) answers \(head.status) to the list of ApisixUpstreams"
      return (
        [],
        [
          Finding(
            ResolveRules.apisixRefused, message,
            help: head.status == 404
              ? "the ingress controller's custom resources are not installed there"
              : "it needs the right to list apisixupstreams.apisix.apache.org; \(seesMore(query.hasAdministrator))")
        ]
      )
    }
  }
}
