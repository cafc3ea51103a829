import Foundation
import TestSupport
import Testing

/// `resolve --from` with what people really give it: pipes, other objects, one cluster of several.
@Suite struct ResolveInputTests {
  private static let forbidden = """
    {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
     "message": "endpoints is forbidden: User \\"ci\\" cannot list resource \\"endpoints\\" at the cluster scope",
     "reason": "Forbidden", "details": {"kind": "endpoints"}, "code": 403}

    """
  private static let pods = """
    {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "plat-dev", "namespace": "default"}},
      {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "plat-dev-2", "namespace": "default"}}]}

    """
  private static let podList = """
    {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": [
      {"metadata": {"name": "plat-dev", "namespace": "default"}, "spec": {}}]}

    """

  @Test(arguments: ["[map[addresses:[map[ip:10.0.0.1]] ports:[map[port:80]]]]", "[10.0.0.1 10.0.0.2]"])
  func whatJsonpathPrintsIsNamed(text: String) throws {
    let folder = try Folder(["saved": text])
    let ended = try gatecheck("resolve", "default/web:http", "--from", "saved", in: folder.path)
    let said = ended.output + ended.errors
    #expect(said.contains("this is a list or map as kubectl -o jsonpath prints it"), "\(said)")
    #expect(said.contains("kubectl get endpoints -A -o json"))
  }

  /// A pipe gives its text once; a name of the wrong form is looked up twice in a file.
  @Test(arguments: ["<(cat endpoints.yaml)", "/dev/stdin < <(cat endpoints.yaml)"]) func aPipeIsReadOnce(from: String)
    throws
  {
    let ended = try bash("gatecheck resolve plat-dev:prt -o short --from \(from)")
    #expect(ended.output.hasPrefix("error: plat-dev:prt is not of the form NAMESPACE/NAME:PORT"), "\(ended.output)")
    #expect(ended.status == 1)
  }

  @Test(
    arguments: [
      (forbidden, "1 object of kind Status is"), (pods, "2 objects of kind Pod are"),
      (podList, "1 object of kind Pod is"), ("{}", "1 object without a kind is"),
    ] as [(String, String)])
  func whatIsNoEndpointsIsSaid(input: String, told: String) throws {
    let line = "error: \(told) passed over: neither Endpoints nor EndpointSlices [resolve/bad-document]\n"
    let all = try gatecheck("resolve", "--all", "--from", "-", "-o", "short", input: input)
    #expect(all.output == line)
    #expect(all.status == 1)
    let one = try gatecheck("resolve", "default/plat-dev:port", "--from", "-", "-o", "short", input: input)
    #expect(one.output.hasPrefix(line))
    #expect(one.status == 1)
  }

