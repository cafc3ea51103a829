import Foundation
import JSON
import TestSupport
import Testing

/// Which addresses are ready, in the table of one service and in that of all.
@Suite struct ResolveReadinessTests {
  private static let endpoints = """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: cms, namespace: default}
    subsets:
      - addresses: [{ip: 10.5.10.109}]
        notReadyAddresses: [{ip: 10.5.10.9}, {ip: 10.5.10.110}]
        ports: [{name: http, port: 8080}, {name: metrics, port: 9090}]
      - notReadyAddresses: [{ip: 10.5.10.109}]
        ports: [{name: http, port: 8081}]
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: down, namespace: default}
    subsets:
      - notReadyAddresses: [{ip: 10.5.10.120}, {ip: 10.5.10.121}]
        ports: [{name: http, port: 8080}]
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: none, namespace: default}
    ---
    \(endpointsText("web", "default", at: "10.5.10.130", port: 8080))
    """
  private static let slices = """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: cms-a, namespace: default, labels: {kubernetes.io/service-name: cms}}
    addressType: IPv4
    endpoints:
      - addresses: [10.5.10.109]
        conditions: {ready: true}
      - addresses: [10.5.10.110]
        conditions: {ready: false, serving: true, terminating: true}
    ports: [{name: http, port: 8080}]
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: cms-b, namespace: default, labels: {kubernetes.io/service-name: cms}}
    addressType: IPv4
    endpoints:
      - addresses: [10.5.10.111]
        conditions: {ready: false}
    ports: [{name: http, port: 8080}]

    """

