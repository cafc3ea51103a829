import Foundation
import TestSupport
import Testing

/// Which files are looked at: arguments, folders, lists, standard input.
@Suite struct InputTests {
  private let config = "discovery:\n  kubernetes:\n    service:\n      host: 10.96.0.1\n      port: 6443\n"

  private func short(_ arguments: String..., in folder: Folder, input: String = "") throws -> [String] {
    try gatecheck(["lint", "-o", "short"] + arguments, in: folder.path, input: input).output
      .split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
  }

  @Test func withoutAPathTheCurrentFolderIsLookedAt() throws {
    let folder = try Folder(["b/config.yaml": config, "a.yml": config, "c.txt": config, ".git/x.yaml": config])
    #expect(try short(in: folder) == ["a.yml", "b/config.yaml"])
    #expect(try short(".", in: folder) == ["a.yml", "b/config.yaml"])
    #expect(try short("b", "a.yml", in: folder).sorted() == ["a.yml", "b/config.yaml"])
  }

  @Test func gitignoreIsRespectedInFoldersAndNotForNames() throws {
    let folder = try Folder(["a.yaml": config, "b.yaml": config, ".gitignore": "b.yaml\n"])
    #expect(try bash("git init -q", in: folder.path).status == 0)
    #expect(try short(in: folder) == ["a.yaml"])
    #expect(try short("b.yaml", in: folder) == ["b.yaml"])
  }

  @Test func nothingToCheckIsNoSuccess() throws {
    let folder = try Folder(["notes.txt": "text\n", "other.yaml": "name: other\n"])
    let ended = try gatecheck("lint", in: folder.path)
    #expect(ended.status == 3 && ended.output.contains("[input/no-file]"))
    #expect(try gatecheck("lint", "notes.txt", in: folder.path).status != 3, "a named file is checked")
  }

  @Test func pathsComeFromAFileOrFromStandardInput() throws {
    let folder = try Folder(["a b.yaml": config, "c.yaml": config, "d.yaml": config, "list": "a b.yaml\nc.yaml\n"])
    #expect(try short("--files-from", "list", in: folder) == ["a b.yaml", "c.yaml"])
    #expect(try short("--files-from", "-", in: folder, input: "a b.yaml\nd.yaml\n") == ["a b.yaml", "d.yaml"])
    #expect(try short("--files-from", "-", in: folder, input: "a b.yaml\0d.yaml\0") == ["a b.yaml", "d.yaml"])
    #expect(try gatecheck("lint", "--files-from", "-", in: folder.path).status == 3)
    #expect(try gatecheck("lint", "--files-from", "list", "c.yaml", in: folder.path).status == 2)
  }

  @Test func standardInputHasAName() throws {
    let folder = try Folder()
    #expect(try short("-", in: folder, input: config) == ["<stdin>"])
    #expect(try short("-", "--stdin-filename", "conf/config.yaml", in: folder, input: config) == ["conf/config.yaml"])
    let fixed = try gatecheck("lint", "--fix", "-q", "-", in: folder.path, input: config)
    #expect(fixed.output.hasPrefix(config.replacing("6443", with: "\"6443\"")))
  }

  @Test func thousandsOfPathsAreQuick() throws {
    let folder = try Folder(["config.yaml": config])
    let names = Array(repeating: "config.yaml", count: 8000)
    let ended = try gatecheck(["lint", "-o", "json"] + names, in: folder.path)
    #expect(ended.status == 1)
    #expect(ended.rules.count == 1, "a file that is named twice is checked once")
  }

