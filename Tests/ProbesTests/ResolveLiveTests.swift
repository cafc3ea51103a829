import APISIX
import Findings
import HTTP
import Inputs
import JSON
import Registries
import Synchronization
import TestSupport
import Testing

@testable import Probes

/// `resolve` against a stub of an API server on loopback, which answers as a real one did.
@Suite struct ResolveLiveTests {
  private let platDev = endpoints("default", "plat-dev", addresses: ["10.5.10.110", "10.5.10.109"], port: "port", 3306)

  /// The second asks for what APISIX may do: who may read one name only is answered by the first all the same.
  @Test func oneNameCostsTwoSmallRequests() throws {
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.nodes?.map { $0.host?.string } == ["10.5.10.109", "10.5.10.110"])
    #expect(answer.findings.isEmpty)
    #expect(
      server.asked.map(\.target) == [
        "/api/v1/endpoints?fieldSelector=metadata.name%3Dplat-dev%2Cmetadata.namespace%3Ddefault&resourceVersion=0",
        "/api/v1/endpoints?fieldSelector=metadata.namespace%3D-&resourceVersion=0",
      ])
    #expect(server.asked.first?.authorization == "Bearer a.b.c")
  }

  /// What a name of the wrong form was meant to be is looked for with the rights of who runs gatecheck.
  @Test func theAdministratorSeesWhatTheTokenMayNot() throws {
    let server = try StubServer { asked in
      asked.authorization == "Bearer administrator" ? .list([platDev]) : .init(status: 403, body: "{}")
    }
    defer { server.stop() }
    let resolver = ResolveCluster(server).resolver
    var ignored = ResolveAnswer()
    let plain = try #require(resolver.plan(only: nil, &ignored).first)
    var administrator = Endpoint(server.url)
    administrator.credential = .bearer(Secret("administrator"))
    let target = Target(
      id: nil, endpoint: plain.endpoint, token: plain.token, administrator: administrator, settings: plain.settings,
      serverOrigin: "", identityOrigin: "", trust: .system, place: nil, apisixVerifies: false, lentPath: nil)
    var view = KubernetesDiscovery(resolver.clusters, appliesServerSelectors: false).clusters[0]
    view.noteAllPorts()
    let query = ClusterQuery(target, in: resolver.context)
    #expect(throws: ListFailure.self) { try query.everything(in: &view) }
    try query.everything(in: &view, asAdministrator: true)
    #expect(view.observation.names["default/plat-dev"] != nil)
  }

  @Test func theSelectorsOfTheConfigurationAreSentToo() throws {
    let server = try StubServer { _ in .list([], kind: "EndpointSliceList") }
    defer { server.stop() }
    let cluster = ResolveCluster(
      server,
      more: [
        "watch_endpoint_slices": true, "label_selector": "tier=front",
        "namespace_selector": ["not_equal": "kube-system"],
      ])
    _ = cluster.resolver.resolve("default/plat-dev:port")
    #expect(
      server.asked.first?.target == "/apis/discovery.k8s.io/v1/endpointslices"
        + "?fieldSelector=metadata.namespace%3Ddefault%2Cmetadata.namespace!%3Dkube-system"
        + "&labelSelector=tier%3Dfront&resourceVersion=0")
  }

  /// A Service without ports has a slice whose ports are null, from Kubernetes 1.21 on. APISIX stops there.
  @Test func aSliceWithoutPortsHidesThoseBehindIt() throws {
    @Sendable func slice(_ service: String, ports: JSONValue) -> JSONValue {
      [
        "metadata": [
          "namespace": "default", "name": .string(service + "-x"),
          "labels": ["kubernetes.io/service-name": .string(service)],
        ], "addressType": "IPv4", "ports": ports,
        "endpoints": [["addresses": ["10.5.10.109"], "conditions": ["ready": true]]],
      ]
    }
    let server = try StubServer { asked in
      guard asked.path == "/apis/discovery.k8s.io/v1/endpointslices" else { return .notFound }
      let items = [
        slice("before", ports: [["name": "http", "port": 80]]), slice("headless", ports: .null),
        slice("plat-dev", ports: [["name": "http", "port": 80]]),
      ]
      return .list(items, kind: "EndpointSliceList")
    }
    defer { server.stop() }
    let cluster = ResolveCluster(server, more: ["watch_endpoint_slices": true])
    #expect(cluster.resolver.resolve("default/before:http").nodes?.count == 1)
    let lost = cluster.resolver.resolve("default/plat-dev:http")
    #expect(lost.nodes == nil)
    #expect(lost.findings.map(\.rule.id) == ["resolve/broken-list"])
    #expect(
      lost.findings.first?.message.hasPrefix(
        "APISIX stops reading at EndpointSlice default/headless-x, and does not know default/plat-dev: ") == true)
  }

  /// As a list of custom resources is written.
  @Test func aListMaySayAtItsEndWhatItIs() throws {
    let server = try StubServer { _ in
      .json(["items": [platDev], "kind": "EndpointsList", "metadata": ["resourceVersion": "7"]])
    }
    defer { server.stop() }
    #expect(ResolveCluster(server).resolver.resolve("default/plat-dev:port").nodes?.count == 2)
  }

  @Test func aNameThatIsNotThereIsComparedWithThoseThatAre() throws {
    let server = try StubServer { asked in
      asked.target.contains("limit=") ? .list([platDev]) : asked.path.contains("/services/") ? .notFound : .list([])
    }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.resolve("default/plat-deb:port")
    #expect(answer.nodes == nil)
    #expect(answer.findings.map(\.rule.id) == ["resolve/unknown-service"])
    #expect(answer.findings.first?.help == "did you mean default/plat-dev:port?")
    let loud = ResolveCluster(server).resolver.resolve("DEFAULT/PLAT-DEV:port")
    #expect(loud.findings.first?.help == "did you mean default/plat-dev:port?")
  }

  @Test func whatASelectorHidesIsSeenWithoutIt() throws {
    let server = try StubServer { asked in
      asked.target.contains("labelSelector=tier") ? .list([]) : .list([platDev])
    }
    defer { server.stop() }
    let answer = ResolveCluster(server, more: ["label_selector": "tier=front"]).resolver.resolve(
      "default/plat-dev:port")
    #expect(answer.findings.first?.rule.id == "resolve/hidden-service")
  }

  @Test func theServiceSaysMoreWhereItMayBeRead() throws {
    let server = try StubServer { asked in
      guard asked.path.hasSuffix("/services/db") else { return .list([]) }
      return .json([
        "kind": "Service", "metadata": ["namespace": "default", "name": "db"],
        "spec": ["type": "ExternalName", "externalName": "db.example.org"],
      ])
    }
    defer { server.stop() }
    let findings = ResolveCluster(server).resolver.resolve("default/db:x").findings
    #expect(findings.map(\.rule.id) == ["resolve/external-name", "resolve/static-node"])
    #expect(findings.last?.message == "db.example.org works without discovery, as a static node")
    #expect(
      findings.last?.help == #"nodes: {"db.example.org:PORT": 1}, with the Service's own port for PORT"#
        + "\nAPISIX looks the name up by DNS")
  }

  @Test func whatCouldNotBeSeenIsSaid() throws {
    let server = try StubServer { asked in
      asked.path.contains("/services/") ? .status(403, "Forbidden") : .list([])
    }
    defer { server.stop() }
    #expect(
      ResolveCluster(server).resolver.resolve("default/db:x").findings.map(\.rule.id)
        == ["resolve/unknown-service", "resolve/service-unseen"])
  }

  @Test func theServicesOwnPortNumberLeadsToTheName() throws {
    let server = try StubServer { asked in
      guard asked.path.hasSuffix("/services/plat-dev") else { return .list([platDev]) }
      return .json([
        "kind": "Service", "metadata": ["namespace": "default", "name": "plat-dev"],
        "spec": ["ports": [["name": "port", "port": 80]]],
      ])
    }
    defer { server.stop() }
    let finding = ResolveCluster(server).resolver.resolve("default/plat-dev:80").findings.first
    #expect(finding?.rule.id == "resolve/unknown-port-name")
    #expect(finding?.help == "80 is the Service's own port: write default/plat-dev:port")
  }

  @Test(arguments: [
    "plat-dev.default.svc.cluster.local", "plat-dev.default.svc.cluster.local:3306", "http://plat-dev.default",
    "default/plat-dev", "default/plat-dev: port",
  ])
  func aNameOfTheWrongFormIsWrittenOutWithItsPort(name: String) throws {
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    let finding = ResolveCluster(server).resolver.resolve(name).findings.first
    #expect(finding?.rule.id.hasPrefix("service-name/") == true)
    #expect(finding?.help == "write default/plat-dev:port")
    // A DNS name leads to the Service as well.
    #expect(server.asked.count == (name.contains(".") ? 2 : 1))
  }

  @Test func withoutANamespaceItIsLookedForInAll() throws {
    let other = endpoints("shop", "plat-dev", addresses: ["10.0.0.9"], port: "web", 80)
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    #expect(ResolveCluster(server).resolver.resolve("plat-dev").findings.first?.help == "write default/plat-dev:port")
    let two = try StubServer { _ in .list([platDev, other]) }
    defer { two.stop() }
    #expect(
      ResolveCluster(two).resolver.resolve("plat-dev").findings.first?.help
        == "write default/plat-dev:port or shop/plat-dev:web")
    #expect(
      ResolveCluster(server).resolver.resolve("gone").findings.first?.help
        == "there is no service gone in any namespace")
  }

  @Test(arguments: ["default/plat-dev:port", "plat-dev"])
  func ofSeveralClustersThoseThatHaveItAreNamed(name: String) throws {
    let servers = try [[], [platDev], [platDev]].map { items in try StubServer { _ in .list(items) } }
    defer { for server in servers { server.stop() } }
    let clusters = ResolveCluster(Array(zip(["a", "b", "c"], servers)).map { (id: $0, server: $1) })
    let finding = clusters.resolver.resolve(name).findings.first
    #expect(finding?.rule.id == (name == "plat-dev" ? "service-name/port-missing" : "service-name/cluster-id-missing"))
    #expect(finding?.help == "write b/default/plat-dev:port or c/default/plat-dev:port")
  }

  @Test func theServerIsTracedOnce() throws {
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    let traced = Mutex<[String]>([])
    let cluster = ResolveCluster(server, trace: { line in traced.withLock { $0.append(line) } })
    _ = cluster.resolver.resolve("plat-dev")
    #expect(traced.withLock { $0 }.count { $0.hasPrefix("server ") } == 1)
  }

  @Test func onlyTheClusterThatIsNamedIsAsked() throws {
    let asked = try StubServer { _ in .list([platDev]) }
    let other = try StubServer { _ in .list([]) }
    defer {
      asked.stop()
      other.stop()
    }
    let clusters = ResolveCluster([("a", other), ("b", asked)])
    let answer = clusters.resolver.resolve("b/default/plat-dev:port")
    #expect(answer.findings == [])
    #expect(answer.nodes?.count == 2)
    #expect(
      clusters.resolver.resolve("c/default/plat-dev:port").findings.first?.rule.id == "service-name/cluster-id-unknown")
    #expect(other.asked.isEmpty)
  }

  @Test func aRefusalIsExplainedAsTokenVerifyDoes() throws {
    let server = try StubServer { _ in .status(401, "Unauthorized") }
    defer { server.stop() }
    let answer = ResolveCluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.nodes == nil)
    #expect(answer.findings.map(\.rule.id) == ["token/not-a-jwt"])
    #expect(answer.status == nil)
  }

  @Test func aDeadServerLeavesTheQuestionOpen() throws {
    let server = try StubServer { _ in .list([]) }
    server.stop()
    let answer = ResolveCluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.findings.map(\.rule.id) == ["connect/refused"])
    #expect(answer.status == .unfinished)
  }

  @Test func anotherKindOfAnswerIsNoKubernetes() throws {
    let server = try StubServer { _ in .json(["kind": "PodList", "items": []]) }
    defer { server.stop() }
    #expect(ResolveCluster(server).resolver.resolve("default/a:b").findings.map(\.rule.id) == ["server/not-kubernetes"])
  }
}
