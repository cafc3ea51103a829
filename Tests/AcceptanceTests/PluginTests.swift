import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// Called as kubectl calls its plugin, it says what is to be typed then.
@Suite struct PluginTests {
  private func plugin(_ arguments: String, environment: [String: String] = [:]) throws -> Ended {
    let folder = try Folder(copyOf: Checkout.examples)
    try folder.write("401.log", Checkout.text("Tests/Fixtures/logs/k8s-401-token-expired.log"))
    try folder.link("kubectl-gatecheck", to: Checkout.binary)
    return try bash("\(folder.path)/kubectl-gatecheck \(arguments)", in: folder.path, environment: environment)
  }

  @Test(arguments: [
    ("--help", "USAGE: kubectl gatecheck <subcommand>"),
    ("help", "See 'kubectl gatecheck help <subcommand>'"),
    ("token --help", "USAGE: kubectl gatecheck token <subcommand>"),
    ("token verify --help", "USAGE: kubectl gatecheck token verify [<options>]"),
    ("token verify --help", "To get a token: kubectl gatecheck token create --help."),
    ("lint --nonsense", "Usage: kubectl gatecheck lint [<flags>] [<path> ...]"),
    ("lint --nonsense", "See 'kubectl gatecheck lint --help'"),
    ("lintt", "did you mean kubectl gatecheck lint?"),
    ("verify", "kubectl gatecheck rbac verify, kubectl gatecheck registry verify or kubectl gatecheck token verify?"),
    ("lintt", "Usage: kubectl gatecheck <command>\n  See 'kubectl gatecheck --help'"),
    ("explain zzzzqqq", "All rules: kubectl gatecheck rules"),
    ("explain kubeconfig/invalid", "kubectl gatecheck token verify --kubeconfig"),
    ("lint broken.yaml", "more: kubectl gatecheck explain RULE"),
    ("logs explain 401.log", "kubectl gatecheck token verify"),
  ])
  func itSaysWhatToType(arguments: String, told: String) throws {
    let ended = try plugin(arguments)
    let text = ended.output + ended.errors
    #expect(text.contains(told), "\(text)")
    #expect(!text.contains("kubectl kubectl"), "\(text)")
    let bare = text.replacing("kubectl gatecheck ", with: "")
    let words = Commands.all.map { $0.name.prefix { $0 != " " } }
    for word in words { #expect(!bare.contains("gatecheck \(word) "), "\(bare)") }
  }

  /// What programs read is the same under either name.
  @Test(arguments: [
    "lint -o json broken.yaml", "lint -o sarif broken.yaml", "rbac generate", "completion bash", "completion fish",
    "--generate-completion-script fish", "rules -o json", "--version", "schema",
    "resolve default/plat-dev:prt --from endpoints.yaml -o json",
  ])
  func documentsStayAsTheyAre(arguments: String) throws {
    #expect(try plugin(arguments).output == gatecheck(arguments.split(separator: " ").map(String.init)).output)
  }

  @Test(arguments: [
    ("run gatecheck lint; see .gatecheck.yaml", "run kubectl gatecheck lint; see .gatecheck.yaml"),
    ("where gatecheck runs, gatecheck and gatecheck", "where gatecheck runs, gatecheck and gatecheck"),
    ("`gatecheck rules`: gatecheck rules", "`kubectl gatecheck rules`: kubectl gatecheck rules"),
    (
      "/usr/bin/gatecheck lint | gatecheck logs explain -", "/usr/bin/gatecheck lint | kubectl gatecheck logs explain -"
    ),
  ])
  func onlyCommandsAreMeant(text: String, spoken: String) { #expect(Program.asPlugin(text) == spoken) }
}
