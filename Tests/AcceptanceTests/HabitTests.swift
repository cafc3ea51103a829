import Foundation
import TestSupport
import Testing

/// What users of kubectl and of other linters type: taken, or answered with what to type.
@Suite struct HabitTests {
  @Test(arguments: [
    ("lintt broken.yaml", "There is no command 'lintt'; did you mean gatecheck lint?"),
    ("tokn verify", "There is no command 'tokn'; did you mean gatecheck token verify?"),
    ("token verfy", "There is no command 'token verfy'; did you mean gatecheck token verify?"),
    ("token nonsense", "did you mean gatecheck token verify, token inspect, token create?"),
    ("verify", "did you mean gatecheck rbac verify, gatecheck registry verify or gatecheck token verify?"),
    ("generate", "did you mean gatecheck rbac generate?"),
    ("validate config.yaml", "did you mean gatecheck lint?"),
    ("config.yaml", "There is no command 'config.yaml'; did you mean gatecheck lint config.yaml?"),
    ("qqqqq", "There is no command 'qqqqq'."),
    ("help nosuch", "There is no command 'nosuch'."),
    ("help lintt", "did you mean gatecheck lint?"),
    ("lint --frmat json a", "There is no flag --frmat; did you mean --output?"),
    ("lint --format=json a", "did you mean --output?"),
    ("lint --selec token a", "did you mean --select?"),
    ("lint -quiet a", "did you mean --quiet?"),
    ("lint --nonsense a", "There is no flag --nonsense."),
    ("lint --no-color a", "There is no flag --no-color: write --color never, or set NO_COLOR."),
    ("token verify --token=eyJsecret", "--token-file FILE, or set GATECHECK_TOKEN"),
    ("token verify --kubeconfg f", "did you mean --kubeconfig?"),
    ("token verify --insecure", "did you mean --insecure-skip-tls-verify?"),
    ("token verify -n kube-system", "namespace_selector"),
    ("rules extra", "Unexpected argument 'extra'."),
    ("explain", "<rule> is missing"),
    ("lint --output", "--output wants a value: --output <format>."),
    ("lint --fix=yes", "--fix stands alone, without a value."),
    ("resolve a/b:c -o jsn", "did you mean json?"),
    ("--versoin", "'--versoin'"),
  ])
  func isAnswered(call: String, told: String) throws {
    let ended = try gatecheck(call.split(separator: " ").map(String.init))
    #expect(ended.status == 2 && ended.output == "")
    #expect(ended.errors.contains(told), "\(ended.errors)")
    #expect(ended.errors.hasPrefix("gatecheck: ") && !ended.errors.contains("secret"), "\(ended.errors)")
    #expect(ended.errors.split(separator: "\n").count <= 5, "\(ended.errors)")
  }

  @Test func whatKubectlTakes() throws {
    let long = try gatecheck("lint", "-o", "json", "broken.yaml")
    #expect(try gatecheck("lint", "-ojson", "broken.yaml").output == long.output)
    #expect(try gatecheck("lint", "-otext", "broken.yaml").output == gatecheck("lint", "broken.yaml").output)
    let all = try gatecheck("resolve", "--all", "--from", "endpoints.yaml")
    #expect(all.status == 0)
    #expect(try gatecheck("resolve", "-A", "--from", "endpoints.yaml", "--request-timeout", "10s").output == all.output)
    #expect(try gatecheck("version").output == gatecheck("--version").output)
    #expect(try gatecheck("lint", "--help").status == 0)
    #expect(try gatecheck("lint", "--nonsense", "--help").output == gatecheck("lint", "--help").output)
  }

  @Test(arguments: [
    "3.18.0-debian", "v3.18.0", "3.18.0-redhat", "apache/apisix:3.18.0-debian", "APISIX/3.18.0", "3.18.0+build.5",
  ])
  func aReleaseAsItIsPasted(text: String) throws {
    let ended = try gatecheck("lint", "-ojson", "--apisix-version", text, "broken.yaml")
    #expect(try ended.output == gatecheck("lint", "-ojson", "--apisix-version", "3.18.0", "broken.yaml").output)
    #expect(try gatecheck("lint", "--apisix-version", "latest", "broken.yaml").status == 2)
  }

