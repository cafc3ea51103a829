import Foundation
import TestSupport
import Testing
import YAML

/// The doors of docs/ci.md, executed as far as that is possible without GitHub and GitLab themselves.
@Suite struct CITests {
  private static let preCommit: String? = {
    let program = ProcessInfo.processInfo.environment["GATECHECK_PRE_COMMIT"] ?? "pre-commit"
    return (try? execute(program, ["--version"], in: "/"))?.status == 0 ? program : nil
  }()

  private static let broken = """
    apisix:
      node_listen: 9080
    discovery:
      kubernetes:
        service:
          port: 6443
        client:
          token_file: /var/run/secrets/kubernetes.io/serviceaccount/token

    """
  private static let sound = broken.replacing("port: 6443", with: "port: \"6443\"")

  /// A directory with a `gatecheck` that writes down its arguments, writes the reports and ends with status STUB.
  private func stub() throws -> Folder {
    let folder = try Folder([
      "stub": """
      #!/bin/bash
      printf '%s\\n' "$@" >> "$(dirname "$0")/arguments"
      for argument; do case $argument in *=*.sarif | *=*.json) echo '{}' > "${argument#*=}" ;; esac; done
      exit "${STUB:-0}"

      """
    ])
    try folder.install("stub", as: "gatecheck")
    return folder
  }

  private func path(with folder: String) -> [String: String] {
    ["PATH": folder + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")]
  }

  @Test(arguments: [
    "pre-commit-config.yaml", "pre-commit-config-local.yaml", "github-workflow.yaml", "gitlab-ci.yaml", "git-hook.sh",
  ])
  func eachSnippetStandsInThePageAsItIs(name: String) throws {
    let snippet = try Checkout.text("docs/ci/" + name)
    #expect(try Checkout.text("docs/ci.md").contains("\n" + snippet + "```\n"))
    if name.hasSuffix(".yaml") { _ = try Tree.parse(Array(snippet.utf8)) }
  }

  @Test func theHooksThatSnippetsNameExist() throws {
    let hooks = try Tree.parse(Array(Checkout.text(".pre-commit-hooks.yaml").utf8))
    let list = try #require(hooks.items(hooks.documents[0]))
    let ids = list.map { hooks.value("id", in: $0).flatMap(hooks.scalar) }
    #expect(ids == ["gatecheck", "gatecheck-system"])
    for hook in list { #expect(hooks.value("entry", in: hook).flatMap(hooks.scalar) == "gatecheck lint") }
  }

  // MARK: action.yml

  private struct Step {
    let script: String
    let environment: [String: String]
  }

  /// The steps of action.yml with `${{ inputs.X }}` and the like filled in, as the runner does.
  private func steps(_ values: [String: String]) throws -> [Step] {
    let tree = try Tree.parse(Array(Checkout.text("action.yml").utf8))
    let root = tree.documents[0]
    let inputs = try #require(tree.value("inputs", in: root).flatMap(tree.pairs))
    var known = values
    for input in inputs {
      let name = try #require(tree.scalar(input.key))
      known["inputs." + name] = values["inputs." + name] ?? tree.value("default", in: input.value).flatMap(tree.scalar)
    }
    func filled(_ text: String) -> String {
      known.reduce(text) { $0.replacing("${{ \($1.key) }}", with: $1.value) }
    }
    let runs = try #require(tree.value("runs", in: root))
    return try (tree.value("steps", in: runs).flatMap(tree.items) ?? []).map { step in
      let script = try #require(tree.value("run", in: step).flatMap(tree.scalar))
      #expect(!script.contains("${{"), "text of a user in a script is run as a script")
      let pairs = tree.value("env", in: step).flatMap(tree.pairs) ?? []
      let environment = pairs.map { (tree.scalar($0.key) ?? "", filled(tree.scalar($0.value) ?? "")) }
      return Step(script: script, environment: Dictionary(uniqueKeysWithValues: environment))
    }
  }

  /// Runs one step as the runner runs `shell: bash`; the second value is what it wrote to GITHUB_OUTPUT.
  private func perform(_ step: Step, in folder: Folder, _ more: [String: String] = [:]) throws -> (
    Ended, String
  ) {
    try folder.write(".output", "")
    let environment = step.environment.merging(more) { $1 }.merging(["GITHUB_OUTPUT": folder[".output"]]) { $1 }
    let ran = try execute(
      "bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.script], in: folder.path, environment: environment
    )
    return (ran, try folder.read(".output"))
  }

  @Test func theActionTakesTheGatecheckOnThePath() throws {
    let stub = try stub()
    let work = try Folder()
    let find = try #require(try steps(["github.action_path": "/none"]).first)
    let (ran, output) = try perform(find, in: work, path(with: stub.path))
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(output == "binary=\(stub["gatecheck"])\n")
  }

  @Test(arguments: [0, 1, 3])
  func theActionHandsOverArgumentsAndStatus(status: Int) throws {
    let stub = try stub()
    let work = try Folder()
    let lint = try #require(
      try steps([
        "steps.find.outputs.binary": stub["gatecheck"], "inputs.args": "--apisix-version=3.2\n",
        "inputs.paths": "deploy dir\nconf/$(touch pwned).yaml\n",
      ]).last)
    let (ran, output) = try perform(lint, in: work, ["STUB": "\(status)"])
    #expect(ran.status == status)
    #expect(output == "status=\(status)\nsarif=gatecheck.sarif\n")
    #expect(
      try stub.read("arguments").split(separator: "\n") == [
        "lint", "-o", "github", "-o", "sarif=gatecheck.sarif", "--apisix-version=3.2", "deploy dir",
        "conf/$(touch pwned).yaml",
      ])
    #expect(work.names() == [".output", "gatecheck.sarif"])
  }

