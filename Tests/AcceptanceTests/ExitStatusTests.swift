import Findings
import Foundation
import Probes
import TestSupport
import Testing

@testable import gatecheck

/// 0, 1, 2 and 3 mean the same in every command and in every format.
@Suite struct ExitStatusTests {
  static let findingFormats = OutputFormat.allCases.map(\.rawValue)
  static let nodeFormats = ResolveFormat.allCases.map(\.rawValue)

  @Test(arguments: findingFormats) func lint(format: String) throws {
    #expect(try gatecheck("lint", "-o", format, "config.yaml").status == 0)
    #expect(try gatecheck("lint", "-o", format, "broken.yaml").status == 1)
    #expect(try gatecheck("lint", "-o", format, "--exit-zero", "broken.yaml").status == 0)
    #expect(try gatecheck("lint", "-o", format, "--fail-on", "note", "config.yaml").status == 1)
    #expect(try gatecheck("lint", "-o", format, "--select", "token/", "--fail-on", "error", "config.yaml").status == 0)
    #expect(try gatecheck("lint", "-o", format, "--nonsense", "config.yaml").status == 2)
    #expect(try gatecheck("lint", "-o", format, "--select", "tokn/", "config.yaml").status == 2)
    #expect(try gatecheck("lint", "-o", format, "--apisix-version", "new", "config.yaml").status == 2)
    #expect(try gatecheck("lint", "-o", format, "absent.yaml").status == 3)
    #expect(try gatecheck("lint", "-o", format, "--exit-zero", "absent.yaml").status == 3)
    #expect(try gatecheck("lint", "-o", format, "--env-file", "absent.env", "config.yaml").status == 3)
    let empty = try Folder()
    #expect(try gatecheck("lint", "-o", format, in: empty.path).status == 3)
    try empty.write(".gatecheck.yaml", "nonsense: 1\n")
    #expect(try gatecheck("lint", "-o", format, in: empty.path).status == 2)
  }

