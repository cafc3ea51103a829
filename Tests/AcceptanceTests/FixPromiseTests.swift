import Foundation
import TestSupport
import Testing

/// What the summary and `--diff` promise is what `--fix` does, in files whose fixes bring others to light.
@Suite struct FixPromiseTests {
  /// The list that `servers` has to be shows only after `server` is spelt so.
  private static let misspelt = """
    nginx_config:
      envs: [A]
    discovery:
      consul:
        default_service: {host: a, port: "1"}
        server: "http://127.0.0.1:8500"
        weight: 1

    """
  /// Not to be read at all at first.
  private static let unreadable = """
    discovery:
      nacos:
        fetch_interval: "30"
        host: "http://127.0.0.1:8848"
      consul_kv:
        server: "http://127.0.0.1:8500"
        weight： 1

    """

  @Test(arguments: [
    (misspelt, [], "2 can be fixed with --fix", "2 fixed, and 1 more that showed up then"),
    (unreadable, [], "1 can be fixed with --fix", "1 fixed, and 4 more that showed up then"),
    (misspelt.replacing(#"port: "1""#, with: "port: 1"), ["--unsafe-fixes"], "1 can be", "1 fixed, and 1 more"),
    (misspelt.replacing("server:", with: "servers:"), [], "2 can be fixed with --fix", "2 fixed\n"),
  ])
  func whatIsPromisedIsWhatIsDone(text: String, flags: [String], promise: String, done: String) throws {
    let folder = try Folder(["config.yaml": text, "patched/config.yaml": text])
    let before = try gatecheck(["lint", "config.yaml"], in: folder.path)
    #expect(before.output.contains("; " + promise), "\(before.output)")
    let diff = try gatecheck(["lint", "--diff", "config.yaml"] + flags, in: folder.path)
    #expect(try folder.read("config.yaml") == text && diff.status == before.status)
    try folder.write("the.diff", diff.output)
    let fixed = try gatecheck(["lint", "--fix", "config.yaml"] + flags, in: folder.path)
    #expect(fixed.errors.contains("config.yaml: " + done), "\(fixed.errors)")
    let patch = try bash("git apply --directory=patched the.diff", in: folder.path)
    #expect(patch.status == 0, "\(patch.errors)\(diff.output)")
    #expect(try folder.read("patched/config.yaml") == folder.read("config.yaml"))
  }

  @Test func aCredentialThatShowsInALaterRoundIsHidden() throws {
    let text = Self.unreadable.replacing("weight： 1", with: "x: 1").replacing(
      "  consul_kv", with: "    accesskey： battery staple\n  consul_kv")
    let folder = try Folder(["config.yaml": text])
    let diff = try gatecheck("lint", "--diff", "config.yaml", in: folder.path)
    #expect(diff.output.hasPrefix("# config.yaml: credentials are shown as ***"), "\(diff.output)")
    for line in ["-    accesskey： ***", "+    access_key: ***"] { #expect(diff.output.contains("\n\(line)\n")) }
    #expect(!diff.output.contains("staple"), "\(diff.output)")
  }

  /// A file that cannot be read with it either is left to a second look; one that has only such faults is mended.
  @Test(arguments: [
    ("", true), ("  eureka: [\n", false), ("  x: \"abc\n", false), ("  x: *nope\n", false), ("  x: a: b\n", false),
  ])
  func aSafeFixMakesTheFileReadable(rest: String, isMended: Bool) throws {
    let text = "discovery:\n  nacos:\n    host： [\"http://127.0.0.1:8848\"]\n    weight: 1\n" + rest
    let folder = try Folder(["config.yaml": text])
    let found = try gatecheck(["lint", "config.yaml"], in: folder.path)
    #expect(found.rules == Array(repeating: "yaml/input-method", count: found.rules.count), "\(found.output)")
    _ = try gatecheck(["lint", "--fix", "config.yaml"], in: folder.path)
    #expect(try folder.read("config.yaml") == (isMended ? text.replacing("：", with: ":") : text))
    let after = try gatecheck(["lint", "config.yaml"], in: folder.path)
    #expect(after.output.contains("[yaml/") != isMended, "\(after.output)")
  }

  /// A diff cannot show a byte that is none of UTF-8, as of a file that was cut.
  @Test func whatCannotBeShownIsNotFixed() throws {
    let folder = try Folder()
    let text = "routes:\n  - uri: /a\n    group_name: {“a”}\n#END\ngroup_name: {“a"
    try folder.write("routes.yaml", Data(text.utf8) + [0xE2])
    let found = try gatecheck(["lint", "routes.yaml"], in: folder.path)
    #expect(found.output.contains("[yaml/input-method]") && !found.output.contains("--fix"), "\(found.output)")
    #expect(try gatecheck("lint", "--diff", "routes.yaml", in: folder.path).output == "")
  }

  @Test func whatAnotherFileBringsToLightIsTold() throws {
    // The upstream is first led to the registry as it is misspelt.
    let folder = try Folder([
      "config.yaml": "discovery:\n  nacoss:\n    host: [\"http://127.0.0.1:8848\"]\n",
      "apisix.yaml": "upstreams:\n  - {id: 1, type: roundrobin, service_name: a, discovery_type: nacso}\n#END\n",
    ])
    let diff = try gatecheck("lint", "--diff", "--unsafe-fixes", ".", in: folder.path)
    let copy = try Folder(copyOf: folder.path)
    try copy.write("the.diff", diff.output)
    let patch = try bash("git apply the.diff", in: copy.path)
    #expect(patch.status == 0, "\(patch.errors)\(diff.output)")
    let fixed = try gatecheck("lint", "--fix", "--unsafe-fixes", ".", in: folder.path)
    #expect(fixed.errors.contains("apisix.yaml: 1 fixed, and 1 more that showed up then"), "\(fixed.errors)")
    for name in ["config.yaml", "apisix.yaml"] { #expect(try copy.read(name) == folder.read(name)) }
  }
}
