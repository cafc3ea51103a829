import Foundation
import TestSupport
import Testing

/// `resolve` for releases of APISIX that people still run, on what they have: each answer is that of the release's own
/// gateway.
@Suite struct ResolveOlderTests {
  private static let endpoints = endpointsText("web", "shop", at: "10.0.0.1", port: 80)
  private static let slices = """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: web-x7k2p
      namespace: shop
      labels: {kubernetes.io/service-name: web}
    addressType: IPv4
    endpoints:
      - addresses: [10.0.0.1]
        conditions: {ready: true}
    ports: [{name: http, port: 80}]

    """

  private func resolve(
    _ config: String, _ objects: String, _ name: String, _ version: String, _ more: String...
  ) throws -> Ended {
    let folder = try Folder(["config.yaml": config, "objects.yaml": objects])
    return try gatecheck(
      ["resolve", name, "-o", "json", "--config", "config.yaml", "--from", "objects.yaml", "--apisix-version", version]
        + more, in: folder.path)
  }

  private func hosts(_ ended: Ended) throws -> [String]? {
    (try ended.json()["nodes"] as? [[String: Any]])?.map { $0["host"] as? String ?? "-" }
  }

  private func told(_ ended: Ended) throws -> String {
    let findings = try ended.json()["findings"] as? [[String: Any]] ?? []
    return findings.map { "\($0["message"] ?? "")\n\($0["help"] ?? "")\n" }.joined()
  }

  /// Neither starts before 3.0, with or without a known environment.
  @Test(arguments: ["2.13.0", "2.15.3"], [[], ["--env", "A=1"]])
  func whatDoesNotStartHasNoNodes(version: String, more: [String]) throws {
    let several = """
      discovery:
        kubernetes:
          - id: c1
            service:
              host: 10.0.0.9
              port: "6443"
            client:
              token_file: /run/token

      """
    let both = Self.config(client: "      token: ${TOKEN}\n")
    for (config, name) in [(several, "c1/shop/web:http"), (both, "shop/web:http")] {
      let folder = try Folder(["config.yaml": config, "objects.yaml": Self.endpoints])
      let arguments = ["resolve", name, "-o", "json", "--config", "config.yaml", "--from", "objects.yaml"] + more
      let old = try gatecheck(arguments + ["--apisix-version", version], in: folder.path)
      #expect(old.rules == ["config/refused"])
      #expect(old.status == 1)
      #expect(try hosts(old) == nil)
      let new = try gatecheck(
        [
          "resolve", name, "-o", "json", "--config", "config.yaml", "--from", "objects.yaml", "--apisix-version", "3.8",
        ],
        in: folder.path)
      #expect(try hosts(new) == ["10.0.0.1"])
      #expect(new.status == 0)
    }
  }

  /// - Parameters: further lines of the client, and of the cluster.
  private static func config(client: String = "", more: String = "") -> String {
    let cluster = "discovery:\n  kubernetes:\n    service:\n      host: 10.0.0.9\n      port: \"6443\"\n"
    return cluster + "    client:\n\(client)      token_file: /run/token\n\(more)"
  }

  private static let watching = config(more: "    watch_endpoint_slices: true\n")

  /// Nothing is wrong with the pods, and nothing is to be looked for there.
  @Test func slicesOf314AreNotUnready() throws {
    for version in ["3.14.0", "3.14.1"] {
      let service = try resolve(Self.watching, Self.slices, "shop/web:http", version)
      #expect(service.rules == ["resolve/slices-misread"])
      #expect(try hosts(service) == nil)
      #expect(service.status == 1)
      #expect(try !told(service).contains("ready"))
      let slice = try resolve(Self.watching, Self.slices, "shop/web-x7k2p:http", version)
      #expect(slice.rules == ["resolve/slices-misread"])
      #expect(try hosts(slice) == ["-"])
      #expect(slice.status == 1)
    }
    let mended = try resolve(Self.watching, Self.slices, "shop/web:http", "3.15")
    #expect(try hosts(mended) == ["10.0.0.1"])
    #expect(mended.rules.isEmpty)
  }