  @Test func aDocumentIsAloneOnStandardOutput() throws {
    let ended = try gatecheck("lint", "-o", "json", "-o", "text", "broken.yaml")
    #expect(try ended.json()["command"] as? String == "lint")
    #expect(try ended.errors == gatecheck("lint", "broken.yaml").output)
    #expect(try gatecheck("lint", "-o", "json=-", "broken.yaml").output == ended.output)
    let folder = try Folder()
    let resolved = try gatecheck(
      "resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "-o", "json=" + folder["out"])
    let plain = try gatecheck("resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "-o", "json")
    #expect(resolved.status == 0 && resolved.output == "")
    #expect(try folder.read("out") == plain.output)
  }

  // MARK: explain

  @Test func explainFindsAreas() throws {
    let area = try gatecheck("explain", "token")
    #expect(area.status == 0)
    #expect(area.output.split(separator: "\n").allSatisfy { $0.hasPrefix("token/") })
    #expect(try gatecheck("explain", "token/").output == area.output)
    #expect(try gatecheck("rules", "--select", "token").output == area.output)
    let selected = try gatecheck("lint", "--select", "kubernetes", "-ojson", "broken.yaml")
    #expect(try selected.output == gatecheck("lint", "--select", "kubernetes/", "-ojson", "broken.yaml").output)
    #expect(try gatecheck("lint", "--select", "kubernets", "broken.yaml").errors.contains("did you mean kubernetes/?"))
  }

  @Test(arguments: [
    ("Unauthorized", "log/list-unauthorized"), ("reason: Unauthorized", "log/list-unauthorized"),
    ("certificate of a node", "resolve/node-certificate"),
  ])
  func explainSearchesThePages(text: String, first: String) throws {
    let found = try gatecheck("explain", text)
    #expect(found.status == 0 && found.output.hasPrefix(first), "\(found.output)")
    #expect(found.output.split(separator: "\n").count <= 10)
  }

  /// A line of a log as it was pasted.
  @Test func explainKnowsTheRuleOfALine() throws {
    let found = try gatecheck("explain", "list failed, kind: Endpoints, reason: Unauthorized, message : Unauthorized")
    #expect(found.status == 0 && found.output.hasPrefix("log/list-unauthorized (error)"), "\(found.output)")
  }

  @Test func explainSaysWhereNothingIsFound() throws {
    let ended = try gatecheck("explain", "zzzyyyxxx")
    #expect(ended.status == 2 && ended.errors.hasPrefix("gatecheck: no rule is named zzzyyyxxx"))
    for text in ["xyzzy cannot", "xyzzy没有"] {
      #expect(try gatecheck("explain", text).errors.contains("gatecheck: no page speaks of xyzzy\n"))
    }
    #expect(try gatecheck("explain", "token/expired", "token/empty").status == 2)
    #expect(try gatecheck("explain", "kubernets").errors.contains("did you mean kubernetes/?"))
  }

  // MARK: config init

  /// Every line of the settings that `config init` explains is one that gatecheck takes.
  @Test func theSettingsAsTheyAreExplained() throws {
    let folder = try Folder(copyOf: Checkout.examples)
    #expect(try gatecheck("config", "init", in: folder.path).status == 0)
    let text = try folder.read(".gatecheck.yaml")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let taken = lines.map { line in
      line.contains(#/^# (?: *- )?\[?[a-z-]+: ?|^#   /#) ? String(line.dropFirst(2)) : line
    }
    #expect(taken.filter { !$0.isEmpty && !$0.hasPrefix("#") }.count > 8, "\(taken)")
    try folder.write(".gatecheck.yaml", taken.joined(separator: "\n").replacing("paths: [deploy/]", with: "paths: [.]"))
    let ended = try gatecheck("lint", in: folder.path)
    #expect(ended.status != 2 && !ended.output.contains("usage/settings"), "\(ended.output)\(ended.errors)")
  }

  @Test func aLogIsCalledOne() throws {
    let line = "2025/06/01 10:11:12 [error] 50#50: *114 [lua] informer_factory.lua:295: list failed, kind: Endpoints\n"
    let folder = try Folder(["error.log": line, "config.yaml": line])
    for name in ["error.log", "config.yaml"] {
      let ended = try gatecheck("lint", name, in: folder.path)
      let first = ended.output.split(separator: "\n").first ?? ""
      #expect(first.contains("this is a log"), "\(ended.output)")
    }
    let broken = try gatecheck("lint", "broken.yaml")
    #expect(broken.output.hasSuffix("\nmore: gatecheck explain RULE\n"))
    #expect(!(try gatecheck("lint", "-o", "short", "broken.yaml")).output.contains("more:"))
  }
}
