import Foundation
import TestSupport
import Testing

/// What stands on standard output and standard error, in which format and colour.
@Suite struct OutputTests {
  private static let escape = "\u{1B}["

  @Test(arguments: ExitStatusTests.findingFormats) func everyFormatCarriesRuleFileLineAndColumn(format: String) throws {
    let ended = try gatecheck("lint", "-o", format, "broken.yaml")
    #expect(ended.errors == "")
    for part in ["kubernetes/port-not-string", "broken.yaml", "11", "13"] {
      #expect(ended.output.contains(part), "\(format) lacks \(part)")
    }
    // SARIF carries the rules' pages, which have a golden of their own in docs/rules.
    if format != "sarif" { try expectGolden(ended.output, "Tests/Golden/acceptance/lint.\(format).out") }
  }

  @Test func theFormatsAreWhatTheirReadersParse() throws {
    let json = try gatecheck("lint", "-o", "json", "broken.yaml").json()
    let files = try #require(json["files"] as? [[String: Any]])
    let verdict = try #require(files.first?["verdict"] as? [String: Any])
    #expect(verdict["accepts"] as? Bool == false)
    #expect(verdict["stage"] as? String == "cli")
    let sarif = try gatecheck("lint", "-o", "sarif", "broken.yaml").json()
    #expect(sarif["version"] as? String == "2.1.0")
    let quality = try gatecheck("lint", "-o", "codeclimate", "broken.yaml").output
    let issues = try #require(try JSONSerialization.jsonObject(with: Data(quality.utf8)) as? [[String: Any]])
    #expect(issues.count == 4 && issues.allSatisfy { $0["fingerprint"] is String })
    let junit = try gatecheck("lint", "-o", "junit", "broken.yaml").output
    #expect(junit.hasPrefix("<?xml"))
    let short = try gatecheck("lint", "-o", "short", "broken.yaml").output.split(separator: "\n")
    #expect(short.count == 4)
    #expect(short.allSatisfy { $0.wholeMatch(of: #/[^:]+:\d+:\d+: (error|warning|note): .+ \[[a-z0-9\/-]+\]/#) != nil })
  }

  @Test func severalFormatsGoToSeveralFiles() throws {
    let folder = try Folder(copyOf: Checkout.examples)
    let ended = try gatecheck(
      "lint", "-o", "text", "-o", "sarif=a b.sarif", "-o", "junit=report.xml", "-o", "json=report.json", "broken.yaml",
      in: folder.path)
    #expect(ended.status == 1)
    #expect(try ended.output == gatecheck("lint", "broken.yaml").output)
    #expect(try folder.read("a b.sarif") == gatecheck("lint", "-o", "sarif", "broken.yaml").output)
    #expect(try folder.read("report.xml") == gatecheck("lint", "-o", "junit", "broken.yaml").output)
    #expect(try folder.read("report.json") == gatecheck("lint", "-o", "json", "broken.yaml").output)
    let nowhere = try gatecheck("lint", "-o", "json=absent/report.json", "broken.yaml", in: folder.path)
    #expect(nowhere.status == 3)
    #expect(nowhere.errors.contains("absent/report.json: No such file or directory"))
    #expect(try gatecheck("lint", "-o", "json=", "broken.yaml", in: folder.path).status == 2)
  }