  @Test func whatIsNotReadyStandsBehindTheNodes() throws {
    let folder = try Folder(["e.yaml": Self.endpoints])
    let ended = try gatecheck("resolve", "default/cms:http", "--from", "e.yaml", in: folder.path)
    #expect(ended.status == 0 && ended.errors == "")
    #expect(
      ended.output == """
        HOST         PORT  WEIGHT  READY
        10.5.10.109  8080  50      yes
        10.5.10.109  8081  -       no
        10.5.10.110  8080  -       no
        10.5.10.9    8080  -       no

        """)
    let slices = try gatecheck("resolve", "default/cms:http", "--from", "-", input: Self.slices)
    #expect(
      slices.output == """
        HOST         PORT  WEIGHT  READY
        10.5.10.109  8080  50      yes
        10.5.10.110  8080  -       no
        10.5.10.111  8080  -       no

        """)
    // They are no nodes.
    for (format, output) in [
      ("yaml", "- host: \"10.5.10.109\"\n  port: 8080\n  weight: 50\n"), ("hosts", "10.5.10.109 cms.default\n"),
    ] {
      let ended = try gatecheck("resolve", "default/cms:http", "--from", "e.yaml", "-o", format, in: folder.path)
      #expect(ended.output == output && ended.errors == "")
    }
  }

  @Test func inJSONTheyHaveAnArrayOfTheirOwn() throws {
    let folder = try Folder(["e.yaml": Self.endpoints])
    let ended = try gatecheck("resolve", "default/cms:metrics", "--from", "e.yaml", "-o", "json", in: folder.path)
    let json = try JSONValue.parse(ended.output)
    #expect(json["nodes"]?.array?.count == 1)
    #expect(json["notReady"] == 2)
    #expect(
      json["notReadyAddresses"] == [["host": "10.5.10.110", "port": 9090], ["host": "10.5.10.9", "port": 9090]])
    let none = try gatecheck("resolve", "default/down:http", "--from", "e.yaml", in: folder.path)
    #expect(none.status == 1)
    #expect(
      none.output.hasPrefix(
        "error: none of the 2 addresses of default/down is ready [resolve/no-ready-address]\n"))
  }

  /// Nobody asked those that are not ready.
  @Test func aProbeIsOfTheNodesOnly() throws {
    let ended = try gatecheck(
      "resolve", "default/cms:http", "--from", "-", "--probe",
      input: """
        {"kind": "Endpoints", "metadata": {"name": "cms", "namespace": "default"}, "subsets": [{
          "addresses": [{"ip": "127.0.0.2"}], "notReadyAddresses": [{"ip": "127.0.0.3"}],
          "ports": [{"name": "http", "port": 1}]}]}
        """)
    #expect(
      ended.output.hasPrefix(
        """
        HOST       PORT  WEIGHT  READY  ANSWER
        127.0.0.2  1     50      yes    refused: nothing listens
        127.0.0.3  1     -       no     -

        """))
  }

  @Test func allServicesWithTheirCounts() throws {
    let folder = try Folder(["e.yaml": Self.endpoints])
    let ended = try gatecheck("resolve", "--all", "--from", "e.yaml", in: folder.path)
    #expect(ended.status == 0)
    #expect(
      ended.output == """
        SERVICE NAME         NODES  NOT READY
        default/cms:http     1      3
        default/cms:metrics  1      2
        default/down:http    none   2
        default/none         none   0
        default/web:http     1      0

        """)
    let json = try gatecheck("resolve", "--all", "--from", "e.yaml", "-o", "json", in: folder.path).json()
    let rows = json["services"] as? [[String: Any]] ?? []
    #expect(rows.map { $0["notReady"] as? Int } == [3, 2, 2, 0, 0])
    #expect(rows.map { $0["nodes"] as? Int } == [1, 1, nil, nil, 1])
    #expect(
      try gatecheck("resolve", "--all", "--from", "-", input: Self.slices).output == """
        SERVICE NAME      NODES  NOT READY
        default/cms:http  1      2

        """)
    // Where all are ready there is nothing to say.
    #expect(
      try gatecheck("resolve", "--all", "--from", "endpoints.yaml").output == """
        SERVICE NAME           NODES
        default/plat-dev:port  2

        """)
  }

  /// A watch that goes on: what became ready, and what was deleted.
  @Test func countsFollowTheEvents() throws {
    func event(_ type: String, _ ready: String, _ notReady: String) -> String {
      """
      {"type": "\(type)", "object": {"kind": "Endpoints", "metadata": {"name": "cms", "namespace": "default"}, "subsets": [
        {"addresses": [\(ready)], "notReadyAddresses": [\(notReady)], "ports": [{"name": "http", "port": 80}]}]}}

      """
    }
    let (one, two) = ("{\"ip\": \"10.0.0.1\"}", "{\"ip\": \"10.0.0.2\"}")
    let begin = event("ADDED", one, two)
    func all(_ input: String) throws -> String { try gatecheck("resolve", "--all", "--from", "-", input: input).output }
    #expect(try all(begin).contains("default/cms:http  1      1"))
    #expect(try all(begin + event("MODIFIED", one + "," + two, "")) == "SERVICE NAME      NODES\ndefault/cms:http  2\n")
    #expect(try all(begin + event("DELETED", one, two)) == "")
  }

  @Test func upstreamsThatAreInUseSayItToo() throws {
    let folder = try Folder([
      "e.yaml": Self.endpoints,
      "apisix.yaml": """
      routes:
        - {id: 1, uri: /a, upstream: {type: roundrobin, service_name: "default/cms:http", discovery_type: kubernetes}}
        - {id: 2, uri: /b, upstream: {type: roundrobin, service_name: "default/down:http", discovery_type: kubernetes}}
      #END

      """,
    ])
    let ended = try gatecheck("resolve", "--referenced", "apisix.yaml", "--from", "e.yaml", in: folder.path)
    #expect(ended.status == 1)
    #expect(
      ended.output.hasPrefix(
        """
        SERVICE NAME       NODES  NOT READY  USED BY
        default/cms:http   1      3          routes/1
        default/down:http  none   2          routes/2

        """))
  }
}
