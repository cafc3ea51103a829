import APISIX
public import Findings
public import HTTP
import JSON
public import Kubernetes
import Lint
import Registries

/// `rbac diff`: objects as rbac generate makes them against those in a cluster. It sends GET only.
public struct RBACDiff: Sendable {
  public private(set) var findings: [Finding] = []
  /// One line for each object that is as it should be.
  public private(set) var preface: [String] = []

  /// - Parameters:
  ///   - manifests: what should be there.
  ///   - target: the server, and the identity that looks; an administrator's where there is one.
  ///   - trace: is told each request and its answer, without any secret.
  public init(
    _ manifests: RBACManifests, _ target: Target, http: HTTPClient, now: Int,
    trace: @escaping (String) -> Void = { _ in }
  ) {
    trace(target.summary)
    // With --as it is that user who looks.
    let isSelf = target.connection.impersonation.isEmpty
    let reader = isSelf ? target.administrator ?? target.connection : target.connection
    let client = KubernetesClient(reader, http: http, trace: trace)
    for manifest in manifests.manifests {
      guard let wanted = RBACManifests.json(ofDocument: manifest.yaml),
        let path = Self.path(manifest.kind, manifest.name, manifests.options.namespace)
      else { continue }
      let response: Response
      do throws(HTTPError) { response = try client.get(path) } catch {
        if let finding = error.finding(for: target) { findings.append(finding) }
        return
      }
      let apply = manifests.options.command + " | kubectl apply -f -"
      let name = "\(target.prefix)\(manifest.kind) \(manifest.name)"
      switch response.status {
      case 200:
        guard let live = try? JSONValue.parse(response.body, skipping: ["managedFields"]), live["metadata"] != nil
        else {
          var probe = TokenProbe(target, http: http, now: now, trace: trace)
          probe.server.append(probe.notKubernetes(AnswerText(response), wanted: "a \(manifest.kind)"))
          findings += probe.server
          return
        }
        let changes = ObjectChange.all(live: live, wanted: wanted)
        if changes.isEmpty { preface.append("same: \(name)") }
        findings += changes.map { $0.finding(of: name, manifest, apply: apply) }
      case 404 where (try? JSONValue.parse(response.body)).flatMap(Status.init) != nil:
        findings.append(
          Finding(rule: RBACRules.objectMissing, message: "\(name) is not in the cluster", help: "make it: \(apply)"))
      case 403 where (try? JSONValue.parse(response.body)).flatMap(Status.init)?.forbidden != nil:
        let user = (try? JSONValue.parse(response.body)).flatMap(Status.init)?.forbidden?.user ?? "the identity"
        findings.append(
          Finding(
            rule: RBACRules.notAnswered,
            message: "\(target.prefix)\(user) may not see the \(manifest.kind) "
              + "\(manifest.name) (403)", help: "give a kubeconfig that may: --kubeconfig FILE"))
      default:
        var probe = TokenProbe(target, http: http, now: now, trace: trace)
        _ = probe.refused("GET", AnswerText(response))
        // Nothing was compared.
        findings +=
          probe.server.isEmpty
          ? [Finding(rule: RBACRules.notAnswered, message: "the server answers \(response.status) to \(path)")]
          : probe.server
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

/// One field that is not as it should be, as sorted lines of what is there and what should be.
struct ObjectChange {
  let field: String
  let live: [String]
  let wanted: [String]

  /// Fields that the cluster adds by itself, and labels and annotations that were not asked for, do not count.
  static func all(live: JSONValue, wanted: JSONValue) -> [ObjectChange] {
    var changes: [ObjectChange] = []
    func compare(_ field: String, _ live: [String], _ wanted: [String]) {
      if Set(live) != Set(wanted) {
        changes.append(ObjectChange(field: field, live: Set(live).sorted(), wanted: Set(wanted).sorted()))
      }
    }
    for key in ["labels", "annotations"] {
      let pairs = wanted["metadata"]?[key]?.object?.members ?? []
      let there = live["metadata"]?[key]
      compare(
        "metadata.\(key)", pairs.compactMap { pair in there?[pair.key].map { "\(pair.key): \($0.string ?? "")" } },
        pairs.map { "\($0.key): \($0.value.string ?? "")" })
    }
    if wanted["rules"] != nil { compare("rules", rules(live), rules(wanted)) }
    if wanted["roleRef"] != nil { compare("roleRef", roleRef(live), roleRef(wanted)) }
    if wanted["subjects"] != nil { compare("subjects", subjects(live), subjects(wanted)) }
    if let type = wanted["type"]?.string { compare("type", [live["type"]?.string ?? ""], [type]) }
    return changes
  }

  /// `list endpoints`: one line for each right, so that the order and the grouping do not matter.
  private static func rules(_ object: JSONValue) -> [String] {
    var lines: [String] = []
    for rule in (object["rules"]?.array ?? []).map({ PolicyRule($0) }) {
      let names = rule.resourceNames.isEmpty ? "" : " named \(rule.resourceNames.prefix(8).joined(separator: ", "))"
      for group in rule.groups.prefix(64) {
        for resource in rule.resources.prefix(64) {
          lines += rule.verbs.prefix(64).map { "\($0) \(resource)\(group.isEmpty ? "" : ".\(group)")\(names)" }
        }
      }
      // A role this large is another one in any case.
      if lines.count > 10_000 { break }
    }
    return lines
  }

  private static func roleRef(_ object: JSONValue) -> [String] {
    ["\(object["roleRef"]?["kind"]?.string ?? "") \(object["roleRef"]?["name"]?.string ?? "")"]
  }

  private static func subjects(_ object: JSONValue) -> [String] {
    (object["subjects"]?.array ?? []).map { subject in
      let name = [subject["namespace"]?.string, subject["name"]?.string].compactMap { $0 }.joined(separator: "/")
      return "\(subject["kind"]?.string ?? "") \(name)"
    }
  }

  func finding(of name: String, _ manifest: RBACManifests.Manifest, apply: String) -> Finding {
    let gone = live.filter { !wanted.contains($0) }.prefix(20).map { "- \($0)" }
    let added = wanted.filter { !live.contains($0) }.prefix(20).map { "+ \($0)" }
    let isRoleRef = field == "roleRef"
    let cure =
      isRoleRef
      ? "it cannot be changed: kubectl delete clusterrolebinding \(Shell.quoted(manifest.name)), then \(apply)" : apply
    return Finding(
      rule: isRoleRef ? RBACRules.roleRefDiffers : RBACRules.objectDiffers,
      message: "\(name) has other \(field) than wanted (- in the cluster, + wanted)",
      help: (gone + added + [cure]).joined(separator: "\n"))
  }
}