  @Test func annotationsComeByThemselvesInGitHubActions() throws {
    let actions = ["GITHUB_ACTIONS": "true"]
    let ended = try gatecheck("lint", "broken.yaml", environment: actions)
    #expect(ended.output.contains("broken.yaml:11:13: error: "))
    #expect(ended.output.contains("::error file=broken.yaml,line=11,col=13,"))
    #expect(try gatecheck("lint", "-o", "text", "broken.yaml", environment: actions).output.contains("::") == false)
    #expect(
      try gatecheck("lint", "broken.yaml", environment: ["GITHUB_ACTIONS": "false"]).output.contains("::") == false)
  }

  @Test(
    arguments: [
      ([], [:], false), (["--color", "always"], [:], true), (["--color", "never"], ["CLICOLOR_FORCE": "1"], false),
      ([], ["CLICOLOR_FORCE": "1"], true), ([], ["CLICOLOR_FORCE": "0"], false),
      ([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (["--color", "always"], ["NO_COLOR": "1"], true),
      (["--color", "auto"], ["CLICOLOR_FORCE": "1"], true),
    ] as [([String], [String: String], Bool)])
  func coloursInAPipe(flags: [String], environment: [String: String], colored: Bool) throws {
    let lint = try gatecheck(["lint", "broken.yaml"] + flags, environment: environment)
    #expect(lint.output.contains(Self.escape) == colored)
    #expect(
      try gatecheck(["explain", "token/expired"] + flags, environment: environment).output.contains(Self.escape)
        == colored)
  }

  /// On a terminal, which `script` makes.
  @Test(
    arguments: [
      ("", ["TERM": "xterm-256color"], true), ("", ["TERM": "dumb"], false),
      ("", ["TERM": "xterm", "NO_COLOR": "1"], false), ("", ["TERM": "xterm", "NO_COLOR": ""], true),
      ("--color never", ["TERM": "xterm"], false), ("-o json", ["TERM": "xterm"], false),
    ] as [(String, [String: String], Bool)])
  func coloursOnATerminal(flags: String, environment: [String: String], colored: Bool) throws {
    let ended = try bash(
      "script -qec 'gatecheck lint \(flags) broken.yaml' /dev/null </dev/null", environment: environment)
    #expect(ended.status == 1)
    #expect(ended.output.contains("port-not-string"))
    #expect(ended.output.contains(Self.escape) == colored)
  }

  /// Whoever waits for a server that does not answer sees which, on a terminal only; and what a terminal is read for.
  @Test(arguments: ["token verify", "rbac verify", "rbac diff", "resolve a/b:c"])
  func whoeverWaitsSeesForWhat(command: String) throws {
    let script = """
      exec 3< <(python3 -c 'import socket, time
      s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True); time.sleep(20)')
      read -r port <&3; umask 077; f=$(mktemp); printf x >$f
      c="gatecheck \(command) --server http://127.0.0.1:$port --token-file $f --timeout 3"
      script -qec "$c" /dev/null </dev/null; $c 2>&1 | tr s S; rm -f $f; kill $!
      """
    let ended = try bash(script)
    #expect(ended.output.contains("asking http://127.0.0.1:"), "\(ended.output)")
    #expect(!ended.output.contains("aSking http"), "\(ended.output)")
  }

  @Test func aTerminalIsToldThatItIsRead() throws {
    let ended = try bash("script -qec 'timeout 1 gatecheck token inspect' /dev/null")
    #expect(ended.output.contains("type or paste it, then Ctrl-D"), "\(ended.output)")
  }

  @Test func noticesGoToStandardErrorAndQuietKeepsThemBack() throws {
    let folder = try Folder(["config.yaml": Checkout.text("Tests/Fixtures/ok/config.yaml")])
    let ended = try gatecheck("lint", "config.yaml", in: folder.path)
    #expect(ended.output == "" && ended.errors == "gatecheck: no problems in 1 file\n")
    let quiet = try gatecheck("lint", "-q", "config.yaml", in: folder.path)
    #expect(quiet.output == "" && quiet.errors == "")
    let wordy = try gatecheck("lint", "-v", "config.yaml", in: folder.path)
    #expect(wordy.output == "" && wordy.status == 0)
    let newer = try gatecheck("lint", "--apisix-version", "99.0", "config.yaml", in: folder.path)
    #expect(newer.status == 0 && newer.errors.contains("APISIX 99.0"))
  }

  @Test func outputIsTheSameAtAnyNumberOfThreads() throws {
    // token/not-yet-valid tells the time.
    let lint = { (jobs: String) in
      try gatecheck(
        "lint", "--jobs", jobs, "--ignore", "token/not-yet-valid", "-o", "json", "err", in: Checkout.fixtures
      ).output
    }
    let one = try lint("1")
    for jobs in ["2", "7"] { #expect(try lint(jobs) == one) }
  }

  @Test func controlCharactersOfTheInputReachNoTerminal() throws {
    let config = "discovery:\n  kubernetes:\n    \"\\e]0;owned\\a\\e[31mkey\": 1\n"
    let folder = try Folder(["config.yaml": config, "\u{1B}[31mname.yaml": config])
    for format in ["text", "short", "github"] {
      let ended = try gatecheck("lint", "-o", format, ".", in: folder.path)
      #expect(!ended.output.contains("\u{1B}") && !ended.output.contains("\u{7}"), "\(format)")
    }
    let absent = try gatecheck("lint", "\u{1B}[31mabsent", in: folder.path)
    #expect(!absent.output.contains("\u{1B}"))
    let resolved = try gatecheck("resolve", "default/\u{1B}[31mx:port", "--from", "endpoints.yaml")
    #expect(!resolved.output.contains("\u{1B}"))
  }
}
