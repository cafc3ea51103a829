import Foundation
import TestSupport
import Testing

/// `resolve --from`: what APISIX would hold after these documents.
@Suite struct ResolveTests {
  private static let name = "default/plat-dev:port"
  private static let table = """
    HOST         PORT  WEIGHT  READY
    10.5.10.109  3306  50      yes
    10.5.10.110  3306  50      yes

    """

  private static func endpoints(_ ips: [String], name: String = "plat-dev", port: Int = 3306) -> String {
    let addresses = ips.map { "{\"ip\": \"\($0)\"}" }.joined(separator: ", ")
    return """
      {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "\(name)", "namespace": "default"},
       "subsets": [{"addresses": [\(addresses)], "ports": [{"name": "port", "port": \(port)}]}]}

      """
  }
  private static let both = endpoints(["10.5.10.109", "10.5.10.110"])
  private static let slice = """
    {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
     "metadata": {"name": "plat-dev-x", "namespace": "default",
                  "labels": {"kubernetes.io/service-name": "plat-dev"}},
     "addressType": "IPv4",
     "endpoints": [{"addresses": ["10.5.10.109"], "conditions": {"ready": true}},
                   {"addresses": ["10.5.10.110"], "conditions": {"ready": true}}],
     "ports": [{"name": "port", "port": 3306}]}

    """

  /// A token from elsewhere stands in for the file that the configuration names.
  @Test func aLiveAnswerDoesNotHangOnTheTokenFileOfTheConfiguration() throws {
    let folder = try Folder([
      "config.yaml": "discovery: {kubernetes: {client: {token_file: '${NOT_SET}'}}}\n", "token": "a.b.c",
    ])
    let ended = try gatecheck(
      "resolve", "--all", "-o", "json", "--config", "config.yaml", "--server", "https://127.0.0.1:1", "--token-file",
      "token", in: folder.path)
    #expect(ended.rules.filter { !$0.hasPrefix("token/") } == ["connect/refused"])
  }

  @Test(arguments: ["table", "json", "yaml", "apisix", "hosts", "text", "short"]) func everyFormat(format: String)
    throws
  {
    let found = try gatecheck("resolve", Self.name, "--from", "endpoints.yaml", "-o", format)
    #expect(found.status == 0)
    try expectGolden(found.output, "Tests/Golden/acceptance/resolve/\(format).out")
    let none = try gatecheck("resolve", "default/plat-dev:prt", "--from", "endpoints.yaml", "-o", format)
    #expect(none.status == 1)
    try expectGolden(
      none.output + "--- standard error\n" + none.errors, "Tests/Golden/acceptance/resolve/\(format).none.out")
  }

  @Test(
    arguments: [
      ("an object", both), ("a list of kubectl", "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\(both)]}"),
      ("an EndpointsList", "{\"kind\": \"EndpointsList\", \"apiVersion\": \"v1\", \"items\": [\(both)]}"),
      ("documents one behind the other", endpoints(["10.5.10.1"], name: "other") + both),
      (
        "documents without a separator",
        endpoints(["10.5.10.1"], name: "other").trimmingCharacters(in: .newlines) + both
      ),
      ("the last one wins", endpoints(["10.5.10.1"]) + both),
      (
        "watch events",
        "{\"type\": \"ADDED\", \"object\": \(endpoints(["10.9.9.9"]))}{\"type\": \"MODIFIED\", \"object\": \(both)}"
      ),
      (
        "a bookmark",
        "{\"type\": \"ADDED\", \"object\": \(both)}{\"type\": \"BOOKMARK\", \"object\": {\"kind\": \"Endpoints\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"9\"}}}"
      ),
      ("slices", slice),
      (
        "a list of slices",
        "{\"kind\": \"EndpointSliceList\", \"apiVersion\": \"discovery.k8s.io/v1\", \"items\": [\(slice)]}"
      ),
    ] as [(String, String)])
  func fromStandardInput(what: String, json: String) throws {
    let ended = try gatecheck("resolve", Self.name, "--from", "-", input: json)
    #expect(ended.output == Self.table, "\(what): \(ended.errors)")
    #expect(ended.status == 0)
  }

