import TestSupport
import Testing

/// EndpointSlices and Endpoints that were written by hand.
@Suite struct ManifestEndpointTests {
  private static func queue(_ slice: String, kind: String = "EndpointSlice", selector: String = "") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: queue, namespace: mq}
    spec: {clusterIP: None, \(selector)ports: [{name: http, port: 8080}]}
    ---
    apiVersion: \(kind == "Endpoints" ? "v1" : "discovery.k8s.io/v1")
    kind: \(kind)
    metadata:
      name: queue
    \(slice)
    """
  }

  @Test func slicesByHandLieBesideTheirServiceAndAreRead() throws {
    let slice = """
        namespace: default
        labels: {kubernetes.io/service-name: queue}
      addressType: IPv4
      ports: [{name: http, port: 8080}]
      endpoints: [{addresses: [10.180.4.62], conditions: {ready: true}}]
      """
    let reading = "discovery:\n  kubernetes: {watch_endpoint_slices: true}\n"
    func lint(_ text: String, _ config: String = reading) throws -> [String] {
      try Installation.lint(["objects.yaml": text, "config.yaml": config]).map {
        String($0.split(separator: "[").last ?? "")
      }
    }
    let noNamespace = slice.replacing("  namespace: default\n", with: "")
    let right = slice.replacing("default", with: "mq")
    #expect(try lint(Self.queue(right)) == [])
    #expect(try lint(Self.queue(slice)) == ["endpoints/other-namespace]"])
    #expect(try lint(Self.queue(noNamespace)) == ["endpoints/other-namespace]"])
    #expect(try lint(Self.queue(right), "discovery:\n  kubernetes: {}\n") == ["endpoints/slices-not-read]"])
    #expect(try lint(Self.queue(right), "discovery:\n  dns: {servers: [\"10.0.0.2:53\"]}\n") == [])
    // The controller gives this Service addresses; one of the slices may be another Service's.
    #expect(try lint(Self.queue(slice, selector: "selector: {app: queue}, ")) == [])
    #expect(try lint(Self.queue(slice) + "\n---\n" + Self.queue(right).split(separator: "---\n")[1]) == [])
    let made = slice.replacing(
      "{kub", with: "{endpointslice.kubernetes.io/managed-by: endpointslice-controller.k8s.io, kub")
    #expect(try lint(Self.queue(made)) == [])
    let endpoints = Self.queue(
      "subsets: [{addresses: [{ip: 10.180.4.62}], ports: [{name: http, port: 8080}]}]", kind: "Endpoints")
    #expect(try lint(endpoints, "discovery:\n  kubernetes: {}\n") == ["endpoints/other-namespace]"])

    let folder = try Folder(["objects.yaml": Self.queue(noNamespace), "config.yaml": "discovery:\n  kubernetes: {}\n"])
    let resolve = ["resolve", "mq/queue:http", "--from", "objects.yaml"]
    let ended = try gatecheck(resolve + ["--config", "config.yaml"], in: folder.path)
    #expect(
      ended.output.contains("the EndpointSlice queue, which names it, has no namespace [resolve/no-ready-address]"))
    #expect(ended.output.contains("write namespace: mq into it, and set watch_endpoint_slices: true"))
    try folder.write("objects.yaml", Self.queue(slice))
    #expect(try gatecheck(resolve, in: folder.path).output.contains("which names it, lies in namespace default ["))
  }
}
