import APISIX
import Findings
import Foundation
import JSON
import Lint
import Synchronization
import Testing

@testable import Doctor

/// `resolve` against a stub of an API server on loopback, which answers as a real one did.
@Suite struct ResolveLiveTests {
  private let platDev = endpoints("default", "plat-dev", addresses: ["10.5.10.110", "10.5.10.109"], port: "port", 3306)

  @Test func oneNameCostsOneRequest() throws {
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    let answer = Cluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.nodes?.map { $0.host?.string } == ["10.5.10.109", "10.5.10.110"])
    #expect(answer.findings.isEmpty)
    #expect(
      server.asked.map(\.target) == [
        "/api/v1/endpoints?fieldSelector=metadata.name%3Dplat-dev%2Cmetadata.namespace%3Ddefault"
      ])
    #expect(server.asked.first?.authorization == "Bearer a.b.c")
  }

  @Test func theSelectorsOfTheConfigurationAreSentToo() throws {
    let server = try StubServer { _ in .list([], kind: "EndpointSliceList") }
    defer { server.stop() }
    let cluster = Cluster(
      server,
      more: [
        "watch_endpoint_slices": true, "label_selector": "tier=front",
        "namespace_selector": ["not_equal": "kube-system"],
      ])
    _ = cluster.resolver.resolve("default/plat-dev:port")
    #expect(
      server.asked.first?.target == "/apis/discovery.k8s.io/v1/endpointslices"
        + "?fieldSelector=metadata.namespace%3Ddefault%2Cmetadata.namespace!%3Dkube-system"
        + "&labelSelector=tier%3Dfront%2Ckubernetes.io%2Fservice-name%3Dplat-dev")
  }

  /// As a list of custom resources is written.
  @Test func aListMaySayAtItsEndWhatItIs() throws {
    let server = try StubServer { _ in
      .json(["items": [platDev], "kind": "EndpointsList", "metadata": ["resourceVersion": "7"]])
    }
    defer { server.stop() }
    #expect(Cluster(server).resolver.resolve("default/plat-dev:port").nodes?.count == 2)
  }

  @Test func aNameThatIsNotThereIsComparedWithThoseThatAre() throws {
    let server = try StubServer { asked in
      asked.target.contains("limit=") ? .list([platDev]) : asked.path.contains("/services/") ? .notFound : .list([])
    }
    defer { server.stop() }
    let answer = Cluster(server).resolver.resolve("default/plat-deb:port")
    #expect(answer.nodes == nil)
    #expect(answer.findings.map(\.rule) == ["resolve/unknown-service", "resolve/static-node"])
    #expect(answer.findings.first?.help == "did you mean default/plat-dev:port?")
  }

  @Test func whatASelectorHidesIsSeenWithoutIt() throws {
    let server = try StubServer { asked in
      asked.target.contains("labelSelector=tier") ? .list([]) : .list([platDev])
    }
    defer { server.stop() }
    let answer = Cluster(server, more: ["label_selector": "tier=front"]).resolver.resolve("default/plat-dev:port")
    #expect(answer.findings.first?.rule == "resolve/hidden-service")
  }

  @Test func theServiceSaysMoreWhereItMayBeRead() throws {
    let server = try StubServer { asked in
      guard asked.path.hasSuffix("/services/db") else { return .list([]) }
      return .json([
        "kind": "Service", "metadata": ["namespace": "default", "name": "db"], "spec": ["type": "ExternalName"],
      ])
    }
    defer { server.stop() }
    #expect(Cluster(server).resolver.resolve("default/db:x").findings.map(\.rule) == ["resolve/external-name"])
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
    let finding = Cluster(server).resolver.resolve("default/plat-dev:80").findings.first
    #expect(finding?.rule == "resolve/unknown-port-name")
    #expect(finding?.help == "write default/plat-dev:port")
  }

  @Test func aDNSNameIsTranslatedWithItsPort() throws {
    let server = try StubServer { _ in .list([platDev]) }
    defer { server.stop() }
    let finding = Cluster(server).resolver.resolve("plat-dev.default.svc.cluster.local").findings.first
    #expect(finding?.rule == "resolve/malformed-service-name")
    #expect(finding?.help == "write default/plat-dev:port")
  }

  @Test func onlyTheClusterThatIsNamedIsAsked() throws {
    let asked = try StubServer { _ in .list([platDev]) }
    let other = try StubServer { _ in .list([]) }
    defer {
      asked.stop()
      other.stop()
    }
    let clusters = Cluster([("a", other), ("b", asked)])
    let answer = clusters.resolver.resolve("b/default/plat-dev:port")
    #expect(answer.findings == [])
    #expect(answer.nodes?.count == 2)
    #expect(clusters.resolver.resolve("c/default/plat-dev:port").findings.map(\.rule) == ["resolve/unknown-cluster"])
    #expect(other.asked.isEmpty)
  }

  @Test func aRefusalIsExplainedAsTokenVerifyDoes() throws {
    let server = try StubServer { _ in .status(401, "Unauthorized") }
    defer { server.stop() }
    let answer = Cluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.nodes == nil)
    #expect(answer.findings.contains { $0.rule == "token/unauthorized" })
    #expect(!answer.isUnfinished)
  }

  @Test func aDeadServerLeavesTheQuestionOpen() throws {
    let server = try StubServer { _ in .list([]) }
    server.stop()
    let answer = Cluster(server).resolver.resolve("default/plat-dev:port")
    #expect(answer.findings.map(\.rule) == ["connect/refused"])
    #expect(answer.isUnfinished)
  }

  @Test func anotherKindOfAnswerIsNoKubernetes() throws {
    let server = try StubServer { _ in StubServer.Answer(type: "text/html", body: "<html>log in</html>") }
    defer { server.stop() }
    #expect(Cluster(server).resolver.resolve("default/a:b").findings.map(\.rule) == ["server/not-kubernetes"])
  }
}

