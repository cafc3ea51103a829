package import APISIX
package import Findings
import HTTP
import JSON
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
    /// Whether there are others.
    package let hasSecrets: Bool
  }

  package struct Answer: Sendable {
    package var found: [Found] = []
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
          for workload in Workload.all(in: object, kind: kind) where workload.runsAPISIX {
            answer.found.append(try found(workload, server))
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

  private func found(_ workload: Workload, _ server: Conversation) throws(HTTPError) -> Found {
    var config: (name: String, text: String)?
    if let file = workload.files.first(where: { $0.path.hasSuffix("/conf/config.yaml") || $0.path.hasSuffix("/conf") })
    {
      let key = file.key ?? "config.yaml"
      if let text = try value(file.configMap, key, workload, server) {
        config = ("ConfigMap/\(workload.namespace)/\(file.configMap)/\(key)", text)
      }
    }
    var variables = ["KUBERNETES_SERVICE_HOST": "kubernetes.default.svc", "KUBERNETES_SERVICE_PORT": "443"]
    var hasSecrets = false
    for (name, value) in workload.variables {
      switch value {
      case .text(let text): variables[name] = text
      case .configMap(let map, let key):
        if let text = try self.value(map, key, workload, server) { variables[name] = text }
      case .secret, .other: hasSecrets = true
      }
    }
    return Found(
      workload: workload, release: workload.release, config: config, variables: variables, hasSecrets: hasSecrets)
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
