import JSON
import TestSupport
import Testing

/// What `gatecheck logs explain` says beside a cause: values, paths, what remains, what was left out.
@Suite struct LogsToldTests {
  private static func request(_ text: String, _ path: String) -> String {
    "2026/11/28 11:02:10 [error] 1#1: *1 [lua] \(text), client: 10.0.0.9, server: _, request: \"GET \(path) HTTP/1.1\", "
      + "host: \"gw.example.com\", request_id: \"48dc2ded8638b73f\"\n"
  }
  /// Of 3.18.0 and of 3.14.0.
  private static func noNode(_ path: String = "/a", line: Int = 646) -> String {
    request("init.lua:\(line): handle_upstream(): failed to set upstream: no valid upstream node: nil", path)
  }

  private func told(_ log: String, _ flags: String...) throws -> Ended {
    let folder = try Folder(["error.log": log])
    return try gatecheck(["logs", "explain", "error.log"] + flags, in: folder.path)
  }

  @Test func theDocumentNamesTheFirstRequestAndThePaths() throws {
    let log = Self.noNode("/a?token=abcdef1234567890") + Self.noNode("/b") + Self.noNode("/b?x=1")
    let group = try JSONValue.parse(told(log, "-o", "json").output)["groups"]?.array?.first
    #expect(
      group?["values"] == [
        "reason": "nil", "client": "10.0.0.9", "request": "GET /a", "host": "gw.example.com",
        "request_id": "48dc2ded8638b73f",
      ])
    #expect(group?["requests"] == 2 && group?["paths"] == ["GET /a", "GET /b"] && group?["count"] == 3)
  }

  @Test func aLongPathIsCut() throws {
    let seen = try told(Self.noNode("/" + String(repeating: "x", count: 2000))).output.split(separator: "\n")
      .first { $0.contains("seen: ") }
    #expect(seen.map { $0.count < 200 && $0.contains("xxx…, 2026") } == true)
  }

  /// The causes that remain are those of the release that wrote the log, and of the registries that it names.
  @Test func whatRemains() throws {
    let alone = try told(Self.noNode()).output
    #expect(
      alone.contains("nacos: the name, group") && !alone.contains("first answer") && !alone.contains("one worker"))
    let older = try told(Self.noNode(line: 565)).output
    #expect(older.contains("nacos: the first answer has not come, or") && older.contains("one worker only; "))
    let given = try told(Self.noNode(line: 565), "--apisix-version", "3.18").output
    #expect(!given.contains("first answer") && !given.contains("one worker"))
    let folder = try Folder(["error.log": Self.noNode(line: 565)])
    let doctor = try gatecheck("doctor", "--log", "error.log", "--apisix-version", "3.18", in: folder.path).output
    #expect(doctor.contains("nacos: the name, group") && !doctor.contains("first answer"))
    let unknown = try told(Self.noNode(line: 1)).output
    #expect(unknown.contains("has not come (before 3.15)") && unknown.contains("one worker only (before 3.16)"))
    let other = Self.request(
      "init.lua:549: nodes(): fetch nodes failed by b, error: consul service not found: default/b", "/c")
    let named = try told(Self.noNode() + other.split(separator: "*1").joined(separator: "*2")).output
    #expect(named.contains("help: consul: curl") && !named.contains("eureka:"))
  }

  @Test(arguments: [["--ignore", "log/"], ["--select", "token"]]) func whatIsLeftOutIsNoHealth(_ flags: [String]) throws
  {
    let folder = try Folder(["error.log": Self.noNode()])
    let ended = try gatecheck(["logs", "explain", "error.log"] + flags, in: folder.path)
    #expect(ended.status == 0 && ended.output.hasPrefix("--select and --ignore leave out all that was found; 1 line"))
  }

  /// As of every command that takes a cluster.
  @Test func aClusterThatIsNotThere() throws {
    let cluster = "{id: good, service: {host: 10.0.0.1, port: \"6443\"}, client: {token: abc}}"
    let folder = try Folder(["error.log": "", "c.yaml": "discovery:\n  kubernetes:\n    - \(cluster)\n"])
    let call = ["logs", "explain", "error.log", "--config", "c.yaml", "--cluster", "nix"]
    let same = try gatecheck("token", "inspect", "--config", "c.yaml", "--cluster", "nix", in: folder.path)
    let text = try gatecheck(call, in: folder.path)
    expect(
      text, "config/unknown-cluster", "c.yaml:2:3: error: there is no cluster \"nix\" in this file", "ids: good",
      status: same.status)
    #expect(text.output == same.output && text.errors == same.errors)
    let document = try JSONValue.parse(gatecheck(call + ["-o", "json"], in: folder.path).output)
    #expect(document["findings"]?.array?.first?["rule"] == "config/unknown-cluster" && document["groups"] == [])
  }

  /// Whatever wraps its lines, a log is no configuration.
  @Test func lintKnowsALog() throws {
    let line = String(Self.noNode().dropLast())
    let quoted = JSONValue.string(line + "\n").text()
    let folder = try Folder([
      "plain.log": line,
      "docker.log": "{\"log\":\(quoted),\"stream\":\"stderr\",\"time\":\"2026-11-28T11:02:10.1Z\"}\n",
      "pods.log": "[pod/apisix-1/apisix] 2026-11-28T11:02:10.123456789Z \(line)\n",
      "loki.json": "[{\"labels\":{\"app\":\"apisix\"},\"line\":\(quoted),\"timestamp\":\"2026-11-28T11:02:10Z\"}]",
    ])
    _ = try bash("gzip -k plain.log", in: folder.path)
    for name in ["plain.log", "docker.log", "pods.log", "loki.json", "plain.log.gz"] {
      let ended = try gatecheck("lint", name, in: folder.path)
      #expect(ended.output.contains("this reads it: gatecheck logs explain \(name)"), "\(name): \(ended.output)")
    }
    // A line that stands in another file makes it no log.
    try folder.write("notes.yaml", "# \(line)\nname: [\n")
    #expect(try !gatecheck("lint", "notes.yaml", in: folder.path).output.contains("logs explain"))
  }

  /// A part of a line finds the page that has it in its line.
  @Test(arguments: [
    ("object matches none of the required", "log/invalid-discovery-configuration"),
    ("no host allowed", "log/host-name-node"),
  ]) func wordsOfALine(_ text: String, _ rule: String) throws {
    #expect(
      try gatecheck("explain", text).output.split(separator: "\n").prefix(2).contains { $0.hasPrefix(rule + " ") })
  }
}
