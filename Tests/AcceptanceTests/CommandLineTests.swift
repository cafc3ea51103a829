import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// Help, version, completions, pages, and how the process ends.
@Suite struct CommandLineTests {
  @Test func versionAndHelp() throws {
    #expect(try gatecheck("--version").output == "gatecheck \(Version.current)\n")
    let help = try gatecheck("--help")
    #expect(help.status == 0 && help.errors == "")
    let commands = try Checkout.files(below: Checkout.path("Sources/gatecheck/Commands")).flatMap { file in
      try Checkout.text("Sources/gatecheck/Commands/\(file)").matches(of: /static let name = "([a-z ]+)"/).map { $0.1 }
    }
    #expect(commands.contains("lint") && commands.contains("registry verify"))
    for command in commands {
      let words = command.split(separator: " ").map(String.init)
      #expect(help.output.contains("\n  \(words[0]) "))
      let own = try gatecheck(words + ["--help"])
      #expect(own.status == 0 && own.output.contains("USAGE: gatecheck \(command)"), "\(own.output)")
      #expect(try gatecheck(words + ["--version"]).output == gatecheck("--version").output, "as its help says")
    }
    #expect(try gatecheck("help", "lint").output == gatecheck("lint", "--help").output)
    let alone = try gatecheck()
    #expect(alone.output.contains("USAGE: gatecheck"))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completions(shell: String) throws {
    let script = try gatecheck("--generate-completion-script", shell)
    #expect(script.status == 0 && script.output.contains("gatecheck") && script.output.contains("fail-on"))
    let checked = try bash("command -v \(shell) >/dev/null || exit 0; exec \(shell) -n", input: script.output)
    #expect(checked.status == 0, "\(checked.errors)")
  }

  @Test func explainShowsThePage() throws {
    let page = try gatecheck("explain", "kubernetes/port-not-string")
    try expectGolden(page.output, "Tests/Golden/acceptance/explain.out")
    #expect(try gatecheck("explain", "port-not-string").output == page.output, "the area may be left out")
    let wrong = try gatecheck("explain", "kubernetes/port-not-strin")
    #expect(wrong.errors.contains("did you mean kubernetes/port-not-string?"))
    let narrow = try gatecheck("explain", "kubernetes/port-not-string", environment: ["COLUMNS": "60"])
    #expect(narrow.output.split(separator: "\n").allSatisfy { $0.count <= 60 })
  }

  @Test func rulesAreListed() throws {
    let all = try gatecheck("rules").output.split(separator: "\n")
    #expect(all.count == CatalogueTests.rules.count)
    #expect(all == all.sorted())
    let area = try gatecheck("rules", "--select", "token/").output.split(separator: "\n")
    #expect(!area.isEmpty && area.allSatisfy { $0.hasPrefix("token/") })
    #expect(try gatecheck("rules", "--select", "nonsense/").status == 2)
  }

  @Test func aWrongValueIsNamed() throws {
    let ended = try gatecheck("lint", "-o=", "broken.yaml")
    #expect(ended.status == 2)
    #expect(ended.errors.hasPrefix("gatecheck: -o has no format '"), "\(ended.errors)")
  }

  /// A keyword that a part of the section has nothing to say for is not there; null is no value of any.
  @Test(arguments: ["2.13", "3.2", "3.18"]) func theSchemaIsOne(release: String) throws {
    let schema = try gatecheck("schema", "--apisix-version", release)
    #expect(schema.status == 0 && schema.output.contains("\"enum\": [") && !schema.output.contains("null"))
  }

  @Test(arguments: [
    "gatecheck rules | true", "gatecheck rules -o json | head -c 10 >/dev/null", "gatecheck --help | true",
    "gatecheck lint broken.yaml | true", "gatecheck lint -o json broken.yaml | true",
    "gatecheck lint --diff broken.yaml | true",
    "gatecheck explain token/expired | true", "gatecheck rbac generate | true",
    "gatecheck resolve default/plat-dev:port --from endpoints.yaml | true",
    "gatecheck --generate-completion-script bash | true",
  ])
  func aReaderThatLeftIsNoError(pipe: String) throws {
    // The reader has left for certain when the writer starts.
    let late = pipe.replacing("gatecheck", with: "(sleep 0.1; gatecheck").replacing(" |", with: ") |")
    for line in [pipe, late] {
      let ended = try bash("set -o pipefail; \(line)")
      #expect(ended.errors == "")
      #expect(line == pipe || ended.status == 0, "\(line) ends with \(ended.status)")
    }
  }

  @Test func aKeyWithoutItsAPIIsRefused() throws {
    let ended = try gatecheck("resolve", "default/plat-dev:port", "--admin-key-file", "key")
    #expect(ended.status == 2)
    #expect(ended.errors.contains("--admin-key-file goes with --admin."))
  }

  @Test func aFullDiskIsAnError() throws {
    let ended = try bash("gatecheck lint config.yaml > /dev/full")
    #expect(ended.status == 3)
    #expect(try bash("gatecheck lint -o json=/dev/full config.yaml").status == 3)
  }

  /// Ctrl-C while a command waits for its input.
  @Test(arguments: ["resolve default/plat-dev:port --from", "lint"]) func controlCEndsWith130(command: String) throws {
    let ended = try bash(
      """
      mkfifo "$PIPE"; sleep 60 > "$PIPE" & holder=$!
      env --default-signal=INT gatecheck \(command) - < "$PIPE" & child=$!
      for _ in $(seq 100); do [ -e /proc/$child/exe ] && grep -q gatecheck /proc/$child/comm && break; sleep 0.05; done
      sleep 0.3; kill -INT $child; wait $child; status=$?; kill $holder; rm "$PIPE"; exit $status
      """, environment: ["PIPE": FileManager.default.temporaryDirectory.path + "/gatecheck-\(UUID().uuidString)"])
    #expect(ended.status == 130)
    #expect(ended.output == "")
  }

  /// While a server does not answer. What the test runner starts has SIGTERM blocked.
  @Test(arguments: [("INT", 130), ("TERM", 143)]) func aSignalEndsAWait(signal: String, status: Int32) throws {
    let folder = try Folder()
    let ended = try bash(
      """
      python3 -c 'import socket, time
      listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
      open("port", "w").write(str(listener.getsockname()[1])); time.sleep(60)' & server=$!
      for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
      python3 -c 'import os, signal, sys
      signal.pthread_sigmask(signal.SIG_UNBLOCK, [2, 15]); signal.signal(2, signal.SIG_DFL)
      os.execvp("gatecheck", sys.argv[1:])' gatecheck token verify --server "http://127.0.0.1:$(cat port)" & child=$!
      for _ in $(seq 100); do grep -q gatecheck /proc/$child/comm && break; sleep 0.05; done
      sleep 0.5; kill -\(signal) $child; wait $child; status=$?; kill -9 $server; exit $status
      """, in: folder.path)
    #expect(ended.status == status, "\(ended.errors)")
  }

  @Test func offlineCommandsLoadNoCurl() throws {
    let ended = try bash("LD_DEBUG=libs gatecheck lint broken.yaml 2>&1 | grep -c libcurl")
    #expect(ended.output == "0\n")
  }
}