  @Test(arguments: nodeFormats) func resolve(format: String) throws {
    let from = ["--from", "endpoints.yaml", "-o", format]
    #expect(try gatecheck(["resolve", "default/plat-dev:port"] + from).status == 0)
    #expect(try gatecheck(["resolve", "default/plat-dev:prt"] + from).status == 1)
    #expect(try gatecheck(["resolve", "default/plat-dev:prt", "--exit-zero"] + from).status == 0)
    #expect(try gatecheck(["resolve", "default/plat-dev:prt", "--ignore", "resolve/"] + from).status == 1)
    #expect(try gatecheck(["resolve", "plat-dev", "--nonsense"] + from).status == 2)
    #expect(try gatecheck(["resolve"] + from).status == 2)
    #expect(try gatecheck(["resolve", "default/plat-dev:port", "--apisix-version", "2.1"] + from).status == 2)
    #expect(try gatecheck(["resolve", "default/plat-dev:port", "--select", "reslve/"] + from).status == 2)
    #expect(try gatecheck("resolve", "default/plat-dev:port", "-o", format, "--from", "absent.yaml").status == 3)
    #expect(
      try gatecheck(["resolve", "default/plat-dev:port", "--config", "absent.yaml"] + from).status == 3)
  }

  @Test(arguments: ManifestFormat.words) func rbacGenerate(format: String) throws {
    #expect(try gatecheck("rbac", "generate", "-o", format).status == 0)
    let name = try gatecheck("rbac", "generate", "-o", format, "--name", "Apisix", "--label", "a b=c")
    #expect(name.status == 2 && name.output == "")
    #expect(name.errors.contains("gatecheck: --name \"Apisix\" has upper-case letters"))
    #expect(name.errors.contains("gatecheck: --label \"a b\" may hold only"), "\(name.errors)")
    #expect(try gatecheck("rbac", "generate", "-o", format, "--nonsense").status == 2)
    #expect(try gatecheck("rbac", "generate", "-o", format, "--config", "absent.yaml").status == 3)
    #expect(try gatecheck("rbac", "generate", "-o", format, "--output-dir", "/proc/none").status == 3)
  }

  @Test func others() throws {
    #expect(try gatecheck("rules").status == 0)
    #expect(try gatecheck("rules", "-o", "nonsense").status == 2)
    #expect(try gatecheck("explain", "token/expired").status == 0)
    #expect(try gatecheck("explain", "token/expird").status == 2)
    #expect(try gatecheck("explain").status == 2)
    #expect(try gatecheck("nonsense").status == 2)
    #expect(try gatecheck("--nonsense").status == 2)
    #expect(try gatecheck("lint", "-o", "yaml").status == 2)
    #expect(try gatecheck("rbac").status <= 2)
  }

  /// One document whatever happens, once the arguments are understood.
  @Test(
    arguments: [
      (["lint", "config.yaml"], 0), (["lint", "broken.yaml"], 1), (["lint", "absent.yaml"], 3),
      (["lint", "--select", "tokn/", "config.yaml"], 2), (["lint", "--apisix-version", "new", "config.yaml"], 2),
      (["lint", "--env-file", "absent.env", "config.yaml"], 3), (["lint", "--files-from", "absent.txt"], 3),
      (["resolve", "default/plat-dev:port", "--from", "endpoints.yaml"], 0),
      (["resolve", "default/plat-dev:prt", "--from", "endpoints.yaml"], 1),
      (["resolve", "plat-dev", "--from", "endpoints.yaml"], 1),
      (["resolve", "default/plat-dev:port", "--from", "absent.yaml"], 3),
      (["resolve", "default/plat-dev:port", "--from", "broken.yaml"], 1),
      (["resolve", "default/plat-dev:port", "--config", "absent.yaml", "--from", "endpoints.yaml"], 3),
      (["resolve", "default/plat-dev:port", "--apisix-version", "2.1", "--from", "endpoints.yaml"], 2),
      (["resolve", "default/plat-dev:port", "--select", "reslve/", "--from", "endpoints.yaml"], 2),
    ] as [([String], Int32)])
  func jsonIsOneDocument(arguments: [String], status: Int32) throws {
    let ended = try gatecheck(arguments + ["-o", "json"])
    #expect(ended.status == status)
    let document = try ended.json()
    #expect(document["schemaVersion"] as? Int == 1)
    #expect(document["gatecheck"] as? String == Version.current)
    #expect(document["command"] as? String == arguments[0])
    #expect(document["findings"] is [Any])
    #expect(document["summary"] is [String: Any])
    if arguments[0] == "resolve" { #expect(document["nodes"] != nil && document["serviceName"] != nil) }
    if status > 1 { #expect(!ended.rules.isEmpty, "a status of \(status) says why") }
  }

  /// ArgumentParser's time grows with the square of the words.
  @Test func aWrongCallWithThousandsOfPathsIsToldAtOnce() throws {
    let paths = (0..<20_000).map { "deploy/\($0).yaml" }
    // It may take five seconds of a processor.
    let long = try bash(
      "ulimit -t 5; exec gatecheck lint deploy/{1..20000}.yaml --color always --nonsense deploy/{1..20000}.yaml")
    #expect(long.status == 2)
    #expect(try long.errors == gatecheck("lint", "--nonsense").errors)
    #expect(try gatecheck(["explain", "token/expired"] + paths).status == 2)
  }

  @Test func aWrongCallNamesTheRightOne() throws {
    let format = try gatecheck("lint", "-o", "jsn")
    #expect(format.status == 2 && format.errors.contains("did you mean json?"))
    #expect(format.output == "")
    let rule = try gatecheck("lint", "--select", "kubernetes/port", "config.yaml")
    #expect(rule.status == 2 && rule.errors.contains("gatecheck: ") && rule.errors.contains("kubernetes/port"))
    let command = try gatecheck("lnt")
    #expect(command.status == 2 && command.errors.contains("lnt"))
    let flag = try gatecheck("lint", "--exitzero")
    #expect(flag.errors.contains("--exit-zero"))
  }
}