/// `resolve --all`: pages.
@Suite struct ResolveAllTests {
  private static func page(_ from: Int, token: String) -> StubServer.Answer {
    .list(
      (from..<from + 2).map { endpoints("default", "s\($0)", addresses: ["10.0.0.1"], port: "http", 80) },
      continuing: token)
  }

  @Test func pagesAreReadToTheLast() throws {
    let server = try StubServer { asked in
      asked.target.contains("continue=two") ? Self.page(2, token: "") : Self.page(0, token: "two")
    }
    defer { server.stop() }
    let answer = Cluster(server).resolver.all()
    #expect(answer.services.map(\.serviceName) == (0..<4).map { "default/s\($0):http" })
    #expect(server.asked.map(\.target) == ["/api/v1/endpoints?limit=500", "/api/v1/endpoints?continue=two&limit=500"])
  }

  /// 410 in the middle: what was read belongs to a version that is gone.
  @Test func anExpiredTokenBeginsTheListAnew() throws {
    let lists = Mutex(0)
    let server = try StubServer { asked in
      if asked.target.contains("continue=old") { return .status(410, "Expired") }
      if asked.target.contains("continue=new") { return Self.page(6, token: "") }
      let isFirst = lists.withLock { lists in
        lists += 1
        return lists == 1
      }
      return isFirst ? Self.page(0, token: "old") : Self.page(4, token: "new")
    }
    defer { server.stop() }
    let answer = Cluster(server).resolver.all()
    #expect(answer.services.map(\.serviceName) == (4..<8).map { "default/s\($0):http" })
    #expect(answer.findings.isEmpty)
  }

  @Test func aListThatAlwaysExpiresIsGivenUp() throws {
    let server = try StubServer { asked in
      asked.target.contains("continue=") ? .status(410, "Expired") : Self.page(0, token: "old")
    }
    defer { server.stop() }
    let answer = Cluster(server).resolver.all()
    #expect(answer.findings.map(\.rule) == ["server/error"])
    #expect(answer.services.isEmpty)
    #expect(server.asked.count == 8)
  }

  /// The others are there, and the silent one is a finding of its own.
  @Test func aSilentClusterCostsOnlyItself() throws {
    let good = try StubServer { _ in Self.page(0, token: "") }
    let silent = try StubServer { _ in
      Thread.sleep(forTimeInterval: 3)
      return .list([])
    }
    defer {
      good.stop()
      silent.stop()
    }
    let answer = Cluster([("a", silent), ("b", good), ("c", good)], requestTimeout: .milliseconds(300)).resolver.all()
    #expect(
      answer.services.map(\.serviceName)
        == ["b/default/s0:http", "b/default/s1:http", "c/default/s0:http", "c/default/s1:http"])
    #expect(answer.findings.map(\.rule) == ["connect/timeout"])
    #expect(answer.isUnfinished)
  }
}

