import Common
package import Findings
import HTTP
package import Kubernetes
import Registries

/// Whether whoever looks at a cluster could make there what `rbac generate` prints. It sends GET and reviews only.
package struct RBACMakingQuestion: Sendable {
  private let account: ServiceAccount
  private let target: Target
  private let kinds: [String]

  /// - Parameter kinds: of what is to be made: `ClusterRole`.
  package init(_ account: ServiceAccount, _ target: Target, kinds: [String]) {
    (self.account, self.target, self.kinds) = (account, target, kinds)
  }

  package struct Answer: Sendable {
    package internal(set) var findings: [Finding] = []
    /// The kinds that may be made.
    package internal(set) var makeable: [String] = []
    /// Whether the server said something of all of it.
    package internal(set) var isWhole = true
  }

  package func ask(in context: Context) -> Answer {
    var server = Conversation(target, in: context)
    let client = server.onlooker
    var answer = Answer()
    do throws(HTTPError) {
      let path = APIResource.namespaces.path(object: account.namespace)
      let space = try server.send("namespace", "GET", path) { _ throws(HTTPError) in try client.get(path) }
      if space.status == 404, AnswerText(space).status != nil {
        answer.findings += Finding(
          RBACRules.namespaceMissing, "\(target.prefix)there is no namespace \(account.namespace) yet",
          help: "kubectl create namespace \(account.namespace)")
      } else if space.status != 200 {
        answer.isWhole = false
      }
      var refused: [String] = []
      for kind in kinds {
        guard let resource = RBACDiffQuestion.resource(kind) else { continue }
        let request = AccessRequest(
          "create", resource, namespace: resource.namespaced ? account.namespace : nil)
        let review = try server.send("access", "POST", SelfSubjectAccessReview.path) { _ throws(HTTPError) in
          try client.post(SelfSubjectAccessReview.path, SelfSubjectAccessReview.body(request))
        }
        switch review.json(201).flatMap(SelfSubjectAccessReview.allowed) {
        case true?: answer.makeable.append(kind)
        case false?: refused.append(kind)
        case nil: answer.isWhole = false
        }
      }
      if !refused.isEmpty {
        let options = RBACOptions(name: account.name, namespace: account.namespace, includeSecret: false)
        answer.findings += Finding(
          RBACRules.mayNotMake, "\(target.prefix)whoever asks here may not create: \(refused.joined(separator: ", "))",
          help: "somebody who may has to apply what this prints: \(options.command)")
      }
    } catch {
      answer.findings += server.finding(error)
      answer.isWhole = false
    }
    return answer
  }
}
