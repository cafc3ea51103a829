import Common
import HTTP
import JSON
package import Kubernetes
import Parallel
import Registries
import SourceText

/// What the pods of a workload have logged, by way of the API server: in a container error.log leads there. Only GET.
package struct PodLogs: Sendable {
  private let access: AccessOptions
  private let workload: Workload

  /// How much of each pod's log is read.
  package static let lines = 5000
  private static let bytes = 8 << 20
  /// Of how many pods: what one tells, the others mostly tell as well.
  private static let pods = 5

  /// - Parameter access: of somebody who may see pods; APISIX's own account need not.
  package init(_ access: AccessOptions, _ workload: Workload) { (self.access, self.workload) = (access, workload) }

  package var shown: String { "the log of \(workload.shown)" }

  package struct Answer: Sendable {
    /// By the names of the pods.
    package var texts: [(name: String, bytes: [UInt8])] = []
    /// Why others are not among them.
    package var untold: [String] = []
    package var isTimeout = false

    fileprivate mutating func add(_ error: HTTPError, _ what: String) {
      if case .timedOut = error.kind { isTimeout = true }
      untold.append("\(what): \(error)")
    }

    fileprivate mutating func add(_ response: Response, _ what: String) {
      let answer = AnswerText(response)
      // Kubernetes' word for a pod that runs on no node yet; later releases have a message for it.
      if answer.code == 204 { return untold.append("\(what): it has no log yet") }
      untold.append("\(what): " + (answer.status?.message.map { "\(answer.code), \($0)" } ?? answer.text))
    }
  }

  package func ask(in context: Context) -> Answer {
    var answer = Answer()
    guard let target = access.plan(in: context).targets.first else {
      answer.untold = ["no API server is known"]
      return answer
    }
    context.progress("reading \(shown)")
    let pods: [String]
    do throws(HTTPError) {
      let list = APIResource.pods.path(namespace: workload.namespace)
      let query = "?limit=\(Self.pods)&labelSelector=\(workload.selector.percentEncoded())"
      let response = try Conversation(target, in: context).client.get(list + query)
      guard let found = response.json(200) else {
        answer.add(response, "the pods cannot be seen")
        return answer
      }
      pods = (found["items"]?.array ?? []).prefix(Self.pods).compactMap { $0["metadata"]?["name"]?.string }
    } catch {
      answer.add(error, "the pods cannot be seen")
      return answer
    }
    // A node that does not answer costs only its own pods.
    let logs = inParallel(pods) { pod in
      Result { () throws(HTTPError) in try log(of: pod, Conversation(target, in: context).client) }
    }
    for (pod, log) in zip(pods, logs) {
      switch log {
      case .success(let response) where response.status == 200: answer.texts.append(("pod \(pod)", response.body))
      case .success(let response): answer.add(response, "pod \(pod)")
      case .failure(let error): answer.add(error, "pod \(pod)")
      }
    }
    return answer
  }

  private func log(of pod: String, _ client: KubernetesClient) throws(HTTPError) -> Response {
    let path = APIResource.pods.path(namespace: workload.namespace, object: pod, subresource: "log")
    let bounds = "tailLines=\(Self.lines)&limitBytes=\(Self.bytes)"
    return try client.get(
      path + "?container=\(workload.container.percentEncoded())&" + bounds, accept: "*/*", maxBytes: 2 * Self.bytes)
  }
}
