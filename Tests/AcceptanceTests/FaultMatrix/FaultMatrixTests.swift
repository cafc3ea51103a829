import Foundation
import TestSupport
import Testing

/// Faults on a real API server and etcd, each with a twin that differs in one thing only: of the fault its first cause
/// is named, of the twin nothing is said but notes.
@Suite(.enabled(if: Cluster.isThere, "GATECHECK_KUBE_ASSETS names no Kubernetes binaries"))
struct FaultMatrixTests {
  @Test(arguments: FaultRow.tokens) func token(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.refusals) func refusal(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.rights) func right(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.excess) func excess(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.connections) func connection(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.fronts) func front(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.configs) func config(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.services) func service(_ row: FaultRow) throws { try judge(row) }
  @Test(arguments: FaultRow.stored) func stored(_ row: FaultRow) throws { try judge(row) }

  @Test(arguments: FaultRow.doctor) func doctor(_ row: FaultRow) throws { try judge(row) }

  /// Neither of two faults hides the other.
  @Test(arguments: FaultPair.all) func pair(_ pair: FaultPair) throws {
    let told = try Self.run(pair.setup, [pair.command], "", as: "apisix-pair-\(pair.name)")[0]
    let rules = told.errors + told.warnings
    #expect(rules.contains(pair.first) && rules.contains(pair.second), "\(pair.name): \(told)")
  }

  @Test func namesAreOfOneRowEach() {
    let names = FaultRow.all.map(\.name)
    #expect(Set(names).count == names.count)
    let judgements = FaultRow.all.map(\.commands.count).reduce(0, +)
    print("fault matrix: \(names.count) faults with \(judgements) judgements, and as many twins")
  }

  private func judge(_ row: FaultRow) throws {
    // The rows of doctor are others' as well, which may be set up at the same time.
    let name = "apisix-\(row.name)-" + (row.commands.contains { $0.text.hasPrefix("doctor") } ? "doctor-" : "")
    for (it, isFault) in [(row.bad, true), (row.good, false)] {
      let ended = try Self.run(row.setup, row.commands, it, as: name + (isFault ? "fault" : "twin"))
      for (command, told) in zip(row.commands, ended) {
        let place = "\(row.name), \(isFault ? "fault" : "twin"), \(command.text): \(told)"
        if isFault {
          #expect(told.errors.count <= 1 && (told.errors + told.warnings).first == row.rule(command), "\(place)")
        } else {
          #expect(told.errors + told.warnings == [] && told.status == 0, "\(place)")
        }
      }
    }
  }

  private struct Told: Equatable {
    let status: Int32
    let errors, warnings: [String]
  }

  /// The folder with the token of an account that is healthy.
  private static let given = Result {
    let folder = try Folder()
    let made = try bash(FaultRow.words + "\naccount", in: folder.path, environment: environment("apisix-given"))
    if made.status != 0 { throw Unusable(description: made.errors) }
    return folder
  }

  /// What each command says, with `$IT` as this.
  private static func run(
    _ setup: String, _ commands: [FaultRow.Command], _ it: String, as name: String
  ) throws -> [Told] {
    let folder = try Folder()
    let isGiven = !setup.contains("account")
    var environment = try environment(name)
    environment["GIVEN"] = try given.get().path
    if isGiven { environment["NS"] = "apisix-given" }
    environment["IT"] = environment.sorted { $0.key.count > $1.key.count }
      .reduce(it) { $0.replacingOccurrences(of: "$" + $1.key, with: $1.value) }
    let questions = commands.enumerated().map { index, command in
      let text = command.text.replacingOccurrences(of: "$IT", with: "\"$IT\"")
      let question = "gatecheck \(text) -o json"
      guard text.hasPrefix("doctor ") else { return "\(question) >\(index); echo $? >>\(index)" }
      // Elsewhere the same is said.
      return """
        \(question) --bundle \(index).tgz >\(index); echo $? >>\(index)
        gatecheck doctor --from-bundle \(index).tgz -o json >\(index).again; echo $? >>\(index).again
        """
    }
    // What kubectl is set up with is nothing that gatecheck is to find.
    let script = """
      \(FaultRow.words)
      set -eo pipefail
      {
      \(isGiven ? "given" : "")
      \(setup)
      } >&2
      unset KUBECONFIG
      set +e
      \(questions.joined(separator: "\n"))
      exit 0
      """
    let ended = try bash(script, in: folder.path, environment: environment)
    try #require(ended.status == 0, "\(name): \(ended.errors)")
    let told = { (file: String) in
      let text = try folder.read(file)
      let (document, status) = (text.split(separator: "\n").dropLast(), text.split(separator: "\n").last ?? "")
      let json = try Ended(status: 0, output: document.joined(separator: "\n"), errors: "").json()
      let findings = json["findings"] as? [[String: Any]] ?? []
      func rules(_ severity: String) -> [String] {
        findings.filter { $0["severity"] as? String == severity }.compactMap { $0["rule"] as? String }
      }
      return Told(status: Int32(status) ?? -1, errors: rules("error"), warnings: rules("warning"))
    }
    return try commands.indices.map { index in
      let first = try told("\(index)")
      if commands[index].text.hasPrefix("doctor ") {
        let again = try told("\(index).again")
        #expect(again == first, "\(name), from its bundle")
      }
      return first
    }
  }

  private static func environment(_ name: String) throws -> [String: String] {
    let cluster = try Cluster.shared.get()
    let bin = (Checkout.binary as NSString).deletingLastPathComponent
    let etcd = try String(contentsOfFile: cluster.folder + "/etcd.url", encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return [
      "PATH": "\(bin):\(Cluster.assets ?? ""):/usr/local/bin:/usr/bin:/bin", "HOME": cluster.folder,
      "KUBECONFIG": cluster.kubeconfig, "A": "--kubeconfig " + cluster.kubeconfig,
      "C": "--config config.yaml --certificate-authority \(cluster.authority) --request-timeout 5",
      "NS": name, "ME": name, "URL": cluster.server, "PORT": cluster.port, "CA": cluster.authority,
      "CLUSTER": cluster.folder, "ETCD": etcd, "ETCD_PORT": String(etcd.split(separator: ":").last ?? ""),
      "SIGN": Checkout.path("Tests/cluster/sign.py"), "FRONT_PY": Checkout.path("Tests/cluster/front.py"),
    ]
  }
}
