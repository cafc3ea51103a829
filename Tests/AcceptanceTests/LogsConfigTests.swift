import Findings
import JSON
import TestSupport
import Testing

/// `gatecheck logs explain --config`: a cause stands at its line of config.yaml, with the command that asks the server.
@Suite struct LogsConfigTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// A log of Tests/Fixtures/logs, or a line.
    let log: String
    let config: String
    /// `LINE:COLUMN` of config.yaml, or nil for a place in the log.
    let place: String?
    /// A part of the help.
    var help = ""
    var flags: [String] = []
    var testDescription: String { log }
  }

  private static let kubernetes = """
    discovery:
      kubernetes:
        service:
          host: api.example.com
          port: "6443"
        client:
          token: abc
        label_selector: app in

    """
  private static let variables = """
    # ${{KUBE_HOST}}
    discovery:
      kubernetes:
        service:
          host: "${{KUBE_HOST}}"
        client:
          token_file: "${KUBE_TOKEN_FILE}"

    """
  private static let clusters = """
    discovery:
      kubernetes:
        - id: good
          service: {host: 10.0.0.1, port: "6443"}
          client: {token: abc}
        - id: bad
          service: {host: 127.0.0.1, port: "26999"}
          client: {token: def}
          label_selector: app in

    """
  private static func registry(_ text: String) -> String { "discovery:\n  " + text }
  private static func items(_ servers: String...) -> String { servers.map { "      - http://\($0)\n" }.joined() }

  private static let badSelector =
    "2026/11/28 11:06:21 [error] 1#1: *6 [lua] informer_factory.lua:295: list failed, kind: Endpoints, reason: Bad "
    + "Request, message : {\"kind\":\"Status\",\"message\":\"unable to parse requirement\",\"code\":400}, context: "
    + "ngx.timer\n"

  static let cases = [
    Case(
      log: "k8s-401-token-expired", config: kubernetes, place: "7:14",
      help: "gatecheck token verify --config config.yaml: it tells why"),
    Case(
      log: "k8s-401-token-expired", config: "deployment: {role: data_plane}\n" + variables, place: "8:19",
      help: "gatecheck token verify --config config.yaml: it tells why"),
    Case(log: badSelector, config: kubernetes, place: "8:21"),
    Case(
      log: "k8s-refused", config: kubernetes, place: "4:13",
      help: "; to try it: gatecheck token verify --config config.yaml"
    ),
    Case(log: "k8s-token-file-env-unset", config: variables, place: "7:20"),
    Case(log: "start-env-placeholder-missing", config: variables, place: "5:14"),
    // Of several clusters the one that is meant; where that is not known, what has them all.
    Case(
      log: "k8s-multi-one-bad", config: clusters, place: "7:23",
      help: "; to try it: gatecheck token verify --config config.yaml --cluster bad"),
    Case(log: badSelector, config: clusters, place: "9:23"),
    Case(log: "k8s-401-token-expired", config: clusters, place: "2:3"),
    Case(
      log: "k8s-401-token-expired", config: clusters, place: "8:23",
      help: "gatecheck token verify --config config.yaml --cluster bad: it", flags: ["--cluster", "bad"]),
    Case(
      log: "nacos-refused", config: registry("nacos:\n    host: [\"http://nacos:s3cret@127.0.0.1:8848\"]\n"),
      place: "3:11",
      help: "; to try it: gatecheck registry verify --registry nacos --config config.yaml"),
    // Of several servers the one that the line, or what follows from it, names; all where it may be any.
    Case(
      log: "nacos-refused", config: registry("nacos:\n    host:\n" + items("h:1", "u:s3cret@127.0.0.1:30306")),
      place: "5:9"),
    Case(log: "nacos-refused", config: registry("nacos:\n    host:\n" + items("h:1", "h:2")), place: "4:7"),
    Case(
      log: "nacos-two-hosts-one-down", config: registry("nacos:\n    host:\n" + items("h:1", "127.0.0.1:1")),
      place: "5:9"),
    Case(
      log: "consul-down", config: registry("consul:\n    servers:\n" + items("h:8500", "127.0.0.1:18599")), place: "5:9"
    ),
    Case(
      log: "2026/11/28 11:07:03 [error] 1#1: init_worker_by_lua error: /a/apisix/discovery/consul/init.lua:435: format "
        + "consul config got error: invalid consul server address, the valid format: http://address:port\n",
      config: registry("consul:\n    servers:\n" + items("h:8500", "h:8501/")), place: "5:9",
      help: "and nothing behind it"),
    Case(
      log: "2026/11/28 11:00:05 [error] 31#31: *6 [lua] init.lua:130: nacos host at index 2 is invalid, skip, context: "
        + "ngx.timer\n",
      config: registry("nacos:\n    host:\n" + items("h:1", "")), place: "5:9"),
    Case(
      log: "nacos-html", config: registry("nacos:\n    host: [\"http://h:8848\"]\n    prefix: /x/\n"), place: "4:13"),
    Case(
      log: "consul-bad-token", config: registry("consul:\n    servers: [\"http://h:8500\"]\n    token: a\n"),
      place: "4:12",
      help: "; to try it: gatecheck registry verify --registry consul --config config.yaml"),
    Case(
      log: "consul-unknown-service", config: registry("consul:\n    servers: [\"http://h:8500/\"]\n"), place: nil,
      help: "curl -s 'http://h:8500/v1/health/service/nosuch?passing=true'"),
    Case(log: "dns-refused-zone", config: registry("dns:\n    servers: [\"10.0.0.1:8600\"]\n"), place: "3:14"),
    Case(
      log: "dns-nxdomain", config: registry("dns:\n    servers: [\"10.0.0.1:8600\"]\n"), place: nil,
      help: "dig @10.0.0.1 -p 8600 NAME must answer"),
    Case(
      log: "eureka-404-prefix", config: registry("eureka:\n    host: [\"http://h:1\"]\n    prefix: /eureka/v2/\n"),
      place: "4:13", help: "; to try it: gatecheck registry verify --registry eureka --config config.yaml"),
    Case(
      log: "k8s-wrong-service-name", config: clusters, place: nil,
      help: "write service_name: ID/default/cms:PORT, with one of good, bad for ID and the port's name or number"),
    Case(
      log: "v3.16.0-k8s-multi-unknown-id", config: clusters, place: nil,
      help: "write one of good, bad before the first slash"),
    // The causes that remain are those of the registries that are there.
    Case(
      log: "eureka-empty", config: registry("eureka:\n    host: [\"http://h:1\"]\n"), place: nil,
      help: "eureka: the name is in lower case, is not registered, or has no instance UP; curl -s "
        + "http://127.0.0.1:9090/v1/discovery/eureka/dump shows what APISIX holds"),
    // No command with a file that has no cluster to ask.
    Case(
      log: "k8s-refused", config: registry("eureka:\n    host: [\"http://h:1\"]\n"), place: nil,
      help: "write the API server's own address"),
  ]

  @Test(arguments: cases) func theCauseStandsAtItsLine(_ row: Case) throws {
    let isLine = row.log.hasSuffix("\n")
    let text = isLine ? row.log : try Checkout.text("Tests/Fixtures/logs/\(row.log).log")
    let folder = try Folder(["error.log": text, "config.yaml": row.config])
    let call = ["logs", "explain", "--config", "config.yaml", "error.log"] + row.flags
    let told = try gatecheck(call + ["-o", "json"], in: folder.path)
    let finding = try #require(JSONValue.parse(told.output)["findings"]?.array?.first)
    let place = row.place.map { "config.yaml:\($0): " } ?? "error.log:"
    #expect(try gatecheck(call + ["-o", "short"], in: folder.path).output.hasPrefix(place))
    #expect(finding["help"]?.string?.contains(row.help) == true, "\(finding["help"]?.string ?? "")")
    #expect(!told.output.contains("s3cret"))
  }

  /// What is printed can be pasted, whatever the file is called.
  @Test func aFileOfAnyName() throws {
    let folder = try Folder(["it's a file.yaml": Self.kubernetes])
    let log = Checkout.fixtures + "/logs/k8s-401-token-expired.log"
    let told = try gatecheck("logs", "explain", "--config", "it's a file.yaml", log, in: folder.path)
    let command = try #require(told.output.firstMatch(of: #/help: (gatecheck .*?): it tells/#)).1
    #expect(try bash(String(command), in: folder.path).status != 2)
  }
}
