import Findings
import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// What real shells complete a line with, by the script that `gatecheck completion` prints.
@Suite struct CompletionTests {
  private static let zsh = DebianProgram("zsh")
  private static let fish = DebianProgram("fish")

  /// A line up to the cursor, ends of words that are offered for it, and some that are not.
  private static let lines: [(line: String, offers: [String], not: [String])] = [
    ("gatecheck ", ["lint", "rbac", "token", "logs", "completion", "help"], ["verify", "config.yaml"]),
    ("gatecheck to", ["token"], ["lint"]),
    ("gatecheck token ", ["verify", "inspect", "create"], ["lint", "explain"]),
    ("gatecheck help ", ["lint", "token"], ["verify", "config.yaml"]),
    ("gatecheck help token ", ["verify", "inspect"], ["lint", "config.yaml"]),
    ("gatecheck lint --s", ["--select", "--stdin-filename"], ["--output", "--server"]),
    ("gatecheck token verify --s", ["--select", "--server"], ["--stdin-filename"]),
    ("gatecheck lint ", ["config.yaml", "token.txt", "conf.d"], ["token/expired"]),
    ("gatecheck lint -q a conf.d/", ["upstreams.yaml"], ["config.yaml"]),
    ("gatecheck logs explain e", ["error.log"], ["config.yaml"]),
    ("gatecheck token verify --token-file ", ["config.yaml", "token.txt", "conf.d"], []),
    ("gatecheck token verify --config ", ["config.yaml", "conf.d"], ["token.txt"]),
    ("gatecheck token verify --config=conf.d/", ["upstreams.yaml"], ["notes"]),
    ("gatecheck rbac generate --output-dir ", ["conf.d"], ["config.yaml", "token.txt"]),
    ("gatecheck rbac generate --output-dir=ho", ["home"], ["conf.d"]),
    ("gatecheck rules --markdown-to ", ["conf.d"], ["config.yaml"]),
    ("gatecheck rbac generate --config ~/conf/", ["at-home.yaml"], ["at-home.txt"]),
    ("gatecheck lint --root ", ["conf.d"], ["config.yaml"]),
    ("gatecheck lint -o ", OutputFormat.allCases.map(\.rawValue), ["table", "yaml"]),
    ("gatecheck lint --output=s", ["short", "sarif"], ["json"]),
    ("gatecheck lint -ojs", ["json"], ["sarif", "config.yaml"]),
    ("gatecheck lint -qos", ["short", "sarif"], ["json"]),
    ("gatecheck resolve -oh", ["hosts"], ["table"]),
    ("gatecheck lint -ojson conf.d/", ["upstreams.yaml"], ["json"]),
    ("gatecheck lint -o sarif=", ["config.yaml", "token.txt", "conf.d"], ["sarif"]),
    ("gatecheck lint --output=sarif=conf.d/", ["upstreams.yaml"], ["config.yaml"]),
    ("gatecheck doctor -ojson=conf.d/", ["upstreams.yaml"], ["config.yaml"]),
    ("gatecheck resolve -o ", ["table", "hosts", "apisix", "sarif"], []),
    ("gatecheck rules -o ", ["text", "json"], ["sarif"]),
    ("gatecheck rbac generate -o ", ["yaml", "json"], ["text", "sarif"]),
    ("gatecheck explain token/exp", ["token/expired", "token/expires-within"], ["token/encoding"]),
    ("gatecheck explain tok", ["token/", "token/expired"], ["kubernetes/port-not-string"]),
    ("gatecheck lint --select ku", ["kubernetes/", "kubernetes/port-not-string"], ["token/expired"]),
    ("gatecheck lint --ignore=kubernetes/po", ["kubernetes/port-not-string"], ["kubernetes/host-is-url"]),
    ("gatecheck rules --select token/expi", ["token/expired"], ["token/encoding"]),
    ("gatecheck lint --apisix-version 3.", ["3.18.0", "3.2.2", "3.0.0"], ["2.13.0", "2.99.0"]),
    ("gatecheck schema --apisix-version ", ["2.13.0", "3.18.0"], ["2.99.0"]),
    ("gatecheck lint --upgrade-to 3.18", ["3.18.0"], ["3.17.0"]),
    ("gatecheck resolve --registry ", ["kubernetes", "nacos", "consul_kv"], ["tars"]),
    ("gatecheck resolve a/b:c --probe --from-", ["--from-pod"], []),
    ("gatecheck lint --fail-on w", ["warning"], ["error"]),
    ("gatecheck completion ", ["bash", "zsh", "fish"], ["config.yaml"]),
    (
      "gatecheck token verify --context ", ["kubernetes-admin@kubernetes", "生产"],
      ["arn:aws:eks:cluster/other", "touch", "***"]
    ),
    ("gatecheck token verify --context=kubernetes-", ["kubernetes"], ["生产"]),
    ("gatecheck rbac verify --kubeconfig other --context ", ["arn:aws:eks:cluster/other"], ["生产"]),
    ("gatecheck rbac verify --kubeconfig=other --context arn:aws:", ["eks:cluster/other"], ["生产"]),
    ("gatecheck rbac verify --kubeconfig token.txt --context ", [], ["生产", "verify"]),
    ("gatecheck rbac verify --kubeconfig nowhere --context ", [], ["生产", "verify"]),
    ("gatecheck rbac verify --kubeconfig ~/kubeconfig --context a", ["arn:aws:eks:cluster/home"], []),
  ]

