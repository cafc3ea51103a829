import Foundation
import TestSupport
import Testing

/// `resolve --referenced`: what an installation's own files refer to, each finding at the line that is to be mended.
@Suite struct ResolveReferencedTests {
  private static let standalone = """
    routes:
      - uri: /ok/*
        upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "default/plat-dev:port"}
      - uri: /swapped/*
        service_id: shop
        upstream:
          type: roundrobin
          discovery_type: kubernetes
          service_name: plat-dev/default:port
      - uri: /other/*
        upstream: {type: roundrobin, discovery_type: nacos, service_name: SHOP}
      - uri: /both/*
        upstream_id: 7
        upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "default/plat-dev:port"}
    services:
      - id: shop
        upstream: {type: roundrobin, discovery_type: kubernetes, service_name: "default/plat-dev:3306"}
    upstreams:
      - id: 7
        type: roundrobin
        discovery_type: kubernetes
        service_name: default/plat-dev:port
    #END

    """

  private func run(_ files: [String: String], _ arguments: String...) throws -> Ended {
    let folder = try Folder(files)
    let examples = Checkout.examples
    return try gatecheck(
      ["resolve"] + arguments + ["--from", "\(examples)/endpoints.yaml", "--config", "\(examples)/config.yaml"],
      in: folder.path)
  }

  @Test func eachFindingStandsAtItsLine() throws {
    let ended = try run(["apisix.yaml": Self.standalone], "--referenced", "apisix.yaml")
    try expectGolden(
      ended.output + "(exit status \(ended.status))\n", "Tests/Golden/acceptance/resolve/referenced.out")
  }

  /// Of several documents in a file, and of JSON as the Admin API gives it.
  @Test func everyDocumentOfEveryFile() throws {
    let manifests = """
      apiVersion: apisix.apache.org/v2
      kind: ApisixUpstream
      metadata: {name: one, namespace: shop}
      spec:
        discovery: {type: kubernetes, serviceName: "default/plat-dev:port"}
      ---
      apiVersion: apisix.apache.org/v2
      kind: ApisixUpstream
      metadata: {name: two, namespace: shop}
      spec:
        discovery:
          type: kubernetes
          serviceName: default/plat-dev:prt

      """
    let answer = #"""
      {"list": [{"key": "/apisix/routes/1", "value":
        {"upstream": {"discovery_type": "kubernetes", "service_name": "default/gone:port"}}}]}
      """#
    let ended = try run(
      ["manifests.yaml": manifests, "routes.json": answer], "--referenced", "manifests.yaml", "--referenced",
      "routes.json", "-o", "short")
    #expect(
      ended.output == """
        routes.json:2:65: error: routes/1: there is no Endpoints default/gone [resolve/unknown-service]
        manifests.yaml:13:18: error: ApisixUpstream shop/two: default/plat-dev has no port prt; it has: port \
        [resolve/unknown-port-name]

        """)
    #expect(ended.status == 1)
  }

  /// APISIX logs an error for who asks one without a stream proxy.
  @Test(arguments: [
    (nil, false), ("discovery: {kubernetes: {}}", false),
    ("{apisix: {stream_proxy: {tcp: [9100]}}, discovery: {kubernetes: {}}}", true),
    ("{apisix: {proxy_mode: http&stream}, discovery: {kubernetes: {}}}", true),
  ])
  func streamRoutesAreAskedForWhereThereMayBeSome(config: String?, isAsked: Bool) throws {
    let server = try StubServer { _ in .init(body: #"{"list": [], "total": 0}"#) }
    defer { server.stop() }
    let folder = try Folder(["config.yaml": config ?? ""])
    let more = config == nil ? [] : ["--config", "config.yaml"]
    let ended = try gatecheck(
      ["resolve", "--admin", server.url, "--from", Checkout.examples + "/endpoints.yaml"] + more, in: folder.path)
    #expect(server.asked.contains { $0.path.hasSuffix("/stream_routes") } == isAsked)
    #expect(ended.errors.contains("stream routes were not asked for") == (config == nil), "\(ended.errors)")
  }
}
