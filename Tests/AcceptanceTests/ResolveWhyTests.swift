import Foundation
import TestSupport
import Testing

/// Why there are no nodes, or other nodes than one thinks: what the user sees first.
@Suite struct ResolveWhyTests {
  private static let files = [
    "ports.yaml": """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: cms, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.109}], ports: [{name: http, port: 8080}]}]
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: unnamed, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.110}], ports: [{port: 8080}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: unnamed, namespace: default}
    spec: {selector: {app: unnamed}, ports: [{port: 80, targetPort: 8080}]}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: two, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.111}], ports: [{name: metrics, port: 9090}, {name: http, port: 8080}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: two, namespace: default}
    spec: {selector: {app: two}, ports: [{name: http, port: 80, targetPort: web}, {name: metrics, port: 81, targetPort: 9090}]}

    """,
    "headless.yaml": """
    apiVersion: v1
    kind: Service
    metadata: {name: bare, namespace: default}
    spec: {clusterIP: None, ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: selecting, namespace: default}
    spec: {clusterIP: None, selector: {app: db}, ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: portless, namespace: default}
    spec: {clusterIP: None, selector: {app: db}}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: portless, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.112}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: db, namespace: default}
    spec: {clusterIP: None, selector: {app: db}, ports: [{name: sql, port: 80, targetPort: 5432}]}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: db, namespace: default}
    subsets: [{addresses: [{ip: 10.5.10.113}], ports: [{name: sql, port: 5432}]}]

    """,
    "truncated.yaml": """
    apiVersion: v1
    kind: Endpoints
    metadata: {name: web, namespace: default, annotations: {endpoints.kubernetes.io/over-capacity: truncated}}
    subsets: [{addresses: [{ip: 10.5.10.109}], ports: [{name: http, port: 8080}]}]

    """,
  ]

  /// The first finding, without what follows it.
  private func first(_ name: String, _ file: String) throws -> (status: Int32, text: String) {
    let folder = try Folder(Self.files)
    let ended = try gatecheck("resolve", name, "--from", file, in: folder.path)
    let blocks = ended.output.components(separatedBy: "\n\n")
    return (ended.status, blocks.first { !$0.hasPrefix("HOST") } ?? "")
  }

  @Test(
    arguments: [
      (
        "cms/default:http",
        "there is no Endpoints cms/default; namespace and name are swapped [resolve/unknown-service]",
        "write default/cms:http"
      ),
      (
        "default/cms:8080", "default/cms has no port 8080; it has: http [resolve/unknown-port-name]",
        "a port that has a name goes by it: write default/cms:http"
      ),
      (
        "default/unnamed:http", "default/unnamed has no port http; it has: 8080 [resolve/unknown-port-name]",
        "a port without a name goes by the pods' number: write default/unnamed:8080"
      ),
      (
        "default/unnamed:80", "default/unnamed has no port 80; it has: 8080 [resolve/unknown-port-name]",
        "80 is the Service's own port: write default/unnamed:8080"
      ),
      (
        "default/two:80", "default/two has no port 80; it has: metrics, http [resolve/unknown-port-name]",
        "80 is the Service's own port: write default/two:http"
      ),
      (
        "default/two:web", "default/two has no port web; it has: metrics, http [resolve/unknown-port-name]",
        "web is the container's name of it: write default/two:http"
      ),
      (
        "default/two:x", "default/two has no port x; it has: metrics, http [resolve/unknown-port-name]",
        "write default/two:metrics or default/two:http"
      ),
    ]) func aNameThatIsNearlyRight(name: String, message: String, help: String) throws
  {
    #expect(try first(name, "ports.yaml") == (1, "error: \(message)\n  help: \(help)"))
  }

  /// A headless Service is like any other, but for these.
  @Test(
    arguments: [
      (
        "default/bare:http",
        "the headless Service default/bare is there, but has no Endpoints [resolve/no-ready-address]",
        "it has no selector: write its Endpoints by hand, or give it one"
      ),
      (
        "default/selecting:http",
        "the headless Service default/selecting is there, but has no Endpoints [resolve/no-ready-address]",
        "kube-controller-manager makes them: kubectl -n default describe service selecting"
      ),
      (
        "default/portless:http",
        "default/portless has 1 address and no port, without which APISIX takes none [resolve/unknown-port-name]",
        "give the Service one: ports: [{name: http, port: 80, targetPort: 8080}]; then write default/portless:http"
      ),
    ]) func headless(name: String, message: String, help: String) throws
  {
    #expect(try first(name, "headless.yaml") == (1, "error: \(message)\n  help: \(help)"))
  }