  @Test
  func theActionRunsGatecheck() throws {
    let work = try Folder(["config.yaml": Self.broken])
    let steps = try steps(["inputs.binary": Checkout.binary, "steps.find.outputs.binary": Checkout.binary])
    let (found, _) = try perform(steps[0], in: work)
    #expect(found.status == 0, "\(found.errors)")
    let (ran, output) = try perform(steps[1], in: work, ["GITHUB_ACTIONS": "true"])
    #expect(ran.status == 1, "\(ran.errors)")
    #expect(ran.output.contains("::error file=config.yaml,line=6"))
    #expect(output == "status=1\nsarif=gatecheck.sarif\n")
    #expect(try work.read("gatecheck.sarif").contains("kubernetes/port-not-string"))
  }

  // MARK: GitLab and git

  @Test
  func theGitLabJobWritesItsReport() throws {
    let work = try Folder(["config.yaml": Self.broken])
    let bin = try Folder()
    try bin.link("gatecheck", to: Checkout.binary)
    let tree = try Tree.parse(Array(Checkout.text("docs/ci/gitlab-ci.yaml").utf8))
    let job = try #require(tree.value("gatecheck", in: tree.documents[0]))
    let script = (tree.value("script", in: job).flatMap(tree.items) ?? []).compactMap(tree.scalar)
    let ran = try execute(
      "bash", ["-ec", script.joined(separator: "\n")], in: work.path, environment: path(with: bin.path))
    #expect(ran.status == 1, "\(ran.errors)")
    #expect(try work.read("gl-code-quality-report.json").contains("kubernetes/port-not-string"))
  }

