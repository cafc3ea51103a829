import Foundation
import TestSupport
import Testing

/// Endpoints and EndpointSlices of one service, and its two IP families: where APISIX does not look.
@Suite struct ResolveFamilyTests {
  private static let files = [
    "ipv4.yaml": slice("web-a", "IPv4", ["10.5.10.109", "10.5.10.110"]),
    "ipv6.yaml": slice("web-b", "IPv6", ["fd00:10::109", "fd00:10::110"]),
    "unnamed-slice.yaml": slice("web-a", "IPv4", ["10.5.10.109"]).replacingOccurrences(of: "http", with: "\"\""),
    "empty-slice.yaml": slice("web-a", "IPv4", []),
    "unlabelled.yaml": slice("web-a", "IPv4", ["10.5.10.109"])
      .replacingOccurrences(of: ", labels: {kubernetes.io/service-name: web}", with: ""),
    "endpoints.yaml": """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: web, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.109}, {ip: 10.5.10.110}], ports: [{name: http, port: 8080}]}]

    """,
    "no-endpoints.yaml": """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: web, namespace: default}

    """,
    "first6.yaml": """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: default}
    spec: {selector: {app: web}, ipFamilies: [IPv6, IPv4], ports: [{name: http, port: 80}]}

    """,
    "config.yaml": config,
    "slices.yaml": config + "    watch_endpoint_slices: true\n",
  ]
  private static let config = """
    discovery:
      kubernetes:
        service: {host: api.example.org, port: "6443"}
        client: {token_file: /var/run/token}

    """

  private static func slice(_ name: String, _ family: String, _ addresses: [String]) -> String {
    """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name), namespace: default, labels: {kubernetes.io/service-name: web}}
    addressType: \(family)
    endpoints: [\(addresses.map { "{addresses: [\"\($0)\"], conditions: {ready: true}}" }.joined(separator: ", "))]
    ports: [{name: http, port: 8080}]
    ---

    """
  }

  /// The first finding, without what follows it.
  private func first(_ files: String, config: String? = nil) throws -> (status: Int32, text: String) {
    let folder = try Folder(Self.files)
    let from = files.split(separator: " ").flatMap { ["--from", String($0)] }
    let ended = try gatecheck(
      ["resolve", "default/web:http"] + from + (config.map { ["--config", $0] } ?? []), in: folder.path)
    let blocks = ended.output.components(separatedBy: "\n\n")
    return (ended.status, blocks.first { !$0.hasPrefix("HOST") } ?? "")
  }

  @Test func bothFamiliesOfSlices() throws {
    let told = """
      warning: the nodes of default/web:http are 2 IPv4 and 2 IPv6 addresses: a pod with both is there twice \
      [resolve/dual-stack]
        help: a gateway without a route for one family fails on half of the requests: give it both, or set \
      ipFamilyPolicy: SingleStack in the Service
      """
    #expect(try first("ipv4.yaml ipv6.yaml") == (0, told))
    #expect(try first("ipv4.yaml ipv6.yaml", config: "slices.yaml") == (0, told))
    #expect(try first("ipv4.yaml", config: "slices.yaml") == (0, ""))
  }

  /// Seen only where the slices are there too.
  @Test func theFamilyThatEndpointsLack() throws {
    let told = """
      note: default/web has 2 IPv6 addresses too, which APISIX does not see: Endpoints hold one family \
      [resolve/dual-stack]
        help: for both: set watch_endpoint_slices: true, with APISIX 3.15 or newer, and routes for both
      """
    #expect(try first("endpoints.yaml ipv4.yaml ipv6.yaml") == (0, told))
    #expect(try first("endpoints.yaml ipv6.yaml", config: "config.yaml") == (0, told))
    #expect(try first("endpoints.yaml ipv4.yaml") == (0, ""))
    #expect(try first("endpoints.yaml") == (0, ""))
    let folder = try Folder(Self.files)
    let from = ["--from", "endpoints.yaml", "--from", "ipv6.yaml", "-o", "json"]
    #expect(
      try gatecheck(["resolve", "default/web:htp"] + from, in: folder.path).rules
        == ["resolve/unknown-port-name", "resolve/dual-stack"])
  }

  @Test(
    arguments: [
      (
        "no-endpoints.yaml ipv6.yaml", "config.yaml",
        "default/web has 2 IPv6 addresses only; Endpoints hold the Service's first family, IPv4 [resolve/dual-stack]",
        "set watch_endpoint_slices: true, with APISIX 3.15 or newer; or put that family first in the Service's ipFamilies"
      ),
      (
        "no-endpoints.yaml first6.yaml ipv4.yaml", "config.yaml",
        "default/web has 2 IPv4 addresses only; Endpoints hold the Service's first family, IPv6 [resolve/dual-stack]",
        "set watch_endpoint_slices: true, with APISIX 3.15 or newer; or put that family first in the Service's ipFamilies"
      ),
      (
        "ipv6.yaml", "config.yaml",
        "default/web is there as EndpointSlice only, with IPv6 addresses; APISIX reads Endpoints [resolve/other-kind]",
        "set watch_endpoint_slices: true, with APISIX 3.15 or newer"
      ),
      (
        "ipv4.yaml ipv6.yaml", "config.yaml",
        "default/web is there as EndpointSlice only; APISIX reads Endpoints [resolve/other-kind]",
        "set watch_endpoint_slices: true, with APISIX 3.15 or newer"
      ),
      (
        "no-endpoints.yaml ipv4.yaml ipv6.yaml", "config.yaml",
        "the Endpoints of default/web are empty, but not its EndpointSlices (2 IPv4 and 2 IPv6 addresses); "
          + "APISIX reads Endpoints [resolve/other-kind]",
        "set watch_endpoint_slices: true, with APISIX 3.15 or newer"
      ),
      (
        "endpoints.yaml", "slices.yaml",
        "default/web is there as Endpoints only; APISIX reads EndpointSlice [resolve/other-kind]",
        "take watch_endpoint_slices out of config.yaml"
      ),
      (
        "endpoints.yaml empty-slice.yaml", "slices.yaml",
        "the EndpointSlices of default/web are empty, but not its Endpoints (2 IPv4 addresses); "
          + "APISIX reads EndpointSlices [resolve/other-kind]",
        "take watch_endpoint_slices out of config.yaml"
      ),
      (
        "unlabelled.yaml", nil,
        "the EndpointSlice default/web-a lacks the label kubernetes.io/service-name, and is nobody's "
          + "[resolve/slice-without-service]",
        "kubectl -n default label endpointslice web-a kubernetes.io/service-name=web"
      ),
      (
        "unnamed-slice.yaml", nil,
        "default/web has no port http; it has: one without a name [resolve/unknown-port-name]",
        "in slices a port without a name has nothing behind the colon: write default/web:"
      ),
    ] as [(String, String?, String, String)])
  func onlyWhereAPISIXDoesNotLook(files: String, config: String?, message: String, help: String) throws {
    #expect(try first(files, config: config) == (1, "error: \(message)\n  help: \(help)"))
  }
}
