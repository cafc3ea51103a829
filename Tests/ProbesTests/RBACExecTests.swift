import Foundation
import Inputs
import Probes
import TestSupport
import Testing

@testable import Kubernetes

/// Credential plugins, as programs that are really run.
@Suite struct RBACExecTests {
  /// A plugin that is a shell script.
  private func plugin(
    _ script: String, version: String = "v1", environment: KeyValuePairs<String, String> = [:], command: String? = nil,
    mode: String = "Never", hint: String? = nil, more: [String] = []
  ) throws -> ExecPlugin {
    let extra = environment.map { "{name: \($0.key), value: \"\($0.value)\"}" }.joined(separator: ", ")
    let exec = [
      "apiVersion: client.authentication.k8s.io/\(version)", "interactiveMode: \(mode)",
      "command: \(command ?? "/bin/sh")", "args: [\"-c\", \(try ([script] + more).map(json).joined(separator: ", "))]",
      "env: [\(extra)]",
      hint.map { "installHint: \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
    let text = kubeconfig(server: "https://10.0.0.1:6443", user: "{exec: {\(exec)}}")
    let access = try Kubeconfig.parse(Array(text.utf8), file: "k").access(read: { _ in nil })
    return try #require(access.exec)
  }

  private func json(_ text: String) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
  }

  private func answer(_ version: String = "v1", token: String = "token-of-the-plugin", expires: String? = nil) -> String
  {
    let end = expires.map { #","expirationTimestamp":"\#($0)""# } ?? ""
    return #"{"apiVersion":"client.authentication.k8s.io/\#(version)","kind":"ExecCredential","#
      + #""status":{"token":"\#(token)"\#(end)}}"#
  }

  private func run(
    _ plugin: ExecPlugin, _ runner: ExecRunner = ExecRunner(), environment: [String: String] = [:],
    timeout: Duration = .seconds(60), now: Int = 1_800_000_000
  ) -> Result<ExecRunner.Outcome, ExecRunner.Failure> {
    var variables = ["PATH": "/usr/bin:/bin"]
    variables.merge(environment) { $1 }
    return Result { () throws(ExecRunner.Failure) in
      try runner.credential(
        plugin, for: ClusterAccess(server: "https://10.0.0.1:6443"), environment: variables, timeout: timeout, now: now)
    }
  }

  private func message(_ result: Result<ExecRunner.Outcome, ExecRunner.Failure>) -> String {
    switch result {
    case .success: "worked"
    case .failure(let failure): failure.message
    }
  }

  @Test(arguments: ["v1", "v1beta1"])
  func bothVersionsGiveATokenAndTheirWordsAreKept(_ version: String) throws {
    let outcome = try run(plugin("echo hello >&2; echo '\(answer(version))'", version: version)).get()
    #expect(outcome.credential.token?.value == "token-of-the-plugin")
    #expect(outcome.words == ["hello"])
  }

  /// Neither its arguments nor what this process has in its environment.
  @Test func argumentsAreScrubbedAndOurOwnVariablesAreNotHandedOn() throws {
    let exec = """
      {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: /bin/sh, args: ["-c", "echo $2 $3 \
      $0 [$GATECHECK_ADMIN_KEY$GATECHECK_TOKEN$GATECHECK_OTHER] $AWS_SECRET_ACCESS_KEY >&2; exit 3", "x", \
      "--client-secret", "hush-hush", "--api-token=quiet-one"]}
      """
    let text = kubeconfig(server: "https://10.0.0.1:6443", user: "{exec: \(exec)}")
    let access = try Kubeconfig.parse(Array(text.utf8), file: "k").access(read: { _ in nil })
    let ours = [
      "GATECHECK_ADMIN_KEY": "admin-key-1", "GATECHECK_TOKEN": "token-2", "GATECHECK_OTHER": "other-3",
      "AWS_SECRET_ACCESS_KEY": "of-the-cloud-4",
    ]
    guard case .failure(let failure) = run(try #require(access.exec), environment: ours) else {
      Issue.record("it ends with 3")
      return
    }
    #expect(failure.words == ["*** --api-token=*** x [] ***"])
  }

  @Test func wordsHoldNoSecret() throws {
    let script = """
      echo "got token-of-the-plugin with $API_KEY and eyJhbGciOiJSUzI1NiJ9.e30.c2ln from $REGION" >&2
      echo '\(answer())'
      """
    let outcome = try run(plugin(script, environment: ["API_KEY": "key-of-the-user", "REGION": "eu-west-1"])).get()
    #expect(outcome.words == ["got *** with *** and *** from eu-west-1"])
  }

  @Test func childrenGetNoSecretOfOursButWhatTheyNeed() throws {
    let script = """
      [ -z "$GATECHECK_TOKEN" ] || exit 7
      [ "$OWN" = 1 ] || exit 8
      case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) echo '\(answer())';; *) exit 9;; esac
      """
    let result = run(
      try plugin(script, environment: ["OWN": "1"]), environment: ["GATECHECK_TOKEN": "mine"])
    #expect(message(result) == "worked")
  }

  @Test func childrenGetNothingThatIsGatechecks() throws {
    let script = "env | grep ^GATECHECK_ >&2; echo '\(answer())'"
    let own = ["GATECHECK_TOKEN": "mine", "GATECHECK_ADMIN_KEY": "mine too", "GATECHECK_BINARY": "/x"]
    #expect(try run(plugin(script), environment: own).get().words == [])
    let given = try plugin(script, environment: ["GATECHECK_OWN": "1"])
    #expect(try run(given, environment: own).get().words == ["GATECHECK_OWN=1"], "what the kubeconfig sets it gets")
  }

  @Test func secretsAmongTheArgumentsAreHiddenFromItsWords() throws {
    let script = """
      echo "called with $*" >&2
      exit 3
      """
    let more = [
      "sh", "get-token", "--client-secret", "horse-battery", "--password=correct-staple", "--region", "eu-west-1",
      "API_KEY=staple-horse", "--insecure",
    ]
    guard case .failure(let failure) = run(try plugin(script, more: more)) else {
      Issue.record("it worked")
      return
    }
    #expect(
      failure.words == [
        "called with get-token --client-secret *** --password=*** --region eu-west-1 API_KEY=*** --insecure"
      ])
  }

  /// As kubectl: a bare name is found in PATH, and what only the working directory brings in is not run.
  @Test(arguments: ["", ".", "bin"]) func nothingIsRunThatStandsInTheWorkingDirectoryOnly(entry: String) throws {
    let name = "gatecheck-plugin-\(UUID().uuidString)"
    let here = FileManager.default.currentDirectoryPath
    let place = entry == "bin" ? "bin" : "."
    try FileManager.default.createDirectory(atPath: here + "/" + place, withIntermediateDirectories: true)
    defer {
      try? FileManager.default.removeItem(atPath: "\(here)/\(place)/\(name)")
      if entry == "bin" { rmdir(here + "/bin") }
    }
    #expect(try execute("install", ["-m", "755", "/bin/true", "\(here)/\(place)/\(name)"]).status == 0)
    let result = run(try plugin("", command: name), environment: ["PATH": "\(entry):/usr/bin"])
    #expect(message(result).hasSuffix("of PATH, in the working directory, and was not run"), "\(message(result))")
    #expect(message(run(try plugin("", command: name))) == "was not found")
  }

  @Test func keptUntilItExpires() throws {
    let count = NSTemporaryDirectory() + "gatecheck-exec-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: count) }
    let plugin = try plugin("echo x >> \(count); echo '\(answer(expires: "2027-01-15T08:00:00Z"))'")
    let runner = ExecRunner()
    let runs = { (try? String(contentsOfFile: count, encoding: .utf8).split(separator: "\n").count) ?? 0 }
    let end = 1_800_000_000
    _ = try run(plugin, runner, now: end - 600).get()
    _ = try run(plugin, runner, now: end - 60).get()
    #expect(runs() == 1)
    #expect(message(run(plugin, runner, now: end)) == "gave a credential that has expired")
    #expect(runs() == 2)
  }

  @Test func failuresAreNamed() throws {
    let failed = run(try plugin("echo 'no session, log in' >&2; exit 3"))
    #expect(message(failed) == "failed with status 3")
    if case .failure(let failure) = failed { #expect(failure.words == ["no session, log in"]) }
    #expect(message(run(try plugin("kill -9 $$"))) == "was ended by signal 9")
    #expect(message(run(try plugin("echo hello"))) == "printed no JSON document")
    #expect(message(run(try plugin("echo '\(answer("v1beta1"))'"))).hasPrefix("answered with apiVersion"))
    #expect(message(run(try plugin("yes"))) == "printed more than 1 MiB")
    #expect(
      message(run(try plugin("", mode: "Always"))) == "wants a terminal on standard input, and there is none")
  }

  @Test func missingProgramShowsTheHint() throws {
    let result = run(try plugin("", command: "no-such-program-at-all", hint: "brew install it"))
    #expect(message(result) == "was not found")
    if case .failure(let failure) = result { #expect(failure.words == ["brew install it"]) }
  }

  @Test func timeoutEndsTheProgramAndWhatItStarted() throws {
    let pid = NSTemporaryDirectory() + "gatecheck-exec-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: pid) }
    let result = run(try plugin("sleep 60 & echo $! > \(pid); wait"), timeout: .seconds(1))
    #expect(message(result) == "did not end within 1 s")
    let child = try #require(
      pid_t(try String(contentsOfFile: pid, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    // The kernel may need a moment; and what was killed may be seen as long as nobody has reaped it.
    func isGone() -> Bool {
      let state = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
      return state == nil || state?.contains(") Z ") == true
    }
    for _ in 0..<200 where !isGone() { usleep(50_000) }
    #expect(isGone())
  }

  @Test func childThatKeepsThePipeOpenHoldsNothingUp() throws {
    let outcome = try run(plugin("sleep 3 & echo '\(answer())'")).get()
    #expect(outcome.credential.token?.value == "token-of-the-plugin")
  }
}