  @Test func theGitHookChecksTheFilesOfTheCommit() throws {
    let stub = try stub()
    let work = try Folder(["a b.yaml": Self.sound, "c.txt": "", "d.json": "{}", "old.yaml": Self.sound])
    let git = { (arguments: String...) in
      try execute("git", ["-c", "user.name=n", "-c", "user.email=e@example.com"] + arguments, in: work.path)
    }
    #expect(try git("init", "-q").status == 0)
    #expect(try git("add", "old.yaml").status == 0)
    #expect(try git("commit", "-qm", "first", "--no-verify").status == 0)
    try work.write(".git/hook", try Checkout.text("docs/ci/git-hook.sh"))
    try work.install(".git/hook", as: ".git/hooks/pre-commit")
    #expect(try git("add", ".").status == 0)
    #expect(try git("rm", "-q", "old.yaml").status == 0)
    let commit = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-qm", "second"]
    let refused = try execute(
      commit[0], Array(commit.dropFirst()), in: work.path,
      environment: path(with: stub.path).merging(["STUB": "1"]) { $1 })
    #expect(refused.status == 1)
    #expect(try stub.read("arguments").hasPrefix("lint\n--files-from\n"))
    #expect(
      try execute(commit[0], Array(commit.dropFirst()), in: work.path, environment: path(with: stub.path)).status == 0)
    // What is staged counts, whatever stands in the folder by then.
    let bin = try Folder()
    try bin.link("gatecheck", to: Checkout.binary)
    try work.write("staged.yaml", Self.broken)
    #expect(try git("add", ".").status == 0)
    try work.write("staged.yaml", Self.sound)
    let staged = try execute(
      commit[0], Array(commit.dropFirst()), in: work.path, environment: path(with: bin.path))
    #expect(
      staged.status == 1 && staged.all.contains("kubernetes/port-not-string"), "\(staged.all)")
  }

  // MARK: pre-commit

  @Test(
    .enabled(if: preCommit != nil, "no pre-commit found"),
    arguments: [false, true])
  func preCommitRunsTheInstalledGatecheck(fromRepository: Bool) throws {
    let bin = try Folder()
    try bin.link("gatecheck", to: Checkout.binary)
    let environment = path(with: bin.path).merging(["PRE_COMMIT_HOME": bin["cache"]]) { $1 }
    let work = try Folder(["config.yaml": Self.broken, "unrelated.yaml": "a: 1\n", "notes.md": "port: 1\n"])
    let hooks = try Folder([".pre-commit-hooks.yaml": try Checkout.text(".pre-commit-hooks.yaml")])
    for folder in [work, hooks] {
      #expect(try execute("git", ["init", "-q"], in: folder.path).status == 0)
      #expect(try execute("git", ["add", "."], in: folder.path).status == 0)
      #expect(
        try execute(
          "git", ["-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-qm", "x"], in: folder.path
        ).status == 0)
    }
    let program = try #require(Self.preCommit)
    var command = [program, "run", "--all-files"]
    if fromRepository {
      command = [program, "try-repo", hooks.path, "gatecheck-system", "--all-files"]
    } else {
      try work.write(".pre-commit-config.yaml", try Checkout.text("docs/ci/pre-commit-config-local.yaml"))
    }
    let failed = try execute(command[0], Array(command.dropFirst()), in: work.path, environment: environment)
    #expect(failed.status == 1, "\(failed.errors)")
    #expect(failed.output.contains("config.yaml:6:"), "\(failed.output)")
    #expect(failed.output.contains("[kubernetes/port-not-string]"))
    try work.write("config.yaml", Self.sound)
    #expect(try execute("git", ["add", "."], in: work.path).status == 0)
    let passed = try execute(command[0], Array(command.dropFirst()), in: work.path, environment: environment)
    #expect(passed.status == 0, "\(passed.output)")
  }

  /// Files of other programs, each of them with a name in it that APISIX has, and one config.yaml with a mistake.
  private static let mixed: [String: String] = {
    let kinds: [(path: (Int) -> String, text: String)] = [
      (
        { ".github/workflows/\($0).yml" },
        "on: push\njobs:\n  a:\n    services: {redis: {image: redis}}\n    env: {A: '${{ secrets.A }}'}\n    steps: []\n"
      ),
      ({ "charts/\($0)/Chart.yaml" }, "apiVersion: v2\nname: a\nversion: 0.1.0\n"),
      (
        { "charts/\($0)/values.yaml" },
        "image: {tag: a}\ndeployment: {replicas: 1}\ndiscovery: {kubernetes: true}\netcd: {}\n"
      ),
      (
        { "charts/\($0)/templates/role.yaml" },
        "{{- if .Values.rbac }}\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{ .Values.meta }}\n{{- end }}\n"
      ),
      ({ "compose/\($0)/docker-compose.yml" }, "services:\n  web: {image: nginx}\nsecrets:\n  token: {file: a}\n"),
      ({ "kong/\($0).yml" }, "services:\n- name: a\n  url: http://a\n  routes:\n  - name: r\n    paths: [/a]\n"),
      ({ "web/\($0)/tsconfig.json" }, #"{"compilerOptions": {"plugins": [{"name": "next"}]}}"# + "\n"),
      ({ "apps/\($0)/config.yaml" }, "server: {port: 80}\ndiscovery: {type: single-node}\nplugins: [a]\n"),
    ]
    let files = (0..<198).map { number in
      let kind = kinds[number % kinds.count]
      return (kind.path(number), kind.text)
    }
    return Dictionary(uniqueKeysWithValues: files + [("conf/config.yaml", broken)])
  }()

  @Test(.enabled(if: preCommit != nil, "no pre-commit found"))
  func preCommitFindsTheOneMistakeInAMixedRepository() throws {
    let bin = try Folder()
    try bin.link("gatecheck", to: Checkout.binary)
    let environment = path(with: bin.path).merging(["PRE_COMMIT_HOME": bin["cache"]]) { $1 }
    let work = try Folder(Self.mixed)
    try work.write(".pre-commit-config.yaml", try Checkout.text("docs/ci/pre-commit-config-local.yaml"))
    #expect(try execute("git", ["init", "-q"], in: work.path).status == 0)
    #expect(try execute("git", ["add", "."], in: work.path).status == 0)
    let program = try #require(Self.preCommit)
    let ended = try execute(
      program, ["run", "--all-files", "--verbose"], in: work.path, environment: environment)
    #expect(ended.status == 1, "\(ended.errors)")
    let findings = ended.output.split(separator: "\n").filter { $0.contains(#/: (error|warning|note): .+ \[.+/.+\]$/#) }
    #expect(findings.count == 1 && findings[0].contains("conf/config.yaml:6:"), "\(findings)")
    #expect(ended.output.contains(" of 200 files are not APISIX's or Kubernetes': not checked"))
    // All of it is to be done in a second of a processor.
    let checked = try execute(
      "/bin/bash", ["-c", "ulimit -t 1; exec gatecheck lint $(git ls-files)"], in: work.path, environment: environment)
    #expect(checked.status == 1, "\(checked.errors)")
  }
}