  @Test func nodesThatAPISIXRefusesAreToldInAList() throws {
    let folder = try Folder([
      "endpoints.yaml": """
      apiVersion: v1
      kind: Endpoints
      metadata: {name: odd, namespace: default}
      subsets: [{addresses: [{ip: 10.5.10.109}], ports: [{name: http, port: 0}]}]

      """,
      "apisix.yaml": """
      routes:
        - uri: /
          upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "default/odd:http"}
      #END

      """,
    ])
    let all = try gatecheck("resolve", "--all", "--from", "endpoints.yaml", "-o", "short", in: folder.path)
    #expect(all.output == "warning: APISIX refuses all nodes of default/odd:http [resolve/refused-nodes]\n")
    #expect(all.status == 0, "whether a route has it is not known")
    let used = try gatecheck(
      "resolve", "--referenced", "apisix.yaml", "--from", "endpoints.yaml", "-o", "short", in: folder.path)
    #expect(
      used.output == "apisix.yaml:3:76: error: routes/arr_1: APISIX refuses all nodes of default/odd:http "
        + "[resolve/refused-nodes]\n")
    #expect(used.status == 1)
  }

  @Test func aDeletedObjectIsGone() throws {
    let events = "{\"type\": \"ADDED\", \"object\": \(Self.both)}{\"type\": \"DELETED\", \"object\": \(Self.both)}"
    let ended = try gatecheck("resolve", Self.name, "--from", "-", "-o", "json", input: events)
    #expect(ended.status == 1)
  }

  @Test func yamlAndSeveralFiles() throws {
    let yaml = try Checkout.text("docs/examples/endpoints.yaml")
    let folder = try Folder([
      "a.yaml": "---\n" + yaml + "---\n", "b.json": Self.endpoints(["10.5.10.1"], name: "other"),
    ])
    let ended = try gatecheck("resolve", Self.name, "--from", "a.yaml", "--from", "b.json", in: folder.path)
    #expect(ended.output == Self.table)
    let other = try gatecheck("resolve", "default/other:port", "--from", "a.yaml", "--from", "b.json", in: folder.path)
    #expect(other.output.contains("10.5.10.1 "))
    #expect(try gatecheck("resolve", Self.name, "--from", "-", input: yaml).output == Self.table)
  }

  @Test func oneClusterOfSeveral() throws {
    let folder = try Folder(["a.json": Self.both, "b.json": Self.endpoints(["10.7.7.7"])])
    let from = ["--from", "prod=a.json", "--from", "test=b.json"]
    let test = try gatecheck(["resolve", "test/" + Self.name] + from, in: folder.path)
    #expect(test.output.contains("10.7.7.7") && !test.output.contains("10.5.10.109"))
    #expect(try gatecheck(["resolve", "prod/" + Self.name] + from, in: folder.path).output == Self.table)
    let unknown = try gatecheck(["resolve", "tset/" + Self.name, "-o", "json"] + from, in: folder.path)
    #expect(unknown.status == 1 && unknown.rules == ["service-name/cluster-id-unknown"])
    try folder.write("config.yaml", Checkout.text("Tests/Fixtures/ok/config-clusters.yaml"))
    let known = try gatecheck(
      "resolve", "prod/" + Self.name, "--config", "config.yaml", "--from", "prod=a.json", in: folder.path)
    #expect(known.output == Self.table)
    let wrong = try gatecheck(
      "resolve", "prod/" + Self.name, "--config", "config.yaml", "--from", "none=a.json", "-o", "json", in: folder.path)
    #expect(wrong.status == 2 && wrong.rules == ["config/unknown-cluster"])
  }

  @Test func theConfigSaysWhatIsSeen() throws {
    let folder = try Folder([
      "config.yaml": """
      discovery:
        kubernetes:
          service: {host: "${NOT_SET}", port: "6443"}
          client: {token_file: /absent}
          default_weight: 7
          namespace_selector:
            equal: shop

      """, "e.json": Self.both,
    ])
    let hidden = try gatecheck(
      "resolve", Self.name, "--config", "config.yaml", "--from", "e.json", "-o", "json", in: folder.path)
    #expect(hidden.status == 1 && hidden.rules.first == "resolve/hidden-service")
    try folder.write("config.yaml", try folder.read("config.yaml").replacing("shop", with: "default"))
    let seen = try gatecheck("resolve", Self.name, "--config", "config.yaml", "--from", "e.json", in: folder.path)
    #expect(seen.output.contains("10.5.10.109  3306  7"))
  }

  @Test(arguments: [
    ("default/plat-dev:prt", "resolve/unknown-port-name"), ("default/plat-deb:port", "resolve/unknown-service"),
    ("plat-dev:port", "service-name/malformed"), ("default/plat-dev", "service-name/port-missing"),
    ("plat-dev.default.svc.cluster.local", "service-name/dns-name"), ("", "service-name/malformed"),
    ("one/default/plat-dev:port", "service-name/cluster-id-extra"),
    ("default/plat-dev :port", "service-name/malformed"),
  ])
  func whyThereAreNone(name: String, rule: String) throws {
    let ended = try gatecheck("resolve", name, "--from", "endpoints.yaml", "-o", "json")
    #expect(ended.status == 1 && ended.rules.first == rule)
    #expect(try ended.json()["nodes"] is NSNull)
  }

  @Test func brokenInputIsNoAnswer() throws {
    for text in ["{\"kind\": ", "not json", "[1, 2", "\0\0"] {
      let ended = try gatecheck("resolve", Self.name, "--from", "-", "-o", "json", input: text)
      #expect([1, 3].contains(ended.status), "\(text) ends with \(ended.status)")
      #expect(!ended.rules.isEmpty)
    }
    #expect(try gatecheck("resolve", Self.name, "--from", "-", input: "").status != 0)
  }

  @Test(arguments: ["bogus", "TLS", "", "default/plat-dev:port"]) func aWordThatProbeDoesNotTake(word: String) throws {
    let arguments = ["resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "--probe=" + word]
    let told = "--probe takes tcp or tls, not \(word.isEmpty ? "nothing" : word)"
    for more in [[], ["--request-timeout", "1"], ["--from-pod"]] {
      let ended = try gatecheck(arguments + more)
      #expect(ended.status == 2 && ended.output == "" && ended.errors == "gatecheck: \(told)\n")
    }
    let document = try gatecheck(arguments + ["-o", "json"])
    #expect(document.status == 2 && document.rules == ["usage/arguments"])
    #expect((try document.json()["findings"] as? [[String: Any]])?.first?["message"] as? String == told)
  }

  /// A bare --probe has no value: what follows is the name.
  @Test func aNameBehindABareProbe() throws {
    let ended = try gatecheck("resolve", "--probe", "default/plat-dev:prt", "--from", "endpoints.yaml", "-o", "json")
    #expect(ended.rules.first == "resolve/unknown-port-name")
  }

  /// Whatever people write, the answer is the name to write, in full.
  @Test(arguments: [
    "plat-dev", "plat-dev:3306", "plat-dev.default", "plat-dev.default.svc.cluster.local:3306", "default/plat-dev",
    "default/plat-dev:3306", "default/plat-dev:port ", "plat-dev/default:port", "http://plat-dev.default:3306",
  ])
  func theRightNameIsWrittenOut(name: String) throws {
    let ended = try gatecheck("resolve", name, "--from", "endpoints.yaml", "-o", "json", in: Checkout.examples)
    let finding = try #require((ended.json()["findings"] as? [[String: Any]])?.first)
    #expect((finding["help"] as? String)?.hasSuffix("write default/plat-dev:port") == true)
    #expect(ended.status == 1)
  }
}
