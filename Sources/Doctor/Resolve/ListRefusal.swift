import Findings
import HTTP
import JSON
import Kubernetes

/// A list that the server did not give, as a finding.
struct ListRefusal {
  private let head: ResponseHead
  private let status: Status?
  private let target: Target

  init(_ head: ResponseHead, _ body: [UInt8], _ target: Target) {
    self.head = head
    self.target = target
    status = (try? JSONValue.parse(body)).flatMap { Status($0) }
  }

  var finding: Finding {
    let server = target.connection.server
    switch head.status {
    case 300..<400:
      // Its query may hold anything.
      let place = head.header("Location").map { " to \(terminalSafe(String($0.prefix { $0 != "?" })))" } ?? ""
      return make(ServerRules.redirect, "\(server) sends the client elsewhere\(place)", "kubectl cluster-info")
    case 401 where status != nil:
      return make(
        .tokenUnauthorized, "\(server) does not accept the token (401)", "gatecheck token verify says why")
    case 403 where status != nil:
      let user = status?.forbidden?.user ?? "this identity"
      let resource = target.settings.kind == "Endpoints" ? "endpoints" : "endpointslices"
      return make(
        .listMissing, "\(terminalSafe(user)) may not list \(resource) of all namespaces (403)",
        "gatecheck rbac generate prints the role and binding that APISIX needs")
    case 404 where status != nil:
      return make(
        ServerRules.noSuchResource, "\(server) has no \(target.settings.path) (404)",
        "watch_endpoint_slices needs Kubernetes 1.21 or newer")
    case 400 where status != nil:
      return make(
        ServerRules.badRequest, "\(server) refuses the question: \(terminalSafe(status?.message ?? "400"))",
        "correct label_selector and namespace_selector")
    case 429, 500...:
      return make(
        ServerRules.error, "\(server) cannot answer now (\(head.status))", "kubectl get --raw '/readyz?verbose'")
    default:
      return make(
        ServerRules.notKubernetes, "\(server) answers \(head.status), not as a Kubernetes API server does",
        "kubectl cluster-info names the API server's address")
    }
  }

  private func make(_ rule: Rule, _ message: String, _ help: String) -> Finding {
    Finding(
      rule: rule, message: target.prefix + message, file: target.place?.file, range: target.place?.range,
      path: target.place?.path, help: help)
  }
}
