import Foundation
import TestSupport
import Testing

/// The rules whose help or page has a command, as far as servers are asked: each has a fault in `HelpLineFault`, or a
/// word here why not.
@Suite struct HelpLineRules {
  private static let elsewhere = [
    "config/several-clusters": "the page: the same command with --cluster",
    "connect/name-not-resolved": "no command: a file of kubectl's",
    "connect/no-server": "the page: the same command with a server",
    "connect/proxy": "the page: the same command past the proxy",
    "kubeconfig/invalid": "the page: how to list what a file has",
    "rbac/list-missing": "what rbac/watch-missing prints, where a server does not list all of its rules",
    "rbac/may-not-create": "run in DoctorPreTests", "rbac/namespace-missing": "run in DoctorPreTests",
    "rbac/token-subject": "lint's alone",
    "registry/consul-other-namespace": "Consul Enterprise's alone: no server of it can be had",
    "registry/default-service": "no command: what keeps the name from being found is told beside it",
    "registry/dns-short-name": "no command: the name is to be written whole",
    "registry/nacos-not-referenced": "the same command with --etcd or --referenced, run in NacosStubTests",
    "registry/no-list": "the same command with a name, of RegistryAllTests",
    "registry/own-module": "the same command with --control, run in RegistryAllTests",
    "resolve/label-selector": "no command",
    "resolve/other-registry": "the page: the same command with --config",
    "resolve/service-unseen": "the page: the same command with --kubeconfig",
    "server/bad-request": "it names lint, and no file",
    "server/error": "the page: how to look at a server that fails",
    "tls/not-a-tls-port": "no command",
    "token/not-confirmed": "the same command with --confirm",
  ]

  @Test func noPrintedCommandIsLeftOut() throws {
    let shown = Set(HelpLineFault.all.flatMap(\.rules) + HelpLineTests.others.map(\.rule))
      .union(["tls/untrusted-certificate", "server/endpoints-deprecated"])
    let left = try Self.inPages().union(Self.inSources()).subtracting(shown)
    #expect(left.subtracting(Self.elsewhere.keys).sorted() == [], "run their commands, or say why not")
    #expect(Set(Self.elsewhere.keys).subtracting(left).sorted() == [], "has no command, or is shown")
  }

  private static let asking = ["config", "connect", "kubeconfig", "rbac", "resolve", "server", "tls", "token"]

  /// Rules whose page has a command in what it says to do.
  private static func inPages() throws -> Set<String> {
    let rules = try gatecheck("rules", "-o", "json").json()["rules"] as? [[String: Any]] ?? []
    return Set(
      rules.compactMap { rule -> String? in
        let id = rule["id"] as? String ?? ""
        let fix = rule["fix"] as? String ?? ""
        let isCommand = fix.contains(#/\b(?:gatecheck (?:lint|rbac|resolve|token)|kubectl) [a-z-]/#)
        return isCommand && asking.contains { id.hasPrefix($0 + "/") } ? id : nil
      })
  }

  /// Rules behind whose name a command is written, or is made by what makes commands.
  private static func inSources() throws -> Set<String> {
    var ids: [String: String] = [:]
    var found: Set<String> = []
    let files = Checkout.files(below: Checkout.path("Sources"), suffix: ".swift")
      .filter { $0.hasPrefix("Probes/") || $0.hasPrefix("Common/") }
    let texts = try files.map { try Checkout.text("Sources/" + $0) }
    for text in texts {
      for match in text.matches(of: #/static let (\w+): Rule = """\s+(\S+) \(/#) {
        let owner = text[..<match.range.lowerBound].matches(of: #/enum (\w+)/#).last.map { String($0.1) } ?? ""
        ids["\(owner).\(match.1)"] = String(match.2)
      }
    }
    let makers = #/\b(?:kubectl [a-z-]|gatecheck [a-z]|(?:takeAnew|takeOne|made|renewal|newAccount|remake|apply)\b)/#
    for text in texts {
      let code = text.replacing(#/static let \w+: Rule = """(?s:.*?)"""/#, with: "")
      let names = code.matches(of: #/\b([A-Z]\w*Rules\.\w+)/#)
      for (index, name) in names.enumerated() {
        let end = index + 1 < names.count ? names[index + 1].range.lowerBound : code.endIndex
        let rest = code[name.range.upperBound..<end]
        let statement = rest.firstRange(of: "\n  }").map { rest[..<$0.lowerBound] } ?? rest
        if statement.contains(makers), let id = ids[String(name.1)] { found.insert(id) }
      }
    }
    return found
  }
}
