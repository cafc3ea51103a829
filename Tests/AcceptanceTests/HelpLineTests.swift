import Foundation
import TestSupport
import Testing

/// Each command of a `help:` is run as it is printed, on a real API server. Then what was found is gone, nothing else in
/// the cluster has changed, and another account still works.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct HelpLineTests {
  private let cluster: Cluster

  init() throws { cluster = try Cluster(flags: ["EPSLICE_V1": "1"]) }

  @Test func everyPrintedCommandHeals() throws {
    defer { cluster.down() }
    let witness = try Folder()
    try run("service; account witness", in: witness, "default")
    try run(
      "gatecheck rbac generate --name witness --no-token-secret | kubectl apply -f -", in: witness, "default")
    var figures: [String: Set<String>] = [:]
    for fault in HelpLineFault.all {
      for way in fault.ways {
        let commands = try heal(fault, way)
        figures[fault.rule(way), default: []].formUnion(commands)
        let works = try run("gatecheck " + HelpLineFault.Way.token.command, in: witness, "default")
        #expect(works.status == 0, "after \(fault.name), \(way): \(works.output)")
      }
    }
    let count = figures.values.map(\.count).reduce(0, +)
    print("help lines: \(count) commands by \(figures.count) rules, all run")
    #expect(figures.count >= 25)
    #expect(count >= 60)
  }

  /// - Returns: the commands that were printed.
  private func heal(_ fault: HelpLineFault, _ way: HelpLineFault.Way) throws -> [String] {
    let place = "\(fault.name), \(way)"
    let space = "h-\(fault.name)-\(way)"
    let folder = try Folder()
    try cluster.kubectl("create", "namespace", space)
    let made = try run("set -e\n" + fault.setup, in: folder, space)
    try #require(made.status == 0, "\(place): \(made.errors)")
    let verify = "gatecheck " + (fault.verify ?? way.command)

    let told = try findings(verify, in: folder, space)
    #expect(told.first?.rule == fault.rule(way), "\(place): \(told)")
    // One mistake is one error; a diff lists objects.
    let isDiff = fault.verify?.hasPrefix("rbac diff") == true
    #expect(isDiff || told.count { $0.severity == "error" } <= 1, "\(place): \(told)")
    var commands: [String] = []
    for command in told.flatMap(\.commands) where !commands.contains(command) { commands.append(command) }
    #expect(!commands.isEmpty, "\(place): \(told)")

    let before = try objects()
    for command in commands {
      let ended = try run("set -o pipefail\n" + command, in: folder, space)
      #expect(ended.status == 0, "\(place): \(command): \(ended.errors)\(ended.output)")
    }
    let after = try objects()
    let own = fault.own.map { $0.replacingOccurrences(of: "$NS", with: space) }
    for (name, object) in before where after[name] != object {
      #expect(own.contains(name), "\(place): \(name) is \(after[name] ?? "gone"), and was \(object)")
    }
    var allowed = fault.makes
    for name in after.keys where before[name] == nil {
      let kind = String(name.prefix { $0 != " " })
      if let index = allowed.firstIndex(of: kind) {
        allowed.remove(at: index)
      } else {
        Issue.record("\(place): \(name)")
      }
    }
    // A server knows a new token or right within seconds.
    var left = told
    var isGone = false
    for _ in 0..<12 where !isGone {
      left = try findings(verify, in: folder, space)
      isGone = !left.contains { $0.severity != "note" || $0.rule == fault.rule(way) }
      if !isGone { sleep(1) }
    }
    #expect(isGone, "\(place): \(commands) leaves \(left)")
    return commands
  }

  private struct Told {
    let rule, severity: String
    let help: String

    /// From the program's name to the end of its line.
    var commands: [String] {
      help.split(separator: "\n").compactMap { line in
        line.firstMatch(of: #/\b(?:gatecheck|kubectl) (?=[a-z-])/#).map { String(line[$0.range.lowerBound...]) }
      }
    }
  }

  private func findings(_ command: String, in folder: Folder, _ space: String) throws -> [Told] {
    let ended = try run(command + " -o json", in: folder, space)
    return (try ended.json()["findings"] as? [[String: Any]] ?? []).map { finding in
      Told(
        rule: finding["rule"] as? String ?? "", severity: finding["severity"] as? String ?? "",
        help: finding["help"] as? String ?? "")
    }
  }

  /// What says who may what, and the credentials.
  private func objects() throws -> [String: String] {
    let kinds = "clusterroles,clusterrolebindings,roles,rolebindings,serviceaccounts,secrets"
    let text = try cluster.kubectl("get", kinds, "-A", "-o", "json")
    let list = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    var objects: [String: String] = [:]
    for object in list?["items"] as? [[String: Any]] ?? [] {
      let metadata = object["metadata"] as? [String: Any] ?? [:]
      let name = [metadata["namespace"], metadata["name"]].compactMap { $0 as? String }.joined(separator: "/")
      let kind = object["kind"] as? String ?? ""
      // Those that a controller makes for every namespace, when it comes to it.
      if (metadata["name"] as? String ?? "").hasPrefix("default") { continue }
      let fields = object.filter {
        ["rules", "roleRef", "subjects", "type", "data", "aggregationRule"].contains($0.key)
      }
      let shown = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
      objects["\(kind) \(name)"] = String(decoding: shown, as: UTF8.self)
    }
    return objects
  }

  @discardableResult
  private func run(_ script: String, in folder: Folder, _ space: String) throws -> Ended {
    let bin = (Checkout.binary as NSString).deletingLastPathComponent
    return try bash(
      HelpLineFault.words + script, in: folder.path,
      environment: [
        "PATH": "\(bin):\(Cluster.assets ?? ""):/usr/local/bin:/usr/bin:/bin", "HOME": cluster.folder,
        "KUBECONFIG": cluster.kubeconfig, "CA": cluster.authority, "PORT": cluster.port, "NS": space,
      ])
  }
}
