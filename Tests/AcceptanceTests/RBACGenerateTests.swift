import Foundation
import TestSupport
import Testing

/// `rbac generate`: every option has its output in Tests/Golden/acceptance/rbac/.
@Suite struct RBACGenerateTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let arguments: [String]
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "default", arguments: []),
    Case(name: "named", arguments: ["--name", "apisix-test", "--namespace", "gateway"]),
    Case(name: "short-namespace", arguments: ["-n", "gateway"]),
    Case(
      name: "all-names",
      arguments: [
        "--name", "a", "--cluster-role", "b", "--cluster-role-binding", "c", "--secret-name", "d",
      ]),
    Case(name: "slices", arguments: ["--watch-endpoint-slices"]),
    Case(name: "slices-both", arguments: ["--watch-endpoint-slices=both"]),
    Case(name: "minimal", arguments: ["--minimal"]),
    Case(name: "minimal-slices", arguments: ["--minimal", "--watch-endpoint-slices=both"]),
    Case(name: "before-1.24", arguments: ["--kubernetes-version", "1.23"]),
    Case(name: "before-1.24-secret", arguments: ["--kubernetes-version", "v1.23.4", "--token-secret"]),
    Case(name: "labels", arguments: ["--label", "app=apisix", "--label", "team=x", "--annotation", "why=a: b # c"]),
    Case(name: "json", arguments: ["-o", "json"]),
    Case(name: "json-all", arguments: ["-o", "json", "--watch-endpoint-slices=both", "--label", "a=b"]),
    Case(name: "config", arguments: ["--config", "config.yaml"]),
  ]

  @Test(arguments: cases) func everyOption(_ option: Case) throws {
    let ended = try gatecheck(["rbac", "generate"] + option.arguments)
    let told: String? =
      switch option.name {
      // The Secret is made by Kubernetes: how to read it is told aside.
      case "before-1.24": "gatecheck token create --name apisix --namespace default --output-file FILE\n"
      // `make cluster` writes the token that the file names.
      case "config" where (try? Checkout.text("docs/examples/.cluster/token")) != nil:
        "for the token's account: --name apisix-test --namespace default\n"
      default: nil
      }
    #expect(ended.status == 0)
    #expect(told.map { ended.errors.contains($0) } ?? (ended.errors == ""), "\(ended.errors)")
    try expectGolden(ended.output, "Tests/Golden/acceptance/rbac/\(option.name).out")
    #expect(try gatecheck(["rbac", "generate"] + option.arguments).output == ended.output)
  }

  @Test(arguments: cases) func whatIsGeneratedLintsClean(_ option: Case) throws {
    let text = try gatecheck(["rbac", "generate"] + option.arguments).output
    let lint = try gatecheck("lint", "--fail-on", "note", "-", input: text)
    #expect(lint.status == 0, "\(lint.output)")
  }

  @Test func theConfigSaysWhatIsNeeded() throws {
    let fixtures = Checkout.fixtures + "/ok"
    let slices = try gatecheck("rbac", "generate", "--config", "config-slices.yaml", in: fixtures)
    #expect(try slices.output == gatecheck("rbac", "generate", "--watch-endpoint-slices").output)
    let older = try gatecheck(
      "rbac", "generate", "--config", "config-slices.yaml", "--apisix-version", "3.10", in: fixtures)
    #expect(try older.output == gatecheck("rbac", "generate", "--watch-endpoint-slices=both").output)
    let none = try gatecheck("rbac", "generate", "--config", "config-other-registries.yaml", in: fixtures)
    #expect(none.status == 1 && none.output == "" && none.errors.contains("no discovery.kubernetes"))
  }

  @Test func oneFileAnObject() throws {
    let folder = try Folder()
    let ended = try gatecheck("rbac", "generate", "--output-dir", folder["out"])
    #expect(ended.status == 0 && ended.output == "")
    #expect(folder.names().count == 4)
    let joined = try ["service-account", "cluster-role", "cluster-role-binding", "secret"]
      .map { try folder.read("out/\($0).yaml") }.joined(separator: "---\n")
    #expect(try joined == gatecheck("rbac", "generate").output)
    #expect(try gatecheck("rbac", "generate", "-q", "--output-dir", folder["out"]).errors == "")
    #expect(try gatecheck("rbac", "generate", "-o", "json", "--output-dir", folder["json"]).status == 0)
    #expect(folder.names().filter { $0.hasSuffix(".json") }.count == 4)
  }

  @Test(arguments: [
    ["--name", "Apisix"], ["--name", "a_b"], ["--name", "-a"], ["--name", ""],
    ["--name", String(repeating: "a", count: 254)], ["--namespace", "a.b"], ["--namespace", "kube:system"],
    ["--secret-name", "a/b"], ["--label", "a b=c"], ["--label", "a"], ["--label", "a=b c"], ["--annotation", "x"],
    ["--kubernetes-version", "new"], ["--watch-endpoint-slices=none"], ["-o", "table"], ["--name", "a\nb: c"],
    ["--cluster-role", "a/b"], ["--cluster-role-binding", ".."],
  ])
  func namesAreCheckedAsKubernetesChecksThem(arguments: [String]) throws {
    let ended = try gatecheck(["rbac", "generate"] + arguments)
    #expect(ended.status == 2, "\(arguments)")
    #expect(ended.output == "" && !ended.errors.isEmpty)
  }
}