  /// The key is set already: the release is what is missing.
  @Test func theHelpDoesNotSayToSetWhatIsSet() throws {
    for version in ["3.9", "3.13"] {
      let ended = try resolve(Self.watching, Self.slices, "shop/web:http", version)
      #expect(ended.rules.first == "resolve/other-kind")
      let text = try told(ended)
      #expect(text.contains("use APISIX 3.15 or newer: "))
      #expect(text.contains("takes no notice of watch_endpoint_slices"))
      #expect(!text.contains("set watch_endpoint_slices"))
    }
    let unset = Self.config()
    let text = try told(resolve(unset, Self.slices, "shop/web:http", "3.13"))
    #expect(text.contains("set watch_endpoint_slices: true, with APISIX 3.15 or newer"))
  }

  private static let lists = """
    {"kind": "EndpointsList", "metadata": {"resourceVersion": "1"}, "items": [{"metadata": {"name": "web", "namespace":
      "shop"}, "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "http", "port": 80}]}]}]}
    {"kind": "EndpointsList", "metadata": {"resourceVersion": "2"}, "items": []}

    """

  @Test func aServiceThatIsGoneIsServedOnUpTo314() throws {
    let config = Self.config()
    for version in ["2.15", "3.8", "3.14"] {
      let ended = try resolve(config, Self.lists, "shop/web:http", version)
      #expect(try hosts(ended) == ["10.0.0.1"])
      #expect(ended.rules == ["resolve/unlisted"])
      #expect(ended.status == 0)
      #expect(try told(ended).contains("stop and start it, or use 3.15 or newer"))
    }
    let all = try resolve(config, Self.lists, "--all", "3.8")
    #expect(all.rules == ["resolve/unlisted"])
    #expect(try told(all).hasPrefix("shop/web is not in the last list, and served on\n"))
    let ended = try resolve(config, Self.lists, "shop/web:http", "3.15")
    #expect(try hosts(ended) == nil)
    #expect(ended.rules.first == "resolve/unknown-service")
    #expect(ended.errors == "gatecheck: a later list replaces the one before it, as when APISIX lists again\n")
  }

  /// A server that wants one token, and the file as it lies on APISIX's host.
  @Test(arguments: [
    ("2.15.3", "demo-token", true), ("3.8.1", "demo-token\n", true), ("3.13.0", "demo-token\n", true),
    ("3.8.1", "  demo-token  \n\n", true), ("3.13.0", "  demo-token  \n\n", true), ("3.8.1", "demo -token", true),
    ("3.13.0", "demo -token", false), ("3.8.1", "Bearer demo-token", false), ("3.16.0", "Bearer demo-token", false),
    ("3.13.0", "", false), ("3.16.0", "", false), ("3.8.1", nil, false), ("3.13.0", nil, false),
  ])
  func aTokenFile(version: String, content: String?, works: Bool) throws {
    let server = try StubServer { asked in
      guard asked.authorization == "Bearer demo-token" else {
        return .init(
          status: 401, body: #"{"kind": "Status", "status": "Failure", "reason": "Unauthorized", "code": 401}"#)
      }
      return .init(
        body: """
          {"kind": "EndpointsList", "metadata": {"resourceVersion": "1"}, "items": [{"metadata": {"name": "web",
            "namespace": "shop"}, "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"name": "http", "port":
            80}]}]}]}
          """)
    }
    defer { server.stop() }
    let config = """
      discovery:
        kubernetes:
          service:
            schema: http
            host: 127.0.0.1
            port: "\(server.port)"
          client:
            token_file: /run/token

      """
    let folder = try Folder(["config.yaml": config, "objects.yaml": Self.endpoints, "root/etc/x": ""])
    if let content { try folder.write("root/run/token", content) }
    let arguments = ["resolve", "shop/web:http", "-o", "json", "--config", "config.yaml", "--apisix-version", version]
    let ended = try gatecheck(arguments + ["--root", "root"], in: folder.path)
    #expect(try hosts(ended) == (works ? ["10.0.0.1"] : nil), "\(ended.output)")
    #expect((ended.status == 0) == works)
    guard content == nil else { return }
    // Offline: before 3.13 the agent does not start without it, later its lists fail.
    let offline = try gatecheck(arguments + ["--root", "root", "--from", "objects.yaml"], in: folder.path)
    #expect(try hosts(offline) == nil)
    #expect(offline.status == 1)
    #expect(
      try told(offline).contains(version == "3.8.1" ? "failed to open file: /run/token" : "attempt to concatenate"))
  }
}
