import Foundation
import TestSupport
import Testing

/// What doctor says of the troubles that people have most, and that docs/faults.md says the same, with every fault of
/// the matrix.
@Suite struct TroubleTests {
  @Test(arguments: Trouble.all) func trouble(_ trouble: Trouble) throws {
    guard case .files(let rules, let config, let routes, let flags) = trouble.shown else {
      for rule in try Self.rules(of: trouble) { #expect(try Self.titles.get()[rule] != nil, "\(rule)") }
      return
    }
    let folder = try Folder(["config.yaml": config, "apisix.yaml": routes])
    let arguments =
      ["doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--request-timeout", "1", "-o", "json"]
    let ended = try gatecheck(arguments + flags, in: folder.path)
    let told = (try ended.json()["findings"] as? [[String: Any]] ?? []).compactMap { $0["rule"] as? String }
    #expect(Set(rules).isSubset(of: told), "\(told)")
  }

  /// GATECHECK_WRITE_DOCS=1 writes it anew.
  @Test func thePageSaysTheSame() throws {
    let path = Checkout.path("docs/faults.md")
    let page = try Self.page()
    if ProcessInfo.processInfo.environment["GATECHECK_WRITE_DOCS"] != nil {
      try page.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == page)
  }

  // MARK: the page

  private static let titles = Result {
    let ended = try gatecheck("rules", "-o", "json")
    let rules = try ended.json()["rules"] as? [[String: Any]] ?? []
    return Dictionary(
      uniqueKeysWithValues: rules.compactMap { rule in
        (rule["id"] as? String).flatMap { id in (rule["summary"] as? String).map { (id, $0) } }
      })
  }

  /// Of every fault, what doctor says first.
  private static let first: [String: String] = {
    let doctor = FaultRow.doctor.compactMap { row in row.commands.first.map { (row.name, row.rule($0)) } }
    return Dictionary(uniqueKeysWithValues: doctor + RegistryFault.all.map { ($0.name, $0.rule) })
  }()

  private static func rules(of trouble: Trouble) throws -> [String] {
    switch trouble.shown {
    case .rows(let names):
      try names.map { try #require(first[$0], "\($0) is no row") }.reduce(into: []) { all, rule in
        if !all.contains(rule) { all.append(rule) }
      }
    case .files(let rules, _, _, _), .elsewhere(let rules): rules
    case .not: []
    }
  }

  private static func page() throws -> String {
    let titles = try titles.get()
    func link(_ rule: String) -> String { "[\(rule)](rules/\(rule).md)" }
    let troubles = try Trouble.all.map { trouble in
      let answer =
        if case .not(let why) = trouble.shown { "not told: \(why)" } else {
          try rules(of: trouble).map(link).joined(separator: ", ")
        }
      return "| \(trouble.rank) | \(trouble.what) | \(answer) |"
    }
    let groups: [(String, [String])] = [
      ("Kubernetes, and what is stored in etcd", FaultRow.doctor.map(\.name)),
      ("Consul and consul_kv", RegistryFault.consul.map(\.name)), ("Eureka", RegistryFault.eureka.map(\.name)),
      ("Nacos", RegistryFault.nacos.map(\.name)), ("DNS", RegistryFault.dns.map(\.name)),
      ("etcd", RegistryFault.etcd.map(\.name)), ("ZooKeeper with apisix-seed", RegistryFault.zooKeeper.map(\.name)),
      ("A gateway that runs", RegistryFault.gateway.map(\.name)),
    ]
    let tables = groups.map { title, names in
      let counted = Dictionary(grouping: names) { first[$0] ?? "" }.sorted { $0.key < $1.key }
      let lines = counted.map { rule, names in "| \(titles[rule] ?? "") | \(link(rule)) | \(names.count) |" }
      return "## \(title): \(names.count)\n\n| what is wrong | doctor says first | faults |\n|---|---|---|\n"
        + lines.joined(separator: "\n")
    }
    return """
      # What doctor was tried on

      \(first.count) faults, each set up on real servers and looked at by `gatecheck doctor`, which must name the one rule
      below before all others; and as many healthy twins, which differ from the fault in one thing and of which it must
      say nothing. Nacos, Eureka and gateways are stubs that answer as the real ones did. \(FaultPair.all.count) pairs of faults at
      once: both are named.

      ## What people ask about most

      | | trouble | doctor says |
      |---|---|---|
      \(troubles.joined(separator: "\n"))

      \(tables.joined(separator: "\n\n"))

      """
  }
}