  @Test func whatCannotBeReadEndsWith3() throws {
    let folder = try Folder(["config.yaml": config])
    #expect(
      try bash("echo apiVersion: v1 > big.yaml; truncate -s 17M big.yaml; ln -s loop loop", in: folder.path).status == 0
    )
    for (name, rule) in [("big.yaml", "input/too-large"), ("loop", "input/unreadable")] {
      let ended = try gatecheck("lint", "-o", "json", name, "config.yaml", in: folder.path)
      #expect(ended.status == 3 && ended.rules.contains(rule), "\(name): \(ended.rules)")
      #expect(ended.rules.contains("kubernetes/port-not-string"), "the rest is checked all the same")
    }
  }

  /// As a folder's, which is passed over without a word.
  @Test func aLargeFileOfAnotherProgramIsANote() throws {
    let folder = try Folder()
    #expect(
      try bash("echo 'a: 1' > dump.yaml; truncate -s 17M dump.yaml; cp dump.yaml config.yaml", in: folder.path).status
        == 0)
    let ended = try gatecheck("lint", "-o", "json", "dump.yaml", in: folder.path)
    #expect(ended.status == 0 && ended.rules == ["input/other-program"])
    for arguments in [["config.yaml"], ["--kind", "kubernetes", "dump.yaml"]] {
      let ended = try gatecheck(["lint", "-o", "json"] + arguments, in: folder.path)
      #expect(ended.status == 3 && ended.rules == ["input/too-large"])
    }
  }

  @Test func aFixThatCannotBeWrittenEndsWith3() throws {
    let ended = try gatecheck("lint", "--fix", "-o", "json", "--kind", "apisix-config", "/proc/self/environ")
    #expect(ended.status != 0)
    let folder = try Folder(["conf/config.yaml": config])
    let outcome = try bash(
      """
      chmod a-w conf; [ "$(id -u)" != 0 ] || set -- setpriv --reuid 65534 --regid 65534 --clear-groups
      chmod a+rx . "$PWD"; "$@" gatecheck lint --fix -o json conf/config.yaml; s=$?; chmod u+w conf; exit $s
      """, in: folder.path)
    #expect(outcome.status == 3 && outcome.rules.contains("input/not-written"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func hostileFilesAreAFinding() throws {
    let texts: [String: Data] = [
      "nul.yaml": Data("discovery:\0\n".utf8), "latin1.yaml": Data([0x64, 0x3A, 0x20, 0xE9, 0x0A]),
      "deep.yaml": Data(String(repeating: "[", count: 5000).utf8),
      "bom.yaml": Data([0xEF, 0xBB, 0xBF] + Array(config.utf8)),
      "crlf.yaml": Data(config.replacing("\n", with: "\r\n").utf8), "empty.yaml": Data(),
    ]
    let folder = try Folder()
    for (name, data) in texts { try folder.write(name, data) }
    for name in texts.keys.sorted() {
      let ended = try gatecheck("lint", "-o", "json", name, in: folder.path)
      #expect([0, 1].contains(ended.status), "\(name) ends with \(ended.status)")
    }
    for name in ["bom.yaml", "crlf.yaml"] {
      let before = try Data(contentsOf: URL(fileURLWithPath: folder[name]))
      #expect(try gatecheck("lint", "--fix", "-q", name, in: folder.path).status == 0)
      let after = try Data(contentsOf: URL(fileURLWithPath: folder[name]))
      #expect(after.count == before.count + 2, "nothing but two quotes is new in \(name)")
    }
  }

  @Test func settingsHoldForAFolder() throws {
    let folder = try Folder([
      "a.yaml": config, "skip/b.yaml": config, "legacy/c.yaml": config,
      ".gatecheck.yaml": """
      exclude: [skip/]
      ignores:
        - paths: [legacy/]
          rules: [kubernetes/port-not-string]

      """,
    ])
    #expect(try short(in: folder) == ["a.yaml"])
    #expect(try short("a.yaml", "--ignore", "kubernetes/", in: folder) == [])
    let wrong = try Folder([".gatecheck.yaml": "apisix-verison: 3.2\n", "a.yaml": config])
    let ended = try gatecheck("lint", "-o", "json", in: wrong.path)
    #expect(ended.status == 2 && ended.rules == ["usage/settings"])
  }

  @Test func theNearestSettingsHoldForAFile() throws {
    let own = "apisix: {node_listen: 9080}\ndiscovery: {my: {}}\n"
    let slices = config.replacing("\"6443\"", with: "6443") + "    watch_endpoint_slices: true\n"
    let folder = try Folder([
      ".gatecheck.yaml": "ignore: [kubernetes/]\n", "a.yaml": config,
      "old/.gatecheck.yaml": "apisix-version: 3.2\n", "old/b.yaml": slices,
      "new/.gatecheck.yaml": "apisix-version: 3.16\nexclude: [generated/]\n", "new/conf/c.yaml": slices,
      "new/generated/d.yaml": config, "own/.gatecheck.yaml": "registries: [my]\n",
      "own/e.yaml": own, "other/f.yaml": own,
    ])
    let ended = try gatecheck("lint", "-o", "json", in: folder.path)
    let document = try ended.json()
    let releases = (document["files"] as? [[String: Any]] ?? []).map { file in
      "\(file["path"] ?? "") \((file["verdict"] as? [String: Any])?["apisix"] ?? "")"
    }
    #expect(releases.contains("old/b.yaml 3.2.2") && releases.contains("new/conf/c.yaml 3.16.0"), "\(releases)")
    #expect(!releases.contains { $0.hasPrefix("new/generated") })
    let short = try short(in: folder)
    #expect(!short.contains("a.yaml") && short.contains("old/b.yaml") && short.contains("new/conf/c.yaml"))
    #expect(!short.contains("own/e.yaml") && short.contains("other/f.yaml"))
    #expect(try self.short("own/e.yaml", in: folder) == [], "a file that is named has the same settings")
    let wrong = try Folder(["a/.gatecheck.yaml": "apisix-version: 2.1\n", "a/b.yaml": config, "c.yaml": config])
    let refused = try gatecheck("lint", "-o", "json", in: wrong.path)
    #expect(refused.status == 2 && refused.rules == ["usage/settings"])
    #expect(try gatecheck("lint", "c.yaml", in: wrong.path).status == 1, "settings elsewhere do not matter")
  }

  @Test func settingsHoldForTheirOwnFolder() throws {
    let folder = try Folder([
      ".gatecheck.yaml": "exclude: [b.yaml]\n", "a.yaml": config, "b.yaml": config,
      "sub/.gatecheck.yaml": "exclude: [c.yaml]\nignore: [kubernetes/]\n", "sub/c.yaml": "discovery: {nacos: 1}\n",
      "sub/d.yaml": config, "empty/.gatecheck.yaml": "apisix-version: 2.1\n",
    ])
    #expect(try short(in: folder) == ["a.yaml"])
    #expect(try short("sub", in: folder) == [])
    #expect(try short(folder["sub"], in: folder) == [])
    #expect(try short(folder["sub"], folder["a.yaml"], in: folder) == [folder["a.yaml"]])
  }

  @Test(arguments: ["--fix", "--diff", "-q"]) func aListThatIsNotThereEndsWith3(flag: String) throws {
    let ended = try gatecheck("lint", flag, "--files-from", "/nonexistent/list", "-o", "short")
    #expect(ended.status == 3)
    let told = flag == "--diff" ? ended.errors : ended.output
    #expect(told.contains("[input/not-found]"), "\(ended.output)\(ended.errors)")
  }

  @Test func aCommentHoldsForItsOwnFileOnly() throws {
    let ignored = config.replacing("6443", with: "6443 # gatecheck: ignore[kubernetes/port-not-string] templated")
    let folder = try Folder(["a.yaml": ignored, "b.yaml": config])
    #expect(try short(in: folder) == ["b.yaml"])
  }

  /// Without a release it may be that of an APISIX 2, where this is right.
  @Test func aReleaseThatIsSaidIsCertain() throws {
    let folder = try Folder([
      "config.yaml": "etcd: {host: [\"http://127.0.0.1:2379\"]}\ndiscovery: {dns: {servers: [\"10.0.0.1:53\"]}}\n"
    ])
    func told(_ flags: String...) throws -> String {
      try gatecheck(["lint", "-o", "short"] + flags + ["config.yaml"], in: folder.path).output
    }
    let refused = "refuses the whole file: property \"etcd\" validation failed: property \"prefix\" is required"
    #expect(try told().contains("note: APISIX 3.18.0 \(refused)"))
    #expect(try told("--apisix-version", "3.16").contains("error: APISIX 3.16.0 \(refused)"))
    #expect(try told("--apisix-version", "2.15") == "")
    try folder.write(".gatecheck.yaml", "apisix-version: \"3.18\"\n")
    #expect(try told().contains("error: APISIX 3.18.0 \(refused)"))
  }

  @Test func commentsIgnoreOneFinding() throws {
    let ignored = config.replacing("6443", with: "6443 # gatecheck: ignore[kubernetes/port-not-string] templated")
    let folder = try Folder(["config.yaml": ignored])
    #expect(try gatecheck("lint", "-q", in: folder.path).output == "")
    let unused = try Folder(["config.yaml": ignored.replacing("port: 6443", with: "port: \"6443\"")])
    #expect(try gatecheck("lint", "-o", "json", in: unused.path).rules == ["ignore/unused"])
  }

  @Test func theEnvironmentOfApisixIsWhatTheFlagsSay() throws {
    let folder = try Folder([
      "config.yaml": config.replacing("port: 6443", with: "port: \"6443\"\n    default_weight: ${{WEIGHT}}"),
      "apisix.env": "# of the unit file\nexport WEIGHT='50'\n",
    ])
    let run = { (flags: [String]) in
      try gatecheck(["lint", "-o", "json", "config.yaml"] + flags, in: folder.path, environment: ["WEIGHT": "7"])
    }
    #expect(try run([]).rules == ["placeholder/unknown"])
    #expect(try run(["--env", "WEIGHT=50"]).rules == [])
    #expect(try run(["--env-file", "apisix.env"]).rules == [])
    #expect(try run(["--env-from-process"]).rules == [])
    #expect(try run(["--env", "OTHER=1"]).rules == ["placeholder/missing"])
    #expect(try run(["--env", "WEIGHT=-1"]).status == 1)
    let piped = try bash(
      "gatecheck lint -o json --env-file <(echo WEIGHT=q9VwZt3Xk7Lm2Rb8Yc4N) config.yaml", in: folder.path)
    #expect(piped.rules == ["kubernetes/weight-invalid"])
    #expect(!piped.output.contains("q9VwZt3Xk7Lm2Rb8Yc4N"))
  }
}
