import Foundation
import JSON
import TestSupport
import Testing

/// `resolve` on what the real controllers make of pods, through a crash of the API server, and with 5,000 services.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct ResolveControllerTests {
  private static let web = """
    apiVersion: v1
    kind: Node
    metadata: {name: n1}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: default}
    spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: lonely, namespace: default}
    spec: {selector: {app: nothing}, ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: mirrored, namespace: default}
    spec: {ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: mirrored, namespace: default}
    subsets: [{addresses: [{ip: 10.7.0.1}, {ip: 10.7.0.2}], ports: [{name: http, port: 8080}]}]
    ---
    """

  private static func pod(_ name: String) -> String {
    """

    apiVersion: v1
    kind: Pod
    metadata: {name: \(name), namespace: default, labels: {app: web}}
    spec: {nodeName: n1, automountServiceAccountToken: false, containers: [{name: c, image: none}]}
    ---
    """
  }

  /// What a kubelet would report.
  private static func report(_ name: String, _ address: String, ready: Bool, in cluster: Cluster) throws {
    let text = try cluster.kubectl("get", "pod", name, "-o", "json")
    var pod = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    pod["status"] = [
      "phase": "Running", "podIP": address, "podIPs": [["ip": address]],
      "conditions": [
        ["type": "Ready", "status": ready ? "True" : "False", "reason": ready ? "" : "ContainersNotReady"]
      ],
    ]
    let body = String(decoding: try JSONSerialization.data(withJSONObject: pod), as: UTF8.self)
    try cluster.kubectl("replace", "--raw", "/api/v1/namespaces/default/pods/\(name)/status", "-f", "-", input: body)
  }

  private static func resolve(
    _ cluster: Cluster, _ arguments: [String]
  ) throws -> (status: Int32, json: JSONValue, errors: String) {
    let ended = try cluster.gatecheck(["resolve", "-o", "json"] + arguments)
    return (ended.status, try JSONValue.parse(ended.output), ended.errors)
  }

  private static func hosts(_ json: JSONValue) -> [String] {
    (json["nodes"]?.array ?? []).compactMap { $0["host"]?.string }
  }

  @Test func podsBecomeNodesWhenTheyAreReady() throws {
    let cluster = try Cluster(flags: ["EPSLICE_V1": "1"])
    defer { cluster.down() }
    let admin = ["--kubeconfig", cluster.folder + "/admin.kubeconfig"]
    func first(_ name: String) throws -> String {
      try Self.resolve(cluster, [name] + admin).json["findings"]?.array?.first?["message"]?.string ?? ""
    }
    try cluster.kubectl("apply", "-f", "-", input: Self.web + Self.pod("web-1") + Self.pod("web-2"))
    // No kubelet has reported yet.
    #expect(
      try Cluster.eventually {
        try first("default/web:http")
          == "default/web has no address at all: 2 pods, 2 not ready (web-1: Pending)"
      })
    #expect(try first("default/lonely:http") == "default/lonely has no address at all: no pod matches its selector")
    try Self.report("web-1", "10.6.0.1", ready: false, in: cluster)
    try Self.report("web-2", "10.6.0.2", ready: false, in: cluster)
    #expect(
      try Cluster.eventually {
        try first("default/web:http")
          == "none of the 2 addresses of default/web is ready: 2 pods, 2 not ready (web-1: ContainersNotReady)"
      })
    try Self.report("web-1", "10.6.0.1", ready: true, in: cluster)
    #expect(
      try Cluster.eventually {
        try Self.hosts(Self.resolve(cluster, ["default/web:http"] + admin).json) == ["10.6.0.1"]
      })
    // Who may read neither says so; and slices that the controller mirrored from Endpoints are read as well.
    try cluster.kubectl(
      "apply", "-f", "-",
      input: try cluster.gatecheck("rbac", "generate", "--name", "apisix", "--watch-endpoint-slices=both").output)
    let token = try cluster.token(of: "apisix")
    let slices = try cluster.config("slices", token: token, extra: "watch_endpoint_slices: true")
    let asAPISIX = ["--config", slices, "--certificate-authority", cluster.authority]
    let unseen = try Self.resolve(cluster, ["default/lonely:http"] + asAPISIX)
    #expect(
      unseen.json["findings"]?.array?.contains {
        $0["message"] == "not seen: the Services and Pods of default/lonely (403)"
      } == true)
    #expect(
      try Cluster.eventually {
        try Self.hosts(Self.resolve(cluster, ["default/mirrored:http"] + asAPISIX).json) == ["10.7.0.1", "10.7.0.2"]
      })
    // The API server itself is a node that speaks TLS.
    let file = cluster.folder + "/self.json"
    try """
    {"kind": "Endpoints", "metadata": {"name": "kubernetes", "namespace": "default"}, "subsets": [{
      "addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "https", "port": \(cluster.port)}]}]}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let tls = ["default/kubernetes:https", "--from", file, "--probe=tls"]
    #expect(try Self.word(Self.resolve(cluster, tls).json) == "untrusted-certificate")
    let known = try Self.resolve(cluster, tls + ["--certificate-authority", cluster.authority])
    #expect(Self.word(known.json) == "ok")
    #expect(known.json["findings"] == [])
    let renamed = tls.map { $0.replacingOccurrences(of: "default/kubernetes", with: "other/kubernetes") }
    try String(contentsOfFile: file, encoding: .utf8).replacingOccurrences(of: "default", with: "other")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let wrong = try Self.resolve(cluster, renamed + ["--certificate-authority", cluster.authority])
    #expect(Self.word(wrong.json) == "wrong-host")
    #expect(wrong.status == 0)
  }

  private static func word(_ json: JSONValue) -> String? { json["nodes"]?.array?.first?["probe"]?["tls"]?.string }
}

/// A watch outlives its server; and a large cluster.
@Suite(
  .serialized,
  .enabled(if: Cluster.isThere, "set GATECHECK_KUBE_ASSETS and GATECHECK_BINARY to run it on a real API server"))
struct ResolveServerTests {
  private static func endpoints(_ addresses: String...) -> String {
    """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: cms, namespace: default}
    subsets: [{addresses: [\(addresses.map { "{ip: \($0)}" }.joined(separator: ", "))], ports: [{name: http, port: 8080}]}]
    """
  }

  @Test func aWatchOutlivesACrashOfTheServer() throws {
    let cluster = try Cluster()
    defer { cluster.down() }
    try cluster.kubectl("apply", "-f", "-", input: Self.endpoints("10.8.0.1"))
    let watch = try WatchRun("default/cms:http", in: cluster)
    defer { watch.stop() }
    let events = watch.events
    #expect(try Cluster.eventually { try events() == ["start 10.8.0.1"] })
    try cluster.kubectl("apply", "-f", "-", input: Self.endpoints("10.8.0.1", "10.8.0.2"))
    #expect(try Cluster.eventually { try events().last == "change 10.8.0.1 10.8.0.2" })
    try cluster.apiserver("down")
    #expect(try Cluster.eventually { try events().last == "lost" })
    try cluster.apiserver("up")
    #expect(try Cluster.eventually { try events().last == "back" })
    try cluster.kubectl("apply", "-f", "-", input: Self.endpoints("10.8.0.3"))
    #expect(try Cluster.eventually { try events().last == "change 10.8.0.3" })
    let (status, summary) = try watch.interrupt()
    #expect(status == 130)
    #expect(summary.hasPrefix("gatecheck: 2 changes, 2 lists, 1 loss of the server in "), "\(summary)")
  }

  /// A Service without ports has a slice with `ports: null`, at which APISIX stops, whoever's it is.
  @Test func aSliceWithoutPortsStopsAWatch() throws {
    let cluster = try Cluster(flags: ["EPSLICE_V1": "1"])
    defer { cluster.down() }
    func slice(_ service: String, _ address: String, ports: String) -> String {
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: \(service)-x1, namespace: default, labels: {kubernetes.io/service-name: \(service)}}
      addressType: IPv4
      endpoints: [{addresses: [\(address)], conditions: {ready: true}}]
      ports: \(ports)
      """
    }
    let http = "[{name: http, port: 8080, protocol: TCP}]"
    try cluster.kubectl("apply", "-f", "-", input: slice("cms", "10.8.0.1", ports: http))
    try cluster.kubectl(
      "apply", "-f", "-",
      input: try cluster.gatecheck("rbac", "generate", "--name", "apisix", "--watch-endpoint-slices").output)
    let config = try cluster.config(
      "slices", token: try cluster.token(of: "apisix"), extra: "watch_endpoint_slices: true")
    let watch = try WatchRun(
      "default/cms:http", in: cluster, ["--config", config, "--certificate-authority", cluster.authority])
    defer { watch.stop() }
    #expect(try Cluster.eventually { try watch.events() == ["start 10.8.0.1"] })
    // Raw, since kubectl apply drops a null.
    try cluster.kubectl(
      "create", "--raw", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", "-f", "-",
      input: #"{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", "ports": null, "#
        + #""metadata": {"name": "headless-x1", "labels": {"kubernetes.io/service-name": "headless"}}, "#
        + #""endpoints": [{"addresses": ["10.8.0.9"], "conditions": {"ready": true}}]}"#)
    #expect(try Cluster.eventually { try watch.events().last == "stopped" })
    try cluster.kubectl("delete", "endpointslice", "headless-x1")
    #expect(try Cluster.eventually { try watch.events().last == "resumed" })
    try cluster.kubectl("apply", "-f", "-", input: slice("cms", "10.8.0.2", ports: http))
    #expect(try Cluster.eventually { try watch.events().last == "change 10.8.0.2" })
  }

  @Test func fiveThousandServices() throws {
    let cluster = try Cluster()
    defer { cluster.down() }
    let items = (0..<5000).map { number in
      """
      {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "svc\(number)", "namespace": "default"},
       "subsets": [{"addresses": [{"ip": "10.\(number / 250).\(number % 250).1"}, {"ip": "10.\(number / 250).\(number % 250).2"}],
       "ports": [{"name": "http", "port": 8080}]}]}
      """
    }
    try cluster.kubectl(
      "create", "-f", "-",
      input: #"{"apiVersion": "v1", "kind": "List", "items": ["# + items.joined(separator: ",") + "]}")
    let admin = ["--kubeconfig", cluster.folder + "/admin.kubeconfig"]
    func resolve(_ arguments: [String]) throws -> JSONValue {
      let ended = try cluster.gatecheck(["resolve", "-o", "json"] + arguments + admin)
      return try JSONValue.parse(ended.output)
    }
    let all = try resolve(["--all", "-v"])
    #expect(all["services"]?.array?.count == 5000)
    #expect(all["services"]?.array?.allSatisfy { $0["nodes"] == 2 } == true)
    #expect(all["findings"] == [])
    #expect(try resolve(["default/svc4999:http"])["nodes"]?.array?.count == 2)
    // Up to 3.17 a megabyte is what APISIX has without `shared_size`.
    let small = try resolve(["--all", "--apisix-version", "3.16"])
    let finding = small["findings"]?.array?.first
    #expect(finding?["rule"] == "resolve/shared-size")
    #expect(finding?["message"] == "5000 services need 1.9m of shared memory; shared_size is 1m")
    #expect(finding?["help"]?.string?.hasPrefix("write shared_size: \"4m\"") == true)
  }
}
