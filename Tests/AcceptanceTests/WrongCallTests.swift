import TestSupport
import Testing

/// What is typed wrongly or pasted is answered, and never taken for something else.
@Suite struct WrongCallTests {
  @Test func aVersionBehindACommandIsNoAnswer() throws {
    let ended = try gatecheck("resolve", "default/x:http", "--version", "3.9.0")
    #expect(ended.status == 2 && ended.output == "", "\(ended.output)")
    #expect(ended.errors.contains("--apisix-version"), "\(ended.errors)")
    #expect(try gatecheck("lint", "--version", "config.yaml").status == 2)
    #expect(try gatecheck("lint", "--version", "-v").output == gatecheck("--version", "-v").output)
  }

  @Test func allNamespacesIsTheSameAsItsLetter() throws {
    let endpoints = """
      {"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": [{"metadata":
      {"namespace": "a", "name": "b"}, "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80}]}]}]}
      """
    let folder = try Folder(["eps.json": endpoints])
    let short = try gatecheck("resolve", "-A", "--from", "eps.json", in: folder.path)
    #expect(short.status == 0 && short.output.contains("a/b:80"), "\(short.output)\(short.errors)")
    #expect(
      try gatecheck("resolve", "--all-namespaces", "--from", "eps.json", in: folder.path).output == short.output)
  }

  @Test func aPathWithoutACommandIsPastedAsItStands() throws {
    let folder = try Folder()
    #expect(
      try gatecheck("conf/config.yaml", in: folder.path).errors.contains(
        "did you mean gatecheck lint conf/config.yaml?"))
    #expect(try gatecheck("my file.yaml", in: folder.path).errors.contains("did you mean gatecheck lint FILE?"))
  }

  /// Else the newest release is compared with itself, and nothing comes of it.
  @Test(arguments: ["3.18", "9.9"]) func anUpgradeToWhatRunsIsSaid(release: String) throws {
    let folder = try Folder(["config.yaml": "discovery: {dns: {servers: [\"127.0.0.1:53\"]}}\n"])
    for (running, isSaid) in [([], true), (["--apisix-version", "3.8"], false)] {
      let ended = try gatecheck(["lint", "--upgrade-to", release, "config.yaml"] + running, in: folder.path)
      #expect(ended.status == 0)
      #expect(ended.errors.contains("say with --apisix-version which one runs now") == isSaid, "\(ended.errors)")
    }
    try folder.write(".gatecheck.yaml", "apisix-version: \"3.8\"\n")
    let ended = try gatecheck("lint", "--upgrade-to", release, "config.yaml", in: folder.path)
    #expect(ended.status == 0 && !ended.errors.contains("which one runs now"), "\(ended.errors)")
  }

  @Test(arguments: [[], ["rbac"], ["help"]]) func helpIsNoJSON(_ words: [String]) throws {
    let ended = try gatecheck(words + ["--experimental-dump-help"])
    #expect(ended.status == 0 && ended.output.contains("USAGE: gatecheck"), "\(ended.output)\(ended.errors)")
  }

  @Test(arguments: ["", "a"]) func explainNeedsAWord(_ text: String) throws {
    #expect(try gatecheck("explain", text).status == 2)
  }

  @Test func aDocumentIsNotMixedWithAToken() throws {
    let folder = try Folder(["token": "YS5iLmM=\n"])
    let ended = try gatecheck("token", "inspect", "token", "--unwrap", "-", "-o", "json=-", in: folder.path)
    #expect(!ended.output.contains("{"), "\(ended.output)")
  }

  @Test func anotherProgramsObjectsInAListAreKept() throws {
    let list = """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
      """
    let folder = try Folder(["list.yaml": list, "token": "a.b.c\n"])
    let ended = try gatecheck(
      "rbac", "verify", "--server", "https://127.0.0.1:1", "--token-file", "token", "--manifest", "list.yaml",
      in: folder.path)
    #expect(ended.status == 2, "\(ended.output)\(ended.errors)")
    #expect(try folder.read("list.yaml") == list)
  }

  /// Two keys of one name: APISIX would take one and drop the other.
  @Test func aKeyIsNotRenamedOntoOneThatIsThere() throws {
    let text = "discovery:\n  nacos: {host: [\"http://n:8848\"]}\ndiscovry:\n  nacos: {host: [\"http://m:8848\"]}\n"
    let folder = try Folder(["config.yaml": text])
    let ended = try gatecheck("lint", "--fix", "config.yaml", in: folder.path)
    #expect(ended.output.contains("[discovery/not-top-level]"), "\(ended.output)")
    #expect(try folder.read("config.yaml") == text)
  }

  @Test func aReleaseWithItsDigest() throws {
    let ended = try gatecheck("lint", "--apisix-version", "apache/apisix:3.18.0-debian@sha256:0123abcd", "config.yaml")
    #expect(ended.status == 0, "\(ended.errors)")
  }
}