  /// A way without discovery is only told where it helps, and as text to paste.
  @Test(arguments: [
    ("db.default.svc", "headless.yaml", #"nodes: {"db.default.svc:5432": 1}"#),
    (
      "two.default.svc.cluster.local", "ports.yaml", #"nodes: {"two.default.svc:PORT": 1}, with the Service's own port"#
    ),
    ("two.default.svc:81", "ports.yaml", #"nodes: {"two.default.svc:81": 1}"#),
    ("unnamed.default", "ports.yaml", #"nodes: {"unnamed.default.svc:80": 1}"#),
    ("default/db:80", "headless.yaml", nil), ("default/gone:http", "ports.yaml", nil),
    ("gone.default.svc", "ports.yaml", nil), ("selecting.default.svc", "headless.yaml", nil),
    ("default/two/http", "ports.yaml", nil),
  ]) func theWayWithoutDiscovery(name: String, file: String, nodes: String?) throws {
    let folder = try Folder(Self.files)
    let ended = try gatecheck("resolve", name, "--from", file, in: folder.path)
    #expect(ended.output.contains("[resolve/static-node]") == (nodes != nil), "\(ended.output)")
    if let nodes { #expect(ended.output.contains("help: " + nodes), "\(ended.output)") }
  }

  /// Nothing is suggested that is not there, and nothing that does not help.
  @Test(arguments: [
    ("cms.shop.svc.cluster.local", "there is no shop/cms; did you mean default/cms:http?"),
    ("gone.shop.svc", "there is no shop/gone"), ("gone", "there is no service gone in any namespace"),
    ("cms", "write default/cms:http"), ("two", "write default/two:metrics or default/two:http"),
    ("default/cms/http", "write default/cms:http"), ("default/two/HTTP", "write default/two:http"),
    ("default/two:HTTP", "write default/two:http"), ("default.cms", "write default/cms:http"),
    ("defualt/cms:htp", "did you mean default/cms:http?"), ("shop/two:http", "did you mean default/two:http?"),
    ("a/default/cms:http", "write default/cms:http"),
    ("default/zzzzzz:http", "see what there is: kubectl get endpoints -A"),
  ]) func whatIsSuggestedIsThere(name: String, help: String) throws {
    let folder = try Folder(Self.files)
    let told = "  help: \(help)\n"
    let ended = try gatecheck("resolve", name, "--from", "ports.yaml", in: folder.path)
    #expect(ended.output.contains(told), "\(ended.output)")
    let piped = try gatecheck("resolve", name, "--from", "-", input: folder.read("ports.yaml"))
    #expect(piped.output.contains(told), "\(piped.output)")
    // It heals.
    for words in help.split(separator: " ") where words.contains("/") && words.contains(":") {
      let name = words.trimmingCharacters(in: ["?", ","])
      #expect(try gatecheck("resolve", name, "--from", "ports.yaml", in: folder.path).status == 0, "\(name)")
    }
  }

  /// Another service of nearly this name, without an address, is no way out; it is said that it has none.
  @Test func aNearNameWithoutNodes() throws {
    let folder = try Folder(Self.files)
    try folder.write(
      "none.yaml", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: cms, namespace: shop}\n")
    let ended = try gatecheck("resolve", "shop/cmss:http", "--from", "none.yaml", in: folder.path)
    #expect(ended.output.contains("help: did you mean shop/cms? It has no ready address either"), "\(ended.output)")
    let listed = try gatecheck("resolve", "--all", "--from", "none.yaml", in: folder.path)
    #expect(listed.output == "SERVICE NAME  NODES\nshop/cms      none\n")
  }

  @Test func overAThousandAddresses() throws {
    #expect(
      try first("default/web:http", "truncated.yaml") == (
        0,
        """
        warning: Kubernetes cut these Endpoints off at 1000 addresses [resolve/over-capacity]
          help: set watch_endpoint_slices: true, with APISIX 3.15 or newer
        """
      ))
    // Kubernetes 1.21 warns and does not cut.
    let folder = try Folder([
      "e.yaml": (Self.files["truncated.yaml"] ?? "").replacingOccurrences(of: "truncated", with: "warning")
    ])
    let ended = try gatecheck("resolve", "default/web:http", "--from", "e.yaml", in: folder.path)
    #expect(
      ended.output.contains(
        "warning: these Endpoints have over 1000 addresses; Kubernetes 1.22 and newer cuts off the rest"))
  }
}