  @Test func besideEndpointsItIsANote() throws {
    let folder = try Folder(["pods.json": Self.pods, "endpoints.yaml": Checkout.text("docs/examples/endpoints.yaml")])
    let ended = try gatecheck(
      "resolve", "default/plat-dev:port", "--from", "pods.json", "--from", "endpoints.yaml", "-o", "json",
      in: folder.path)
    #expect(ended.rules == ["resolve/bad-document"])
    #expect(ended.status == 0)
    let nothing = try gatecheck("resolve", "--all", "--from", "-", input: #"{"kind": "List", "items": []}"#)
    #expect(nothing.status == 0)
    #expect(nothing.output.isEmpty)
  }

  /// As `kubectl get --raw /api/v1/namespaces/NAME/endpoints` prints it.
  private static func list(of namespace: String) -> String {
    #"{"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": [{"metadata": {"#
      + #""name": "web", "namespace": "\#(namespace)"}, "subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": "#
      + #"[{"name": "http", "port": 80}]}]}]}"# + "\n"
  }

  /// Whichever comes last, and where both stand in one file; where keys are sorted the kind comes behind the items.
  @Test func theListsOfTwoNamespacesAddUp() throws {
    let folder = try Folder(["a.json": Self.list(of: "a"), "b.json": Self.list(of: "b")])
    let sorted = "python3 -c 'import json; print(json.dumps(json.load(open(\"NAME.json\")), sort_keys=True))'"
    let (a, b) = (sorted.replacing("NAME", with: "a"), sorted.replacing("NAME", with: "b"))
    for from in [
      "--from a.json --from b.json", "--from b.json --from a.json", "--from <(cat a.json b.json)",
      "--from <(cat b.json a.json)", "--from <(\(a); \(b))", "--from <(\(a)) --from <(\(b))",
    ] {
      for name in ["a/web:http", "b/web:http"] {
        let ended = try bash("gatecheck resolve \(name) -o hosts \(from)", in: folder.path)
        #expect(ended.output == "10.0.0.1 web.\(name.prefix(1))\n", "\(name) \(from): \(ended.output)")
        #expect(ended.errors.isEmpty, "\(ended.errors)")
        #expect(ended.status == 0)
      }
    }
  }

  private static let slice = """
    {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", "metadata": {"name": "web-1",
     "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}}, "ports": [{"name": "http", "port": 80}],
     "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": true}}]}

    """

  /// Without a configuration slices are read where there is nothing else, as the release reads them.
  @Test(arguments: [
    ("3.18", [], 0), ("3.14", ["resolve/slices-misread"], 1),
    ("3.13", ["resolve/other-kind"], 1),
    ("3.8", ["resolve/other-kind"], 1),
  ])
  func slicesAloneAreReadAsTheReleaseDoes(version: String, rules: [String], status: Int32) throws {
    let ended = try gatecheck(
      "resolve", "shop/web:http", "--from", "-", "--apisix-version", version, "-o", "json", input: Self.slice)
    #expect(ended.rules == rules, "\(ended.output)")
    #expect(ended.status == status)
  }

  /// What is read is read, whatever its first line looks like.
  @Test func aFileThatBeginsLikeAMessageIsRead() throws {
    let endpoints = try Checkout.text("docs/examples/endpoints.yaml")
    let ended = try gatecheck(
      "resolve", "default/plat-dev:port", "--from", "-", "-o", "json", input: "error: none\n---\n" + endpoints)
    #expect(ended.status == 0, "\(ended.output)")
    let message = try gatecheck(
      "resolve", "default/plat-dev:port", "--from", "-", "-o", "short", input: "error: the server is gone\n")
    #expect(message.output.contains("this is a message of kubectl (error: the server is gone)"), "\(message.output)")
    #expect(message.status == 3)
  }

  private static let clusters = """
    discovery:
      kubernetes:
        - id: first
          service: {host: 10.0.0.1, port: "6443"}
          client: {token_file: /first/token}
        - id: second
          service: {host: 10.0.0.2, port: "6443"}
          client: {token_file: /second/token}

    """

  @Test func oneClusterOfSeveral() throws {
    let folder = try Folder([
      "config.yaml": Self.clusters, "endpoints.yaml": Checkout.text("docs/examples/endpoints.yaml"),
    ])
    func all(_ cluster: String) throws -> Ended {
      try gatecheck(
        "resolve", "--all", "-o", "json", "--config", "config.yaml", "--from", "endpoints.yaml", "--cluster", cluster,
        in: folder.path)
    }
    let services = try all("second").json()["services"] as? [[String: Any]]
    #expect(services?.compactMap { $0["serviceName"] as? String } == ["second/default/plat-dev:port"])
    let unknown = try all("third")
    #expect(unknown.rules == ["config/unknown-cluster"])
    #expect(unknown.status == 2)
  }

  /// The ids that have the service stand in place of an id that is missing.
  @Test func aNameWithoutAnIdIsWrittenOutWithIt() throws {
    let folder = try Folder([
      "config.yaml": Self.clusters, "endpoints.yaml": Checkout.text("docs/examples/endpoints.yaml"),
      "none.json": #"{"kind": "List", "items": []}"#,
    ])
    let ended = try gatecheck(
      "resolve", "default/plat-dev:port", "--config", "config.yaml", "--from", "first=none.json", "--from",
      "second=endpoints.yaml", in: folder.path)
    #expect(ended.output.contains("help: write second/default/plat-dev:port\n"), "\(ended.output)")
    let unseen = try gatecheck(
      "resolve", "shop/cart:http", "--config", "config.yaml", "--from", "endpoints.yaml", in: folder.path)
    #expect(
      unseen.output.contains("APISIX wants ID/NAMESPACE/NAME:PORT [service-name/cluster-id-missing]")
        && unseen.output.contains("help: there is no shop/cart\n"), "\(unseen.output)")
    try folder.write("config.yaml", Self.clusters.replacing("id: first\n", with: "default_weight: 5\n"))
    let nameless = try gatecheck(
      "resolve", "default/plat-dev:port", "--config", "config.yaml", "--from", "endpoints.yaml", in: folder.path)
    #expect(nameless.output.contains("help: write second/default/plat-dev:port\n"), "\(nameless.output)")
  }