/// What a connect means.
@Suite struct ResolveProbeTests {
  private func node(_ host: String, _ port: Int) -> UpstreamNode {
    UpstreamNode(host: .string(host), port: .number(Double(port)), weight: 50)
  }

  @Test func aListenerConnectsAndAFreePortRefuses() throws {
    let server = try StubServer { _ in .list([]) }
    defer { server.stop() }
    let probes = NodeProbe.run(
      [node("127.0.0.1", Int(server.port)), node("127.0.0.2", 1), node("127.0.0.3", 0)], timeout: .seconds(5))
    #expect(probes.map(\.word) == ["connected", "refused", "not-tried"])
    #expect(probes[1].text == "refused: nothing listens")
    let findings = NodeProbe.findings("default/a:http", probes)
    #expect(findings.map(\.severity) == [.warning])
    #expect(findings.first?.message == "2 of 3 nodes of default/a:http do not answer from here: 1 not tried, 1 refused")
  }

  @Test func noneIsAnErrorAndAllIsNothing() throws {
    let server = try StubServer { _ in .list([]) }
    defer { server.stop() }
    let dead = NodeProbe.run([node("127.0.0.2", 1)], timeout: .seconds(5))
    #expect(NodeProbe.findings("a", dead).map(\.severity) == [.error])
    let alive = NodeProbe.run([node("127.0.0.1", Int(server.port))], timeout: .seconds(5))
    #expect(NodeProbe.findings("a", alive).isEmpty)
  }

  /// An address cannot become a command of the Job.
  @Test func theJobHoldsNodesAsArguments() {
    let manifest = ProbeJob([node("10.0.0.1", 80), node("$(reboot)\"; x", 80)], namespace: "default").manifest
    #expect(manifest.contains("        - \"10.0.0.1 80\"\n"))
    #expect(manifest.contains("        - \"$(reboot)\\\"; x 80\"\n"))
  }
}

// MARK: what the tests are made of

/// A configuration whose clusters are stubs.
private struct Cluster {
  let resolver: LiveResolver

  init(_ server: StubServer, more: JSONValue = .object(JSONObject())) {
    var members = Self.cluster(server).object?.members ?? []
    members += more.object?.members ?? []
    self.init(config: .object(JSONObject(members)), requestTimeout: .seconds(10))
  }

  init(_ servers: [(id: String, server: StubServer)], requestTimeout: Duration = .seconds(10)) {
    let clusters = servers.map { id, server in
      JSONValue.object(
        JSONObject([.init(key: "id", value: .string(id))] + (Self.cluster(server).object?.members ?? [])))
    }
    self.init(config: .array(clusters), requestTimeout: requestTimeout)
  }

  private init(config: JSONValue, requestTimeout: Duration) {
    let file: JSONValue = ["discovery": ["kubernetes": config]]
    let bytes = Array(file.text().utf8)
    var options = AccessOptions()
    options.config = "config.yaml"
    options.requestTimeout = requestTimeout
    resolver = LiveResolver(config, options, Surroundings(environment: [:]) { _ in bytes })
  }

  private static func cluster(_ server: StubServer) -> JSONValue {
    [
      "service": ["schema": "http", "host": "127.0.0.1", "port": .string("\(server.port)")],
      "client": ["token": "a.b.c"],
    ]
  }
}

private func endpoints(
  _ namespace: String, _ name: String, addresses: [String], port: String, _ number: Int
) -> JSONValue {
  [
    "metadata": ["namespace": .string(namespace), "name": .string(name)],
    "subsets": [
      [
        "addresses": .array(addresses.map { ["ip": .string($0)] }),
        "ports": [["name": .string(port), "port": .number(Double(number))]],
      ]
    ],
  ]
}

extension StubServer.Answer {
  static func json(_ value: JSONValue) -> Self { Self(body: value.text()) }

  static func list(_ items: [JSONValue], kind: String = "EndpointsList", continuing token: String = "") -> Self {
    .json([
      "kind": .string(kind), "metadata": ["resourceVersion": "7", "continue": .string(token)], "items": .array(items),
    ])
  }

  static func status(_ code: Int, _ reason: String) -> Self {
    var answer = json([
      "kind": "Status", "code": .number(Double(code)), "reason": .string(reason), "message": .string(reason),
    ])
    answer.status = code
    return answer
  }

  static let notFound = status(404, "NotFound")
}
