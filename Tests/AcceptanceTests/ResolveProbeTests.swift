import Foundation
import JSON
import TestSupport
import Testing

private let hasNamespaces = (try? bash("unshare -rn ip link set lo up").status == 0) ?? false

/// What `--probe` says of nodes that do not answer, in a network namespace whose routes the test makes itself.
@Suite(.enabled(if: hasNamespaces, "needs unshare with user namespaces, and ip"))
struct ResolveProbeTests {
  @Test func eachFailureIsToldApart() throws {
    let addresses = ["127.0.0.1", "127.0.0.2", "10.8.0.1", "192.0.2.1"].map { "{\"ip\": \"\($0)\"}" }
    let folder = try Folder([
      "endpoints.json": """
      {"kind": "Endpoints", "metadata": {"name": "cms", "namespace": "default"}, "subsets": [{
        "addresses": [\(addresses.joined(separator: ", "))], "ports": [{"name": "http", "port": 20080}]}]}
      """,
      // Listens with a full queue: what comes then is dropped, as by a firewall.
      "full.py": """
      import socket, sys, time
      listener = socket.socket()
      listener.bind(("127.0.0.1", 20080))
      listener.listen(0)
      clients = [socket.socket() for _ in range(4)]
      for client in clients:
          client.setblocking(False)
          client.connect_ex(("127.0.0.1", 20080))
      open("ready", "w").close()
      time.sleep(60)
      """,
    ])
    let script = """
      ip link set lo up && ip route add unreachable 10.8.0.0/16
      python3 full.py </dev/null >/dev/null 2>&1 & server=$!
      for _ in $(seq 100); do [ -e ready ] && break; sleep 0.1; done
      gatecheck resolve default/cms:http --from endpoints.json --probe -o json --request-timeout 1
      status=$?
      kill $server
      exit $status
      """
    try folder.write("run.sh", script)
    let ended = try bash("unshare -rnpf --kill-child bash run.sh", in: folder.path)
    let answers = try JSONValue.parse(ended.output)["nodes"]?.array?.map {
      "\($0["host"]?.string ?? "") \($0["probe"]?["result"]?.string ?? "")"
    }
    #expect(
      answers == ["10.8.0.1 no-route", "127.0.0.1 timed-out", "127.0.0.2 refused", "192.0.2.1 no-route"],
      "\(ended.errors)")
    #expect(ended.rules == ["resolve/unreachable-nodes"])
    #expect(ended.status == 1)
  }

  /// The command that is told asks as the one before it did.
  @Test func whatIsToldLeadsToTheSameCluster() throws {
    let port = #"{"ip": "127.0.0.1"}], "ports": [{"port": 1, "name": "http"}]"#
    let object =
      #"{"kind": "Endpoints", "metadata": {"name": "cms", "namespace": "default"}, "subsets": [{"addresses": ["#
    let folder = try Folder(["endpoints.json": object + port + "}]}", "host/x": ""])
    let ended = try gatecheck(
      "resolve", "default/cms:http", "--from", "endpoints.json", "--probe", "--root", "host", "--apisix-version",
      "3.17",
      "--allow-plain-http", in: folder.path)
    #expect(
      ended.output.contains(
        "gatecheck resolve --root host --apisix-version 3.17 --from endpoints.json --allow-plain-http default/cms:http"),
      "\(ended)")
  }

  /// The Service's own address may be reachable where its pods are not.
  @Test func podsWithoutARouteAndTheirService() throws {
    let folder = try Folder([
      "token": "a.b.c",
      "server.py": """
      import http.server, json
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              name = {"name": "cms", "namespace": "default"}
              if "/services/" in self.path:
                  answer = {"kind": "Service", "metadata": name, "spec": {"ports": [{"name": "http", "port": 80}]}}
              else:
                  subset = {"addresses": [{"ip": "10.8.0.1"}], "ports": [{"name": "http", "port": 8080}]}
                  answer = {"kind": "EndpointsList", "metadata": {}, "items": [{"metadata": name, "subsets": [subset]}]}
              body = json.dumps(answer).encode()
              self.send_response(200)
              self.send_header("Content-Type", "application/json")
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)
      server = http.server.HTTPServer(("127.0.0.1", 20080), Handler)
      open("ready", "w").close()
      server.serve_forever()
      """,
      "run.sh": """
      ip link set lo up && ip route add unreachable 10.8.0.0/16
      python3 server.py </dev/null >/dev/null 2>&1 & server=$!
      for _ in $(seq 100); do [ -e ready ] && break; sleep 0.1; done
      gatecheck resolve default/cms:http --server http://127.0.0.1:20080 --token-file token --probe -o json
      status=$?
      kill $server
      exit $status
      """,
    ])
    let ended = try bash("unshare -rnpf --kill-child bash run.sh", in: folder.path)
    #expect(ended.rules == ["resolve/unreachable-nodes", "resolve/static-node"], "\(ended.output)")
    let note = try JSONValue.parse(ended.output)["findings"]?.array?.last
    #expect(note?["help"]?.string?.hasPrefix(#"nodes: {"cms.default.svc:80": 1}"# + "\n") == true)
  }
}
