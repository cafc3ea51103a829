import APISIX
public import Findings
import HTTP
import JSON
public import Kubernetes
import Registries

/// `rbac diff`: objects as rbac generate makes them against those in the clusters of a plan. It sends GET only.
public struct RBACDiffQuestion: Sendable {
  private let manifests: RBACManifests
  /// What is as right in their place.
  private var others: [RBACManifests] = []
  private let plan: AccessPlan

  /// - Parameters:
  ///   - manifests: what should be there.
  ///   - plan: the servers, and the identities that look; an administrator's where there is one.
  public init(_ manifests: RBACManifests, _ plan: AccessPlan) {
    self.manifests = manifests
    self.plan = plan
  }

  /// For an account that is to be made, or is there: whatever grants by its names what APISIX needs is right. No Secret
  /// is looked at.
  package init(for account: ServiceAccount, _ target: Target) throws(RBACOptions.Problem) {
    let needed: RBACOptions.Watches = target.settings.source == .endpoints ? .endpoints : .endpointSlices
    var all: [RBACManifests] = []
    for watches in [needed, .both] {
      for minimal in [false, true] {
        all.append(
          try RBACManifests(
            RBACOptions(
              name: account.name, namespace: account.namespace, watches: watches, minimal: minimal,
              includeSecret: false)))
      }
    }
    self.init(all[0], AccessPlan(target))
    others = Array(all.dropFirst())
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
    let reader = server.onlooker
    for manifest in manifests.manifests {
      guard let wanted = RBACManifests.json(ofDocument: manifest.yaml),
        let path = Self.path(manifest.kind, manifest.name, manifests.options.namespace)
      else { continue }
      let response: Response
      do throws(HTTPError) {
        response = try server.send(manifest.kind, "GET", path) { _ throws(HTTPError) in try reader.get(path) }
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
        if changes.isEmpty || isRight(live, as: manifest) {
          answer.same.append(name)
        } else {
          answer.findings += changes.map { $0.finding(of: name, manifest, manifests.options) }
        }
      case 404 where text.status != nil:
        answer.missing.append(name)
        answer.missingKinds.append(manifest.kind)
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

  private func isRight(_ live: JSONValue, as manifest: RBACManifests.Manifest) -> Bool {
    others.lazy.flatMap(\.manifests).filter { $0.kind == manifest.kind && $0.name == manifest.name }
      .compactMap { RBACManifests.json(ofDocument: $0.yaml) }
      .contains { ObjectChange.all(live: live, wanted: $0).isEmpty }
  }

  private static func path(_ kind: String, _ name: String, _ namespace: String) -> String? {
    resource(kind)?.path(namespace: namespace, object: name)
  }

  /// Of the kinds that `rbac generate` prints.
  static func resource(_ kind: String) -> APIResource? {
    switch kind {
    case "ServiceAccount": .serviceAccounts
    case "ClusterRole": .clusterRoles
    case "ClusterRoleBinding": .clusterRoleBindings
    case "Secret": .secrets
    default: nil
    }
  }
}

public struct RBACDiffAnswer: Sendable {
  public internal(set) var findings: [Finding] = []
  /// The objects that are as they should be.
  public internal(set) var same: [String] = []
  /// Those that are not there: `ClusterRole apisix`.
  public internal(set) var missing: [String] = []
  /// Their kinds: `ClusterRole`
  package internal(set) var missingKinds: [String] = []

  package init() {}

  public var preface: [String] { same.map { "same: \($0)" } }
}
