package import APISIX
package import Findings
import HTTP
package import JSON
package import Kubernetes
import Registries
import SourceText

/// Looks for APISIX in a cluster: what runs an image of it, with its config.yaml, environment and account. Only GET.
package struct InstallationSearch: Sendable {
  private let access: AccessOptions

  package init(_ access: AccessOptions) { self.access = access }

  /// One that was found.
  package struct Found: Sendable {
    package let workload: Workload
    /// That of the image's tag; nil where it says none.
    package let release: Release?
    /// The text of config.yaml, and what it is called for people; nil where no ConfigMap holds it.
    package let config: (name: String, text: String)?
    /// The variables whose values are known; those of Secrets are not read.
    package let variables: [String: String]
    /// Of the others where they come from: `ADMIN_KEY of Secret keys`
    package let unread: [String]
    /// Itself, its account and the ConfigMap with its config.yaml, as far as they say what its pods get.
    package let objects: [JSONValue]
    /// The name under which the API server issues tokens, where a token of the pods is for somebody.
    package let issuer: String?
  }

  package struct Answer: Sendable {
    package var found: [Found] = []
    /// What gives APISIX its routes by way of the Admin API.
    package var controllers: [Workload] = []
    package var findings: [Finding] = []
    package var secrets: [String] = []
    /// Nothing can be said of what was not seen.
    package var isUnanswered = false
  }

  package func ask(in context: Context) -> Answer {
    var answer = Answer()
    let plan = access.plan(in: context)
    (answer.findings, answer.secrets) = (plan.findings, plan.secrets)
    guard let target = plan.targets.first else {
      answer.isUnanswered = true
      return answer
    }
    let server = Conversation(target, in: context)
    context.progress("looking for APISIX on \(target.endpoint.server)")
    let kinds: [(APIResource, String)] = [
      (.deployments, "Deployment"), (.daemonSets, "DaemonSet"), (.statefulSets, "StatefulSet"),
    ]
    do throws(HTTPError) {
      for (resource, kind) in kinds {
        for object in try objects(resource, server, &answer) {
          for workload in Workload.all(in: object, kind: kind) {
            if workload.runsAPISIX { answer.found.append(try found(workload, object, server)) }
            if workload.isIngressController { answer.controllers.append(workload) }
          }
        }
      }
    } catch {
      answer.findings += server.finding(error)
      answer.isUnanswered = true
    }
    return answer
  }

  /// All of one kind, page by page.
  private func objects(
    _ resource: APIResource, _ server: Conversation, _ answer: inout Answer
  ) throws(HTTPError) -> [JSONValue] {
    var objects: [JSONValue] = []
    var next = ""
    repeat {
      let page = try server.client.get(
        resource.path() + "?limit=500" + (next.isEmpty ? "" : "&continue=\(next.percentEncoded())"), maxBytes: 64 << 20)
      guard let list = page.json(200) else {
        answer.findings += server.finding(
          ServerRules.unseen, "the \(resource.name) of the cluster cannot be seen (\(page.status))",
          help: "give a kubeconfig that may list them, or name the configuration: --config FILE")
        answer.isUnanswered = true
        return objects
      }
      objects += list["items"]?.array ?? []
      next = list["metadata"]?["continue"]?.string ?? ""
    } while !next.isEmpty && objects.count < 50_000
    return objects
  }

  private func found(
    _ workload: Workload, _ object: JSONValue, _ server: Conversation
  ) throws(HTTPError) -> Found {
    var config: (name: String, text: String)?
    var objects = [Self.object(workload.kind, "apps/v1", workload.namespace, workload.name, ["spec": object["spec"]])]
    let account = APIResource.serviceAccounts.path(
      namespace: workload.account.namespace, object: workload.account.name)
    if let found = try server.client.get(account).json(200), let mounts = found["automountServiceAccountToken"] {
      objects.append(
        Self.object(
          "ServiceAccount", "v1", workload.account.namespace, workload.account.name,
          ["automountServiceAccountToken": mounts]))
    }
    if let file = workload.files.first(where: { $0.path.hasSuffix("/conf/config.yaml") || $0.path.hasSuffix("/conf") })
    {
      let key = file.key ?? "config.yaml"
      if let text = try value(file.configMap, key, workload, server) {
        config = ("ConfigMap/\(workload.namespace)/\(file.configMap)/\(key)", text)
        objects.append(
          Self.object("ConfigMap", "v1", workload.namespace, file.configMap, ["data": [key: .string(text)]]))
      }
    }
    var variables = ["KUBERNETES_SERVICE_HOST": "kubernetes.default.svc", "KUBERNETES_SERVICE_PORT": "443"]
    var unread = workload.variableSources.map { "all of \($0)" }
    for (name, value) in workload.variables.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .text(let text): variables[name] = text
      case .configMap(let map, let key):
        if let text = try self.value(map, key, workload, server) { variables[name] = text }
      case .secret(let secret, _): unread.append("\(name) of Secret \(secret)")
      case .other: unread.append("\(name) of the pod")
      }
    }
    var asking = server
    return Found(
      workload: workload, release: workload.release, config: config, variables: variables, unread: unread,
      objects: objects, issuer: workload.tokens.contains { $0.audience != nil } ? asking.askIssuer().name : nil)
  }

  /// An object with no more than that: what else stands there is nobody's business.
  private static func object(
    _ kind: String, _ version: String, _ namespace: String, _ name: String, _ more: JSONObject
  ) -> JSONValue {
    let metadata: JSONValue = ["name": .string(name), "namespace": .string(namespace)]
    let head: JSONObject = ["apiVersion": .string(version), "kind": .string(kind), "metadata": metadata]
    return .object(JSONObject(head.members + more.members))
  }

  private func value(
    _ map: String, _ key: String, _ workload: Workload, _ server: Conversation
  ) throws(HTTPError) -> String? {
    let path = APIResource.configMaps.path(namespace: workload.namespace, object: map)
    return try server.client.get(path).json(200)?["data"]?[key]?.string
  }
}

extension Workload {
  /// Whether the image is the gateway's, and none of those around it.
  var runsAPISIX: Bool {
    let name = imageName.lowercased()
    return name.has("apisix") && !["dashboard", "ingress", "etcd", "seed", "adc"].contains { name.has($0) }
  }

  fileprivate var isIngressController: Bool { imageName.lowercased().has("apisix-ingress-controller") }

  /// Without registry, tag and digest.
  private var imageName: Substring {
    let last = image.split(separator: "/").last ?? ""
    return last.prefix { $0 != ":" && $0 != "@" }
  }

  /// `3.13.0-debian` is 3.13.0.
  var release: Release? {
    let last = image.split(separator: "/").last ?? ""
    let tag = last.prefix { $0 != "@" }.drop { $0 != ":" }.dropFirst()
    let release = Release(parsing: tag.prefix { $0.isNumber || $0 == "." })
    return release.flatMap { $0 >= .oldest ? $0.judged.0 : nil }
  }
}
