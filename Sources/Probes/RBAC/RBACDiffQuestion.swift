public import Findings
import HTTP
import JSON
public import Kubernetes
import Registries

/// `rbac diff`: objects as rbac generate makes them against those in the clusters of a plan. It sends GET only.
public struct RBACDiffQuestion: Sendable {
  private let manifests: RBACManifests
  private let plan: AccessPlan

  /// - Parameters:
  ///   - manifests: what should be there.
  ///   - plan: the servers, and the identities that look; an administrator's where there is one.
  public init(_ manifests: RBACManifests, _ plan: AccessPlan) {
    self.manifests = manifests
    self.plan = plan
  }

  public func ask(in context: Context) -> RBACDiffAnswer {
    var answer = RBACDiffAnswer()
    for target in plan.targets {
      context.trace(target.summary)
      compare(on: target, context, &answer)
    }
    return answer
  }

  private func compare(on target: Target, _ context: Context, _ answer: inout RBACDiffAnswer) {
    var server = Conversation(target, in: context)
    // With --as it is that user who looks.
    let reader = target.endpoint.headers.isEmpty ? server.administrator?.client : nil
    for manifest in manifests.manifests {
      guard let wanted = RBACManifests.json(ofDocument: manifest.yaml),
        let path = Self.path(manifest.kind, manifest.name, manifests.options.namespace)
      else { continue }
      let response: Response
      do throws(HTTPError) {
        response = try server.send(manifest.kind, "GET", path) { client throws(HTTPError) in
          try (reader ?? client).get(path)
        }
      } catch {
        answer.findings += server.finding(error)
        return
      }
      let name = "\(target.prefix)\(manifest.kind) \(manifest.name)"
      let text = AnswerText(response)
      switch response.status {
      case 200:
        guard let live = try? JSONValue.parse(response.body, skipping: ["managedFields"]), live["metadata"] != nil
        else {
          answer.findings.append(server.notKubernetes(text, wanted: "a \(manifest.kind)"))
          return
        }
        let changes = ObjectChange.all(live: live, wanted: wanted)
        if changes.isEmpty { answer.same.append(name) }
        answer.findings += changes.map { $0.finding(of: name, manifest, manifests.options) }
      case 404 where text.status != nil:
        answer.findings += Finding(
          RBACRules.objectMissing, "\(name) is not in the cluster", help: "make it: \(manifests.options.apply)")
      case 403 where text.status?.forbidden != nil:
        let user = text.status?.forbidden?.user ?? "the identity"
        answer.findings += server.finding(
          ConnectRules.notAllowed, "\(user) may not see the \(manifest.kind) \(manifest.name) (403)",
          help: "give a kubeconfig that may: --kubeconfig FILE")
      default:
        // Nothing was compared.
        let told = server.explain("GET", text).findings
        let unknown = Finding(ConnectRules.notAllowed, "the server answers \(response.status) to \(path)")
        answer.findings += told.isEmpty ? [unknown] : told
        return
      }
    }
  }

  private static func path(_ kind: String, _ name: String, _ namespace: String) -> String? {
    switch kind {
    case "ServiceAccount": APIResource.serviceAccounts.path(namespace: namespace, object: name)
    case "ClusterRole": APIResource.clusterRoles.path(object: name)
    case "ClusterRoleBinding": APIResource.clusterRoleBindings.path(object: name)
    case "Secret": APIResource.secrets.path(namespace: namespace, object: name)
    default: nil
    }
  }
}

public struct RBACDiffAnswer: Sendable {
  public internal(set) var findings: [Finding] = []
  /// The objects that are as they should be.
  public internal(set) var same: [String] = []

  public var preface: [String] { same.map { "same: \($0)" } }
}
