import Foundation
import TestSupport
import Testing

/// Each command of a `help:` is run as it is printed, on a real API server. Then what was found is gone, nothing
/// else in the cluster has changed, and another account still works.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct HelpLineTests {
  private let cluster: Cluster
  /// kubectl's own kubeconfig where another is named: of a cluster that is not there.
  private let elsewhere: String

  init() throws {
    cluster = try Cluster(flags: ["EPSLICE_V1": "1"])
    elsewhere = cluster.folder + "/elsewhere.kubeconfig"
    try String(contentsOfFile: cluster.kubeconfig, encoding: .utf8)
      .replacingOccurrences(of: cluster.server, with: "https://127.0.0.1:1")
      .write(toFile: elsewhere, atomically: true, encoding: .utf8)
  }

  /// In two halves, each on a server of its own: it is the longest test there is.
  @Test(arguments: 0..<2) func everyPrintedCommandHeals(_ half: Int) throws {
    defer { cluster.down() }
    let witness = try Folder()
    try setUp("service; account witness", in: witness, "default")
    try setUp(
      "gatecheck rbac generate --name witness --no-token-secret | kubectl apply -f -", in: witness, "default")
    var figures: [String: Set<String>] = [:]
    let all = HelpLineFault.all.flatMap { fault in fault.ways.map { (fault, $0) } }
    for (index, (fault, way)) in all.enumerated() where index % 2 == half {
      let commands = try heal(fault, way)
      figures[fault.rule(way), default: []].formUnion(commands)
    }
    // The rights that it has stand among `objects`, which are looked at each time.
    let works = try run("gatecheck " + HelpLineFault.Way.token.command, in: witness, "default")
    #expect(works.status == 0, "\(works.output)")
    if half == 0 {
      try theAuthorityIsFetched(witness)
      try otherServersAreNamed()
      try aNewServersAdviceIsFollowed(witness)
    }
    let count = figures.values.map(\.count).reduce(0, +)
    print("help lines: \(count) commands by \(figures.count) rules, all run")
    #expect(figures.count >= 30)
    #expect(count >= 60)
  }

  /// - Returns: the commands that were printed.
  private func heal(_ fault: HelpLineFault, _ way: HelpLineFault.Way) throws -> [String] {
    let place = "\(fault.name), \(way)"
    let space = "h-\(fault.name)-\(way)"
    let folder = try Folder()
    try cluster.kubectl("create", "namespace", space)
    try setUp(fault.setup, in: folder, space, place)
    let verify = "gatecheck " + (fault.verify ?? way.command)

    // A deletion reaches the server's own cache within a moment.
    var told = try findings(verify, in: folder, space)
    for _ in 0..<60 where told.first?.rule != fault.rule(way) {
      usleep(250_000)
      told = try findings(verify, in: folder, space)
    }
    #expect(told.first?.rule == fault.rule(way), "\(place): \(told)")
    // One mistake is one error; a diff lists objects.
    let isDiff = fault.verify?.hasPrefix("rbac diff") == true
    #expect(isDiff || told.count { $0.severity == "error" } <= 1, "\(place): \(told)")
    var commands: [String] = []
    for command in told.flatMap(\.commands) where !commands.contains(command) { commands.append(command) }
    #expect(!commands.isEmpty, "\(place): \(told)")

    let before = try objects()
    try setUp(fault.before, in: folder, space, place)
    for command in commands {
      let ended = try run("set -o pipefail\n" + command, in: folder, space, asking: verify)
      #expect(
        ended.status == 0 || fault.looks && ended.status == 1, "\(place): \(command): \(ended.errors)\(ended.output)")
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
    if fault.looks { return commands }
    // A server knows a new token or right within seconds.
    var left = told
    func isGone() -> Bool { !left.contains { $0.severity != "note" || $0.rule == fault.rule(way) } }
    for _ in 0..<60 where !isGone() {
      left = try findings(verify, in: folder, space)
      if !isGone() { usleep(200_000) }
    }
    #expect(isGone(), "\(place): \(commands) leaves \(left)")
    return commands
  }

  /// Its command wants a kubeconfig that works, and its next one names the file.
  private func theAuthorityIsFetched(_ witness: Folder) throws {
    let verify = "gatecheck token verify --config config.yaml"
    let told = try findings("KUBECONFIG=none " + verify, in: witness, "default")
    #expect(told.map(\.rule) == ["tls/untrusted-certificate"])
    for command in told.flatMap(\.commands) {
      #expect(try run(command, in: witness, "default").status == 0, "\(command)")
    }
    let works = try run("KUBECONFIG=none \(verify) --certificate-authority ca.crt", in: witness, "default")
    #expect(works.status == 0, "\(works.output)")
  }

  /// What stands in an API server's place, and only tells where that is.
  static let others: [(rule: String, answer: StubServer.Answer)] = [
    ("server/login-page", .init(type: "text/html", body: "<html><form>Log in</form></html>")),
    ("server/proxy-refused", .init(status: 403, type: "text/html", body: "<h1>403 Forbidden</h1>")),
    ("server/redirect", .init(status: 302, headers: ["Location: https://login.example/"])),
    ("server/not-kubernetes", .init(body: #"{"name": "another"}"#)),
  ]

  private func otherServersAreNamed() throws {
    for (rule, answer) in Self.others {
      let server = try StubServer { _ in answer }
      defer { server.stop() }
      let verify = "gatecheck token verify --server \(server.url) --token-file token"
      let folder = try Folder([
        "token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW06c2VydmljZWFjY291bnQ6ZGVmYXVsdDphcGlzaXgifQ.c2ln"
      ])
      let told = try findings(verify, in: folder, "default")
      #expect(told.first?.rule == rule, "\(told)")
      let commands = told.flatMap(\.commands)
      #expect(!commands.isEmpty, "\(rule)")
      for command in commands {
        let ended = try run(command, in: folder, "default")
        #expect(ended.status == 0 && ended.output.contains(cluster.server), "\(command): \(ended.output)")
      }
    }
  }

  /// From 1.33 on Kubernetes calls Endpoints deprecated.
  private func aNewServersAdviceIsFollowed(_ witness: Folder) throws {
    let warning = #"Warning: 299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice""#
    let list = #"{"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}"#
    let server = try StubServer { asked in
      asked.target.contains("watch=true")
        ? .init(staysOpen: true)
        : asked.path == "/api/v1/endpoints" ? .init(headers: [warning], body: list) : .init(status: 404)
    }
    defer { server.stop() }
    let told = try findings(
      "gatecheck token verify --server \(server.url) --token-file token", in: witness, "default")
    #expect(told.map(\.rule).contains("server/endpoints-deprecated"), "\(told)")
    for command in told.flatMap(\.commands) { #expect(try run(command, in: witness, "default").status == 0) }
    let works = try run(
      "gatecheck rbac verify --config config.yaml --certificate-authority $CA --watch-endpoint-slices=both",
      in: witness, "default")
    #expect(works.status == 0, "\(works.output)")
  }

  private struct Told {
    let rule, severity: String
    let help: String

    /// From the program's name to the end of its line, or to where words go on.
    var commands: [String] {
      help.split(separator: "\n").compactMap { line in
        line.firstMatch(of: #/\b(?:gatecheck|kubectl) (?=[a-z-]).*?(?=$| (?:asks|names|says|shows) )/#).map {
          String($0.0)
        }
      }
    }
  }

  private func findings(_ command: String, in folder: Folder, _ space: String) throws -> [Told] {
    let ended = try run(command + " -o json", in: folder, space, asking: command)
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

  private func setUp(_ script: String, in folder: Folder, _ space: String, _ place: String = "") throws {
    let made = try run("set -e\n" + HelpLineFault.words + script, in: folder, space)
    try #require(made.status == 0, "\(place): \(made.errors)")
  }

  /// - Parameter asking: the command that was typed: who names a kubeconfig has another one of their own.
  private func run(_ script: String, in folder: Folder, _ space: String, asking: String = "") throws -> Ended {
    let bin = (Checkout.binary as NSString).deletingLastPathComponent
    return try bash(
      script, in: folder.path,
      environment: [
        "PATH": "\(bin):\(Cluster.assets ?? ""):/usr/local/bin:/usr/bin:/bin", "HOME": cluster.folder,
        "KUBECONFIG": asking.contains("--kubeconfig") ? elsewhere : cluster.kubeconfig, "ADMIN": cluster.kubeconfig,
        "CA": cluster.authority, "PORT": cluster.port, "NS": space,
        "SIGN": Checkout.path("Tests/cluster/sign.py"),
      ])
  }
}
