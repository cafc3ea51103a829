import APISIX
import Foundation
import TestSupport
import Testing

/// One question, one answer: whatever command is asked, the same finding at the same place, and the same status.
@Suite("The same question, every command") struct SameQuestionTests {
  struct Question: CustomTestStringConvertible {
    let testDescription: String
    let files: [String: String]
    let commands: [[String]]
    /// nil where the command has more to say, as that no server answers.
    let status: Int32?
    /// `FILE:LINE:COLUMN: severity: message [rule]`, and the help; none where all is well.
    let finding: (line: String, help: String)?
  }

  @Test(arguments: Self.questions) func hasOneAnswer(_ question: Question) throws {
    let folder = try Folder(question.files)
    for command in question.commands {
      // What is made for kubectl has no document; what it cannot make stands on standard error.
      let isForKubectl = command.starts(with: ["rbac", "generate"])
      let format = isForKubectl ? [] : ["-o", "json"]
      let ended = try gatecheck(command + format, in: folder.path)
      let said = "\(command): \(ended.status) \(ended.output) \(ended.errors)"
      if let status = question.status { #expect(ended.status == status, "\(said)") }
      if isForKubectl {
        #expect(ended.output == "", "\(said)")
        if let (line, help) = question.finding {
          // A file as a whole is quoted from its first line.
          let line = line.replacing("yaml: error", with: "yaml:1:1: error")
          #expect(ended.errors.hasPrefix(line + "\n") && ended.errors.contains("help: \(help)\n"), "\(said)")
        }
        continue
      }
      let found = (try ended.json()["findings"] as? [[String: Any]] ?? []).filter { finding in
        question.finding.map { $0.line.hasSuffix("[\(finding["rule"] ?? "")]") }
          ?? (finding["severity"] as? String == "error")
      }
      #expect(found.map(Self.line) == (question.finding.map { [$0.line] } ?? []), "\(said)")
      #expect(found.map { $0["help"] as? String } == (question.finding.map { [$0.help] } ?? []), "\(said)")
    }
  }

  private static func line(_ finding: [String: Any]) -> String {
    let start = (finding["range"] as? [String: Any])?["start"] as? [String: Any]
    let place = [finding["file"], start?["line"], start?["column"]].compactMap { $0.map { "\($0)" } }
    return (place + [""]).joined(separator: ":") + (place.isEmpty ? "" : " ")
      + "\(finding["severity"] ?? ""): \(finding["message"] ?? "") [\(finding["rule"] ?? "")]"
  }

  // MARK: the questions

  private static let questions = [
    unknownCluster, unknownClusterOfOne, noKubernetes, noDiscovery, notYAML, refused, hidden, unsetTokens,
    finalLineBreak,
  ]

  private static let name = "default/plat-dev:http"

  /// Every command that reads a configuration.
  private static func all(_ more: String...) -> [[String]] {
    let offline = [
      ["resolve", "one/" + name, "--from", "endpoints.yaml"], ["resolve", "--all", "--from", "endpoints.yaml"],
      ["token", "inspect"], ["rbac", "generate"],
    ]
    let live = [
      ["resolve", "one/" + name], ["resolve", "--all"], ["token", "verify"], ["rbac", "verify"], ["rbac", "diff"],
    ]
    return (offline + live.map { $0 + ["--request-timeout", "1"] }).map { $0 + ["--config", "config.yaml"] + more }
      + [["token", "create", "--into", "config.yaml", "--server", "https://127.0.0.1:1"] + more]
  }

  private static let endpoints = endpointsText("plat-dev", "default", at: "10.0.0.1", port: 80)

  private static func files(_ config: String, _ more: [String: String] = [:]) -> [String: String] {
    ["config.yaml": config, "endpoints.yaml": endpoints].merging(more) { $1 }
  }

  private static let cluster = "service: {host: 127.0.0.1, port: \"1\"}, client: {token: a.b.c}"

  private static let unknownCluster = Question(
    testDescription: "a cluster that is not there",
    files: files("discovery:\n  kubernetes:\n    - {id: one, \(cluster)}\n    - {id: two, \(cluster)}\n"),
    commands: all("--cluster", "nope"), status: 2,
    finding: (
      "config.yaml:2:3: error: there is no cluster \"nope\" in this file [config/unknown-cluster]", "ids: one, two"
    ))

  private static let unknownClusterOfOne = Question(
    testDescription: "a cluster's id where there is no list",
    files: files("discovery:\n  kubernetes: {id: one, \(cluster)}\n"),
    commands: all("--cluster", "one"), status: 2,
    finding: (
      "config.yaml:2:3: error: there is no cluster \"one\" in this file [config/unknown-cluster]",
      "it has one cluster, without an id; leave --cluster out"
    ))

  private static let noKubernetes = Question(
    testDescription: "no discovery.kubernetes",
    files: files("apisix: {}\ndiscovery:\n  nacos:\n    host: [\"http://127.0.0.1:1\"]\n"),
    // All services are those of Nacos.
    commands: all().filter { !$0.starts(with: ["resolve", "--all"]) }, status: 1,
    finding: (
      "config.yaml:2:1: error: there is no discovery.kubernetes in this file, only nacos [config/no-kubernetes]",
      "gatecheck lint config.yaml"
    ))

  private static let noDiscovery = Question(
    testDescription: "no discovery", files: files("apisix: {}\n"), commands: all(), status: 1,
    finding: (
      "config.yaml: error: there is no discovery.kubernetes in this file [config/no-kubernetes]",
      "gatecheck lint config.yaml"
    ))

  private static let notYAML = Question(
    testDescription: "a file that is not YAML", files: files("discovery:\n  kubernetes: {\n"), commands: all(),
    status: 1,
    finding: (
      "config.yaml:3:1: error: APISIX \(Release.newest) would not start: 2:15: did not find expected node content [config/refused]",
      "gatecheck lint config.yaml"
    ))

  /// APISIX refuses the port; what the objects give does not hang on it.
  private static let refused = Question(
    testDescription: "a configuration that APISIX refuses",
    files: files(
      "discovery:\n  kubernetes:\n    service: {host: 127.0.0.1, port: 6443}\n    client: {token: a.b.c}\n"),
    commands: [
      ["resolve", name, "--from", "endpoints.yaml"], ["resolve", "--all", "--from", "endpoints.yaml"],
      ["resolve", name], ["resolve", name, "--watch"], ["resolve", "--all"], ["token", "verify"], ["rbac", "verify"],
      ["rbac", "diff"],
    ].map { $0 + ["--config", "config.yaml", "--request-timeout", "1"] }, status: nil,
    finding: (
      "config.yaml:3:38: error: APISIX \(Release.newest) would not start: invalid discovery kubernetes configuration: object "
        + "matches none of the required [config/refused]",
      "gatecheck lint config.yaml"
    ))

  private static let hidden = Question(
    testDescription: "a service that a selector hides",
    files: files("discovery:\n  kubernetes:\n    namespace_selector: {equal: prod}\n"),
    commands: [["resolve", name, "--from", "endpoints.yaml", "--config", "config.yaml"]], status: 1,
    finding: (
      "config.yaml:3:33: error: default/plat-dev is there, but namespace_selector leaves out the namespace default "
        + "[resolve/hidden-service]",
      "widen discovery.kubernetes.namespace_selector"
    ))

  private static let unsetTokens = Question(
    testDescription: "files in place of servers need no token",
    files: files("discovery:\n  kubernetes:\n    - {id: one, service: {host: \"${HOST}\", port: \"${{PORT}}\"}}\n"),
    commands: [["one/" + name], ["--all"]].map {
      ["resolve"] + $0 + ["--from", "endpoints.yaml", "--config", "config.yaml"]
    }, status: 0, finding: nil)

  private static let finalLineBreak = Question(
    testDescription: "a service name with one final line break",
    files: files(
      "discovery:\n  kubernetes: {\(cluster)}\n",
      [
        "apisix.yaml": """
        routes:
          - uri: /a
            upstream:
              type: roundrobin
              discovery_type: kubernetes
              service_name: |
                default/plat-dev:http
        #END

        """
      ]),
    commands: [
      ["lint", "apisix.yaml"], ["resolve", name + "\n", "--from", "endpoints.yaml"],
      ["resolve", "--referenced", "apisix.yaml", "--from", "endpoints.yaml"],
    ], status: 0, finding: nil)

  // MARK: and of a part of the commands

  /// Only what decides on nodes costs them.
  @Test func aRefusedConfigurationStillGivesNodes() throws {
    let folder = try Folder(Self.refused.files)
    func nodes(_ selector: String, _ more: String...) throws -> (status: Int32, hosts: [String]?, rules: [String]) {
      try folder.write("config.yaml", Self.refused.files["config.yaml", default: ""] + selector)
      let ended = try gatecheck(
        ["resolve", Self.name, "-o", "json", "--config", "config.yaml", "--from", "endpoints.yaml"] + more,
        in: folder.path)
      let nodes = try ended.json()["nodes"] as? [[String: Any]]
      return (ended.status, nodes?.compactMap { $0["host"] as? String }, ended.rules)
    }
    #expect(try nodes("") == (1, ["10.0.0.1"], ["config/refused"]))
    #expect(try nodes("    namespace_selector: {equal: 5}\n") == (1, nil, ["config/refused"]))
    // With the environment it is said how APISIX would start, and it does not.
    #expect(try nodes("", "--env", "A=1") == (1, nil, ["config/refused"]))
  }
}
