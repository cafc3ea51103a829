import Findings
import JSON
import Kubernetes
import SourceText

/// One field that is not as it should be, as sorted lines of what is there and what should be.
struct ObjectChange {
  let field: String
  let live: [String]
  let wanted: [String]
  /// Of a binding: whom it names beside the one that is wanted.
  var others: [String] = []

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
    if wanted["subjects"] != nil {
      compare("subjects", subjects(live), subjects(wanted))
      let others = subjects(live).filter { !subjects(wanted).contains($0) }
      for index in changes.indices { changes[index].others = others }
    }
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

  /// - Parameter options: what makes the objects that are wanted.
  func finding(of name: String, _ manifest: RBACManifests.Manifest, _ options: RBACOptions) -> Finding {
    let gone = live.filter { !wanted.contains($0) }.prefix(20).map { "- \($0)" }
    let added = wanted.filter { !live.contains($0) }.prefix(20).map { "+ \($0)" }
    let isRoleRef = field == "roleRef"
    return Finding(
      isRoleRef ? RBACRules.roleRefDiffers : RBACRules.objectDiffers,
      "\(name) has other \(field) than wanted (- in the cluster, + wanted)",
      help: (gone + added + cure(isRoleRef, manifest, options)).joined(separator: "\n"))
  }

  private func cure(_ isRoleRef: Bool, _ manifest: RBACManifests.Manifest, _ options: RBACOptions) -> [String] {
    guard isRoleRef || field == "subjects" else { return [options.apply] }
    if !others.isEmpty {
      var other = options
      other.clusterRoleBinding += "-discovery"
      return ["\(others.prefix(3).joined(separator: ", ")) would lose it; take another binding:", other.apply]
    }
    return
      (isRoleRef ? ["it cannot be changed:", "kubectl delete clusterrolebinding \(Shell.quoted(manifest.name))"] : [])
      + [options.apply]
  }
}
