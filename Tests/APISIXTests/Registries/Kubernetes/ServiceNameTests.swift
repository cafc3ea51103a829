import Testing

@testable import APISIX

@Suite("A service name of Kubernetes")
struct ServiceNameTests {
  @Test(
    "is split at the last colon with one cluster",
    arguments: [
      ("default/cms:http", "default/cms", "http"), ("default/svc:", "default/svc", ""),
      ("default/svc:http:80", "default/svc:http", "80"), ("a/b/c/d:p", "a/b/c/d", "p"), (":port", "", "port"),
      ("x.default.svc.cluster.local:80", "x.default.svc.cluster.local", "80"), ("a/b:p\n", "a/b", "p"), (":", "", ""),
      (" a/b: p ", " a/b", " p "), ("a/b:p/", "a/b", "p/"), ("a/b:p\r\n", "a/b", "p\r"),
    ])
  func single(text: String, key: String, port: String) throws {
    let name = try ServiceName(text, mode: .single)
    #expect(name.key == key)
    #expect(name.port == port)
    #expect(name.cluster == nil)
  }

  @Test(
    "is split at the last two slashes before it with several",
    arguments: [
      ("release/default/svc:http", "release", "default/svc", "http"), ("a/b/c/d:p", "a/b", "c/d", "p"),
      ("/default/svc:http", "", "default/svc", "http"), ("c1//x:p", "c1", "/x", "p"),
      ("c1/ns/svc:p/q:r", "c1/ns", "svc:p/q", "r"), ("c1/ns/svc:p/q", "c1", "ns/svc", "p/q"), ("//:", "", "/", ""),
    ])
  func multi(text: String, cluster: String, key: String, port: String) throws {
    let name = try ServiceName(text, mode: .multi)
    #expect(name.cluster == cluster)
    #expect(name.key == key)
    #expect(name.port == port)
  }

  @Test(
    "is malformed for a reason",
    arguments: [
      ("", ServiceNameMode.single, ServiceName.Fault.empty), ("default/cms", .single, .noPort),
      ("a/b:p\n\n", .single, .lineFeed), ("a\n/b:p", .single, .lineFeed), ("default/cms:http", .multi, .noCluster),
      ("default/svc:http:80", .multi, .noCluster), ("c1/default/cms", .multi, .noPort), ("a:b/c/d", .multi, .noCluster),
    ])
  func malformed(text: String, mode: ServiceNameMode, fault: ServiceName.Fault) {
    #expect(throws: fault) { try ServiceName(text, mode: mode) }
  }

  @Test(
    "comes with the name that was meant",
    arguments: [
      (
        "cms.default.svc.cluster.local:80", ServiceNameMode.single, ServiceName.Advice.Shape.clusterDomain,
        "default/cms:80"
      ),
      ("cms.default.svc.cluster.local", .single, .clusterDomain, "default/cms:PORT"),
      ("cms.default.svc:http", .multi, .clusterDomain, "prod/default/cms:http"),
      ("cms.default", .single, .dotted, "default/cms:PORT"),
      ("default/cms", .single, .missingPort, "default/cms:PORT"),
      ("cms:http", .single, .bareName, "NAMESPACE/cms:http"),
      ("default/cms:http", .multi, .missingCluster, "prod/default/cms:http"),
      ("prod/default/cms:http", .single, .needlessCluster, "default/cms:http"),
      ("cms/default:http", .single, .swapped, "default/cms:http"),
      (" default/cms: http", .single, .whiteSpace, "default/cms:http"),
      ("http://cms.default.svc:80/", .single, .clusterDomain, "default/cms:80"),
      ("lb://cms", .single, .url, "NAMESPACE/cms:PORT"), ("10.0.0.1:80", .single, .address, "NAMESPACE/NAME:PORT"),
      ("http://10.0.0.1:80/x", .single, .address, "NAMESPACE/NAME:PORT"),
      ("https://10.0.0.1", .single, .address, "NAMESPACE/NAME:PORT"),
      ("http://cms.default.svc:80/x/y", .single, .clusterDomain, "default/cms:80"),
      ("http://cms.default/x", .single, .dotted, "default/cms:PORT"),
      ("http://default/cms:http", .single, .url, "default/cms:http"),
    ])
  func advice(text: String, mode: ServiceNameMode, shape: ServiceName.Advice.Shape, suggestion: String) {
    let advice = ServiceName.Advice(text, mode: mode, clusters: ["prod"]) { $0 == "default/cms" }
    #expect(advice?.shape == shape)
    #expect(advice?.suggestion == suggestion)
  }

  @Test(
    "may be an address, also in a URL",
    arguments: [
      ("10.0.0.1:80", #"{"10.0.0.1:80": 1}"#), ("fd00::1", #"{"[fd00::1]:PORT": 1}"#),
      ("http://10.0.0.1:80/x", #"{"10.0.0.1:80": 1}"#), ("https://10.0.0.1", #"{"10.0.0.1:PORT": 1}"#),
      ("http://[fd00::1]:80/", #"{"[fd00::1]:80": 1}"#), ("http://cms.default.svc:80/x", nil),
    ])
  func address(text: String, nodes: String?) {
    #expect(ServiceName.nodes(ofAddress: text) == nodes)
  }

  @Test("needs no advice when it is right")
  func right() {
    #expect(ServiceName.Advice("default/cms:http", mode: .single) == nil)
    #expect(ServiceName.Advice("a/default/cms:http\n", mode: .multi) == nil)
  }

  @Test("is read without its mode, and written in one line")
  func asWritten() throws {
    #expect(try ServiceName(written: "default/cms:http\n").text == "default/cms:http")
    #expect(try ServiceName(written: "a/default/cms:http").cluster == "a")
    #expect(throws: ServiceName.Fault.noPort) { try ServiceName(written: "default/cms") }
  }
}