  @Test(arguments: ["apisix", "hosts"]) func aFormatOfNodesWantsOneName(format: String) throws {
    let ended = try gatecheck("resolve", "--all", "--from", "endpoints.yaml", "-o", format)
    #expect(ended.status == 2)
    #expect(ended.output.isEmpty)
    #expect(ended.errors.hasPrefix("gatecheck: -o \(format) wants one service name.\n"))
  }

  /// It stands in a comment of the manifest too, where a line break would end the comment.
  @Test func theNamespaceOfTheJobIsOne() throws {
    let ended = try gatecheck(
      "resolve", "default/plat-dev:port", "--from", "endpoints.yaml", "--probe", "--from-pod", "-n", "a\nkind: Secret")
    #expect(ended.status == 2)
    #expect(ended.output.isEmpty)
    #expect(ended.errors.hasPrefix("gatecheck: --namespace a\\nkind: Secret "), "\(ended.errors)")
  }

  /// `--watch | head -1`. The test runner's children have SIGTERM blocked, hence KILL.
  @Test func aWatchEndsWithItsReader() throws {
    let folder = try Folder()
    let ended = try bash(
      """
      python3 -c '
      import http.server, json
      class Server(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              gone = {"type": "ERROR", "object": {"kind": "Status", "code": 410}}
              ports = [{"name": "port", "port": 3306}]
              item = {"metadata": {"name": "plat-dev", "namespace": "default"},
                      "subsets": [{"addresses": [{"ip": "10.5.10.109"}], "ports": ports}]}
              listed = {"kind": "EndpointsList", "metadata": {"resourceVersion": "7"}, "items": [item]}
              body = json.dumps(gone if "watch=" in self.path else listed).encode()
              self.send_response(200)
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)
          def log_message(self, *_): pass
      server = http.server.HTTPServer(("127.0.0.1", 0), Server)
      print(server.server_port, flush=True)
      server.serve_forever()' > port & server=$!
      until [ -s port ]; do sleep 0.05; done
      timeout -s KILL 20 gatecheck resolve default/plat-dev:port --watch --server "http://127.0.0.1:$(cat port)" | head -1
      echo "${PIPESTATUS[0]}"; kill -KILL $server
      """, in: folder.path, environment: ["GATECHECK_TOKEN": "a.b.c"])
    #expect(ended.output.hasSuffix("default/plat-dev:port: 1 node +10.5.10.109:3306\n0\n"), "\(ended.output)")
  }

  /// Whoever could not read the routes cannot say which upstreams they leave alone.
  @Test func anUpstreamIsNotUnusedWhereTheRoutesAreUnknown() throws {
    let folder = try Folder([
      "answers/apisix/admin/upstreams": #"""
      {"total": 1, "list": [{"key": "/apisix/upstreams/1", "value":
        {"id": "1", "type": "roundrobin", "service_name": "default/plat-dev:port", "discovery_type": "kubernetes"}}]}
      """#,
      "answers/apisix/admin/services": #"{"total": 0, "list": []}"#,
      "answers/apisix/admin/routes": "<html>bad gateway</html>",
      "endpoints.yaml": Checkout.text("docs/examples/endpoints.yaml"),
    ])
    let ended = try bash(
      """
      python3 -u -m http.server 0 --bind 127.0.0.1 --directory answers >port 2>/dev/null & server=$!
      until grep -q 'port' port; do sleep 0.05; done
      gatecheck resolve --admin "http://127.0.0.1:$(grep -o 'port [0-9]*' port | grep -o '[0-9]*')" \
        --from endpoints.yaml -o json
      status=$?; kill -KILL $server; exit $status
      """, in: folder.path)
    #expect(ended.rules == ["resolve/apisix-refused"], "\(ended.output)")
    #expect(ended.status == 1)
  }
}
