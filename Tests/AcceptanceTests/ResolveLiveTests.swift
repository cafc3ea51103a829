import Foundation
import JSON
import TestSupport
import Testing

/// `resolve` on a real API server, as the two identities that people have: APISIX's token and an administrator's
/// kubeconfig with a client certificate.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct ResolveLiveTests {
  private static let objects = """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: plat-dev, namespace: default}
    subsets:
    - addresses: [{ip: 10.5.10.110}, {ip: 10.5.10.109}]
      notReadyAddresses: [{ip: 10.5.10.111}]
      ports: [{name: port, port: 3306, protocol: TCP}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: plat-dev, namespace: default}
    spec: {ports: [{name: port, port: 80, targetPort: 3306}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: db, namespace: default}
    spec: {type: ExternalName, externalName: db.example.org}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: empty, namespace: default}
    spec: {selector: {app: none}, ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: cms, namespace: kube-system, labels: {tier: back}}
    subsets:
    - addresses: [{ip: 10.5.10.119}]
      ports: [{name: http, port: 8080, protocol: TCP}]
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: sliced-x1, namespace: default, labels: {kubernetes.io/service-name: sliced}}
    addressType: IPv4
    endpoints: [{addresses: [10.5.10.120], conditions: {ready: true}}, {addresses: [10.5.10.121]}]
    ports: [{name: http, port: 8080, protocol: TCP}]
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: six, namespace: default}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: six-x1, namespace: default, labels: {kubernetes.io/service-name: six}}
    addressType: IPv6
    endpoints: [{addresses: ["fd00:10::120"], conditions: {ready: true}}]
    ports: [{name: http, port: 8080, protocol: TCP}]
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: lost-x1, namespace: default}
    addressType: IPv4
    endpoints: [{addresses: [10.5.10.122], conditions: {ready: true}}]
    ports: [{name: http, port: 8080, protocol: TCP}]
    """

  @Test func servicesOfARealServer() throws {
    let cluster = try Cluster(flags: ["EPSLICE_V1": "1"])
    defer { cluster.down() }
    try cluster.kubectl("apply", "-f", "-", input: Self.objects)
    try cluster.kubectl(
      "apply", "-f", "-",
      input: try cluster.gatecheck("rbac", "generate", "--name", "apisix", "--watch-endpoint-slices=both").output)
    let token = try cluster.token(of: "apisix")
    func resolve(_ arguments: String...) throws -> (status: Int32, json: JSONValue) {
      let ended = try cluster.gatecheck(["resolve", "-o", "json"] + arguments)
      #expect(!(ended.output + ended.errors).contains(token))
      return (ended.status, try JSONValue.parse(ended.output))
    }
    func rules(_ json: JSONValue) -> [String] { json["findings"]?.array?.compactMap { $0["rule"]?.string } ?? [] }
    let config = try cluster.config("config", token: token)
    let authority = ["--certificate-authority", cluster.authority]

    // By token, and by kubeconfig: the same nodes.
    let nodes: JSONValue = [
      ["host": "10.5.10.109", "port": 3306, "weight": 50], ["host": "10.5.10.110", "port": 3306, "weight": 50],
    ]
    let byToken = try resolve("default/plat-dev:port", "--config", config, authority[0], authority[1])
    #expect(byToken.status == 0)
    #expect(byToken.json["nodes"] == nodes)
    #expect(byToken.json["notReady"] == 1)
    #expect(byToken.json["notReadyAddresses"] == [["host": "10.5.10.111", "port": 3306]])
    let kubeconfig = ["--kubeconfig", cluster.folder + "/admin.kubeconfig"]
    let byCertificate = try resolve("default/plat-dev:port", kubeconfig[0], kubeconfig[1])
    #expect(byCertificate.status == 0)
    #expect(byCertificate.json["nodes"] == nodes)

    // Why not. The administrator may look at Services, APISIX may not.
    let cases = [
      ("default/plat-dev:80", "resolve/unknown-port-name"), ("default/plat-deb:port", "resolve/unknown-service"),
      ("plat-dev/default:port", "resolve/unknown-service"), ("default/db:x", "resolve/external-name"),
      ("default/sliced:http", "resolve/other-kind"), ("default/six:http", "resolve/dual-stack"),
      ("default/empty:http", "resolve/no-ready-address"), ("plat-dev.default.svc", "service-name/dns-name"),
    ]
    for (name, rule) in cases {
      let ended = try resolve(name, kubeconfig[0], kubeconfig[1])
      #expect(ended.status == 1, "\(name)")
      #expect(ended.json["nodes"] == .null, "\(name)")
      #expect(rules(ended.json).first == rule, "\(name)")
    }
    #expect(
      try rules(resolve("default/db:x", "--config", config, authority[0], authority[1]).json).first
        == "resolve/unknown-service")
    // With the administrator's kubeconfig beside the token APISIX's question is asked as APISIX, and the rest as him.
    for (name, rule) in cases {
      let ended = try resolve(name, "--config", config, kubeconfig[0], kubeconfig[1])
      #expect(rules(ended.json).first == rule, "\(name)")
      #expect(!rules(ended.json).contains("resolve/service-unseen"), "\(name)")
    }
    let traced = try cluster.gatecheck(
      "resolve", "default/db:x", "--config", config, kubeconfig[0], kubeconfig[1], "-v")
    #expect(traced.errors.contains("/services/db: 200"))
    let objects = try resolve("--referenced", "cluster", "--config", config, kubeconfig[0], kubeconfig[1])
    #expect(
      objects.json["findings"]?.array?.first?["help"]
        == "the ingress controller's custom resources are not installed there")
    // Its DNS name works without discovery, by the Service's own port.
    let dns = try resolve("plat-dev.default.svc.cluster.local", "--config", config, kubeconfig[0], kubeconfig[1])
    #expect(rules(dns.json) == ["service-name/dns-name", "resolve/static-node"])
    #expect(dns.json["findings"]?.array?.first?["help"] == "write default/plat-dev:port")
    #expect(
      dns.json["findings"]?.array?.last?["help"]?.string?.hasPrefix(#"nodes: {"plat-dev.default.svc:80": 1}"# + "\n")
        == true
    )
    // What has no address at all is listed as well.
    let listed = try resolve("--all", kubeconfig[0], kubeconfig[1])
    #expect(
      listed.json["services"]?.array?.first { $0["serviceName"] == "default/six" }
        == ["serviceName": "default/six", "nodes": .null, "notReady": 0])

    // Slices, and what selectors hide.
    let slices = try cluster.config("slices", token: token, extra: "watch_endpoint_slices: true")
    let sliced = try resolve("default/sliced:http", "--config", slices, authority[0], authority[1])
    #expect(sliced.json["nodes"] == [["host": "10.5.10.120", "port": 8080, "weight": 50]])
    #expect(rules(sliced.json) == ["resolve/ready-unsaid"])
    #expect(sliced.json["notReadyAddresses"] == [["host": "10.5.10.121", "port": 8080]])
    let lost = try resolve("default/lost:http", "--config", slices, authority[0], authority[1])
    #expect(rules(lost.json).first == "resolve/slice-without-service")
    let selected = try cluster.config(
      "selected", token: token, extra: "label_selector: tier=front\n    namespace_selector: {not_equal: default}")
    for name in ["default/plat-dev:port", "kube-system/cms:http"] {
      let hidden = try resolve(name, "--config", selected, authority[0], authority[1])
      #expect(rules(hidden.json).first == "resolve/hidden-service", "\(name)")
    }

    // Everything.
    let all = try resolve("--all", "--config", config, authority[0], authority[1])
    #expect(all.status == 0)
    #expect(
      all.json["services"] == [
        ["serviceName": "default/empty", "nodes": .null, "notReady": 0],
        ["serviceName": "default/plat-dev:port", "nodes": 2, "notReady": 1],
        ["serviceName": "default/six", "nodes": .null, "notReady": 0],
        ["serviceName": "kube-system/cms:http", "nodes": 1, "notReady": 0],
      ])

    // The server refuses, or is not there.
    try cluster.kubectl("create", "serviceaccount", "unbound")
    let unbound = try cluster.config("unbound", token: try cluster.token(of: "unbound"))
    let refused = try resolve("default/plat-dev:port", "--config", unbound, authority[0], authority[1])
    #expect(refused.status == 1)
    #expect(rules(refused.json) == ["rbac/not-bound"])
    let untrusted = try resolve("default/plat-dev:port", "--config", config)
    #expect(untrusted.status == 3)
    #expect(rules(untrusted.json) == ["tls/untrusted-certificate"])
    let dead = try cluster.config("dead", token: token, port: "1")
    let unreached = try resolve("default/plat-dev:port", "--config", dead, authority[0], authority[1])
    #expect(unreached.status == 3)
    #expect(rules(unreached.json) == ["connect/refused"])

    // A watch that is told how long it is to go on has the status of its last answer.
    func watch(_ name: String, _ config: String) throws -> (status: Int32, lines: [String]) {
      let ended = try cluster.gatecheck(
        ["resolve", name, "--watch", "--timeout", "2", "--config", config] + authority)
      return (ended.status, ended.output.split(separator: "\n").map(String.init))
    }
    let watched = try watch("default/plat-dev:port", config)
    #expect(watched.status == 0 && watched.lines.count == 1 && watched.lines[0].contains("2 nodes"), "\(watched)")
    let empty = try watch("default/plat-deb:port", config)
    #expect(empty.status == 1 && empty.lines.count == 1 && empty.lines[0].contains("no nodes"), "\(empty)")
    #expect(try watch("default/plat-dev:port", dead).status == 3)
  }
}