  /// Some that only bash's script has more to say about.
  private static let linesInBash: [(line: String, offers: [String], not: [String])] = [
    ("gatecheck resolve a/b:c --probe=", ["tcp", "tls"], ["-", "--from-pod"]),
    ("gatecheck resolve a/b:c --probe=tl", ["tls"], ["tcp"]), ("gatecheck resolve --etcd=", [], ["--from-pod"]),
    ("gatecheck lint -o=js", ["json"], ["sarif"]),
    ("gatecheck lint -qo=sarif=conf.d/", ["upstreams.yaml"], ["config.yaml"]),
    ("gatecheck lint -noj", [], ["json"]),
  ]

  private let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYWRlLXVwIn0.bWFkZS11cA"

  private func kubeconfig(_ contexts: String...) -> String {
    "apiVersion: v1\nkind: Config\nusers: [{name: u, user: {token: \(token)}}]\ncontexts:\n"
      + contexts.map { "- {name: '\($0)', context: {cluster: c, user: u}}\n" }.joined()
  }

  /// Asks a shell about all lines at once, in a folder as users have it.
  private func completed(
    by shell: Shell, _ lines: [(line: String, offers: [String], not: [String])] = lines,
    _ run: (_ folder: Folder, _ script: String, _ environment: [String: String]) throws -> Ended
  ) throws {
    let folder = try Folder([
      "config.yaml": "", "token.txt": "\(token)\n- [", "error.log": "", "conf.d/upstreams.yaml": "", "conf.d/notes": "",
      "kube": kubeconfig("kubernetes-admin@kubernetes", "生产", "$(touch made)", token),
      "other": kubeconfig("arn:aws:eks:cluster/other"), "home/conf/at-home.yaml": "", "home/conf/at-home.txt": "",
      "home/kubeconfig": kubeconfig("arn:aws:eks:cluster/home"),
      "script": try gatecheck("completion", shell.rawValue).output,
    ])
    let environment = ["KUBECONFIG": folder["kube"], "HOME": folder["home"], "TERM": "dumb"]
    let ended = try run(folder, folder["script"], environment)
    #expect(ended.errors == "")
    #expect(!ended.output.contains(token) && !folder.names().contains("made"))
    let parts = ended.output.split(separator: "> gatecheck ", omittingEmptySubsequences: false).dropFirst()
    try #require(parts.count == lines.count, "\(ended.output)")
    for (row, part) in zip(lines, parts) {
      let offered = part.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
      func has(_ word: String) -> Bool { offered.contains { $0.hasSuffix(word) || $0.hasSuffix(word + "/") } }
      for word in row.offers { #expect(has(word), "\(row.line): \(word) in \(offered)") }
      for word in row.not { #expect(!has(word), "\(row.line): \(word) in \(offered)") }
    }
  }

  private var input: String { Self.lines.map { $0.line + "\n" }.joined() }

  @Test func inBash() throws {
    let more = Self.linesInBash.map { $0.line + "\n" }.joined()
    try completed(by: .bash, Self.lines + Self.linesInBash) { folder, script, environment in
      try bash(
        "source '\(Checkout.path("Tests/completion/complete.bash"))' '\(script)'", in: folder.path, input: input + more,
        environment: environment)
    }
  }

  @Test(.enabled(if: fish != nil, "no fish found")) func inFish() throws {
    let fish = try #require(Self.fish)
    try completed(by: .fish) { folder, script, environment in
      // It takes a second for a line, so several are asked, each about some.
      let asked = try stride(from: 0, to: Self.lines.count, by: 10).map { start in
        try bash(
          "exec '\(fish.path)' --no-config '\(Checkout.path("Tests/completion/complete.fish"))' '\(script)'",
          in: folder.path, input: Self.lines[start...].prefix(10).map { $0.line + "\n" }.joined(),
          environment: environment.merging(fish.environment) { $1 })
      }
      return Ended(
        status: asked.map(\.status).max() ?? 0, output: asked.map(\.output).joined(),
        errors: asked.map(\.errors).joined())
    }
  }

  /// Which has no completion without a terminal.
  @Test(.enabled(if: zsh != nil, "no zsh found")) func inZsh() throws {
    let zsh = try #require(Self.zsh)
    try completed(by: .zsh) { folder, script, environment in
      try folder.write("home/.zshrc", Checkout.text("Tests/completion/complete.zsh"))
      let shown = try bash(
        "script -qec \"'\(zsh.path)' -d -i\" /dev/null </dev/null", in: folder.path,
        environment: environment.merging([
          "ZDOTDIR": folder["home"], "ZSH_FILES": zsh.files ?? "", "COMPLETION_SCRIPT": script,
          "LINES_TO_COMPLETE": Self.lines.map(\.line).joined(separator: "\n"), "FOUND": folder["found"],
        ]) { $1 })
      let errors = shown.output.split(separator: "\n").filter { $0.contains("not found") || $0.contains("error") }
      return Ended(
        status: shown.status, output: try folder.read("found"), errors: errors.joined(separator: "\n"))
    }
  }

  @Test(arguments: Shell.allCases) func itIsAskedInSilence(shell: Shell) throws {
    let folder = try Folder(["config": "{"])
    for file in ["config", "nowhere", "/dev/zero", "."] {
      let words = ["gatecheck", "token", "verify", "--kubeconfig", file, "--context", ""]
      let ended = try gatecheck(
        ["---completion", "token", "verify", "--", "--context", "6", "0"] + words, in: folder.path,
        environment: ["SAP_SHELL": shell.rawValue])
      #expect(ended.status == 0 && ended.errors == "" && ended.output.allSatisfy(\.isWhitespace), "\(ended)")
    }
  }

  @Test func anUnknownShellIsRefused() throws {
    let ended = try gatecheck("completion", "tcsh")
    #expect(ended.status == 2 && ended.errors.hasPrefix("gatecheck: <shell> wants bash, zsh or fish, not 'tcsh'."))
    #expect(try gatecheck("completion").errors.hasPrefix("gatecheck: <shell> is missing"))
  }

  /// What is called a file is completed with files, and so on.
  @Test(arguments: Commands.all.map { $0.name }) func eachValueHasItsCompletion(command: String) {
    func check<Called: Command>(_: Called.Type) {
      for parameter in Called.parameters {
        let isRight =
          switch (parameter.placeholder, parameter.completion) {
          case ("file", .files), ("path", .files), ("dir", .folders), ("rule", .asked), ("format", .words): true
          case ("file", _), ("path", _), ("dir", _), ("rule", _), ("format", _): false
          default: parameter.words().isEmpty || parameter.completion != nil
          }
        #expect(isRight, "\(command) \(parameter.name)")
      }
    }
    for type in Commands.all where type.name == command { check(type) }
  }
}
