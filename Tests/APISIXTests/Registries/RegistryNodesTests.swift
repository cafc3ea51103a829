import JSON
import SourceText
import Testing

@testable import APISIX

/// Whole answers as the registries give them, what is asked for them, and the nodes of each release.
@Suite struct RegistryNodesTests {
  /// What came of a lookup, and what was asked for it.
  struct Found {
    let nodes: [String]?
    let none: NoNodes?
    let check: String?
    let asked: [RegistryQuestion]
    var urls: [String] {
      asked.compactMap { if case .http(let request) = $0 { request.url } else { nil } }
    }
  }

  /// - Parameter answers: what a URL ends in, to the answer; the status is 200 unless it stands before the body.
  func find(
    _ kind: RegistryKind, _ name: String, _ config: String, in release: String = "3.18.0",
    arguments: [String: String] = [:], scheme: String = "http", records: [String: [DNSRecord]] = [:],
    _ answers: [String: String] = [:]
  ) throws -> Found {
    let release = try #require(Release(parsing: release))
    let file = #"{"discovery": {"\#(kind.key)": \#(config)}}"#
    let section = DiscoveryConfig(Array(file.utf8)).registries.first?.value
    var lookup = RegistryLookup(name, of: kind, section, in: release)
    (lookup.arguments, lookup.scheme) = (arguments, scheme)
    var replies = RegistryAnswers()
    var asked: [RegistryQuestion] = []
    while case let questions = kind.questions(lookup, after: replies), !questions.isEmpty {
      asked += questions
      for question in questions {
        switch question {
        case .http(let request):
          let body = answers.first { request.url.hasSuffix($0.key) }?.value
          let status = body.flatMap { Int($0.prefix(3)) }
          replies[question] = body.map { .http(status: status ?? 200, body: Array($0.utf8)) } ?? .nothing
        case .dns(let name, let type): replies[question] = .dns(code: 0, records["\(name) \(type.rawValue)"] ?? [])
        case .address(let host): replies[question] = .addresses(host == "gone.example.org" ? [] : ["192.0.2.7"])
        }
      }
    }
    let found = kind.nodes(lookup, replies)
    let nodes = found.nodes?.map { node in
      let details = node.details.members.map { " \($0.key)=\($0.value.text())" }.joined()
      return "\(node.host?.string ?? "-"):\(node.port?.text() ?? "-") \(node.weight.text())\(details)"
    }
    return Found(nodes: nodes, none: found.none, check: found.check?.text(in: release), asked: asked)
  }

  // MARK: nacos

  let nacos = #"{"host": ["http://nacos:8848"]}"#
  func list(_ hosts: String) -> String {
    """
    {"name": "DEFAULT_GROUP@@web", "groupName": "DEFAULT_GROUP", "clusters": "", "cacheMillis": 10000,
     "hosts": [\(hosts)], "lastRefTime": 1795391929123, "checksum": "", "allIPs": false,
     "reachProtectionThreshold": false, "valid": true}
    """
  }
  func host(_ ip: String, weight: String, metadata: String = "{}") -> String {
    """
    {"instanceId": "\(ip)#80#DEFAULT#DEFAULT_GROUP@@web", "ip": "\(ip)", "port": 80, "weight": \(weight), "healthy": true,
     "enabled": true, "ephemeral": true, "clusterName": "DEFAULT", "serviceName": "DEFAULT_GROUP@@web",
     "metadata": \(metadata)}
    """
  }

  @Test func nacosIsAskedByNamespaceAndGroup() throws {
    let arguments = ["namespace_id": "b1 c", "group_name": "G1"]
    let answer = list(host("192.0.2.1", weight: "1.0", metadata: #"{"gRPC_port": 9090}"#))
    let found = try find(
      .nacos, "a b", nacos, arguments: arguments, scheme: "grpc", ["&groupName=G1": answer])
    #expect(found.nodes == ["192.0.2.1:9090 1"])
    #expect(
      found.urls == [
        "http://nacos:8848/nacos/v1/ns/instance/list?healthyOnly=true&serviceName=a b&namespaceId=b1%20c&groupName=G1"
      ], "the name goes as it is")
    let plain = try find(.nacos, "a b", nacos, arguments: arguments, ["&groupName=G1": answer])
    #expect(plain.nodes == ["192.0.2.1:80 1"])
  }

  @Test func nacosLogsInFirst() throws {
    let config =
      #"{"host": ["http://demo:p@ss@nacos:8848"], "prefix": "/nacos/v1", "access_key": "a", "secret_key": "s"}"#
    let answers = [
      "auth/login": #"{"accessToken": "t-1", "tokenTtl": 18000, "globalAdmin": true, "username": "demo"}"#,
      "DEFAULT_GROUP": list(host("192.0.2.1", weight: "1")),
    ]
    let found = try find(.nacos, "web", config, answers)
    #expect(found.nodes == ["192.0.2.1:80 1"])
    #expect(found.urls.first == "http://nacos:8848/nacos/v1/auth/login")
    let credentials = found.asked.map { question -> [RegistryRequest.Credential] in
      if case .http(let request) = question { request.credentials } else { [] }
    }
    let signature = RegistryRequest.Credential.signature(accessKey: "a", secretKey: "s", text: "DEFAULT_GROUP@@web")
    #expect(credentials == [[.query("username=demo&password=p%40ss")], [.query("accessToken=t-1"), signature]])
    #expect(try find(.nacos, "web", config, in: "3.6.0", answers).asked.last != found.asked.last, "no keys before 3.7")
    #expect(try find(.nacos, "web", config, ["auth/login": "403 user not found!"]).none == .status(403))
    let colon = try find(.nacos, "web", #"{"host": ["http://demo:p:q@nacos:8848"]}"#, answers)
    #expect(colon.urls.count == 1, "a second colon, and nobody logs in")
  }

  @Test(arguments: [("3.12.0", false), ("3.16.0", false), ("3.17.0", true)])
  func noInstancesAreAnEmptyListSince317(release: String, isEmpty: Bool) throws {
    let found = try find(.nacos, "web", nacos, in: release, ["DEFAULT_GROUP": list("")])
    #expect(found.nodes == (isEmpty ? [] : nil))
    #expect(found.none == .unknown)
  }

  @Test func aFractionOfAWeightIsRefused() throws {
    let found = try find(.nacos, "web", nacos, ["DEFAULT_GROUP": list(host("192.0.2.1", weight: "0.5"))])
    #expect(found.check?.contains("property \"weight\"") == true)
  }

  @Test(arguments: [("3.14.1", 1), ("3.15.0", 2)])
  func theOtherHostIsAskedSince315(release: String, asked: Int) throws {
    let config = #"{"host": ["http://one:8848", "http://two:8848"]}"#
    #expect(try find(.nacos, "web", config, in: release).asked.count == asked)
    #expect(try find(.eureka, "WEB", config, in: release).asked.count == asked)
  }

  // MARK: eureka

  func application(_ instances: String) -> String {
    """
    {"applications": {"versions__delta": "1", "apps__hashcode": "UP_1_", "application": [
      {"name": "WEB", "instance": [\(instances)]}, {"name": "BILLING", "instance": []}]}}
    """
  }
  func instance(
    _ ip: String, status: String = "UP", overridden: String = "UNKNOWN", secure: Bool = false, metadata: String = "{}"
  ) -> String {
    """
    {"instanceId": "\(ip):web:80", "hostName": "h", "app": "WEB", "ipAddr": "\(ip)", "status": "\(status)",
     "overriddenStatus": "\(overridden)", "port": {"$": 80, "@enabled": "true"},
     "securePort": {"$": 443, "@enabled": "\(secure)"}, "countryId": 1, "metadata": \(metadata), "vipAddress": "web"}
    """
  }

  @Test func eurekaIsAskedForAll() throws {
    let config = #"{"host": ["http://demo:p@ss@eureka:8761"], "prefix": "/eureka", "weight": 7}"#
    let instances = [
      instance("192.0.2.1", metadata: #"{"weight": 3, "zone": "a"}"#), instance("192.0.2.2", status: "DOWN"),
      instance("192.0.2.3", overridden: "OUT_OF_SERVICE"), instance("192.0.2.4", secure: true),
    ]
    let found = try find(.eureka, "WEB", config, ["/eureka/apps": application(instances.joined(separator: ","))])
    #expect(found.nodes == [#"192.0.2.1:80 3 metadata={"zone":"a"}"#, "192.0.2.4:443 7 metadata={}"])
    let basic = RegistryRequest.Credential.header(
      name: "Authorization", value: "Basic " + Base64.encode(Array("demo:p".utf8)))
    #expect(found.asked == [.get("http://ss@eureka:8761/eureka/apps", acceptsJSON: true, [basic])])
  }

  @Test func whyEurekaGivesNothing() throws {
    let config = #"{"host": ["http://eureka:8761"], "prefix": "/eureka/"}"#
    func none(_ name: String, _ answer: String) throws -> NoNodes? {
      try find(.eureka, name, config, ["/eureka/apps": answer]).none
    }
    #expect(try none("web", application(instance("192.0.2.1"))) == .unknown, "names are in capitals")
    #expect(try none("WEB", application(instance("192.0.2.1", status: "STARTING"))) == .noneUsable)
    #expect(try none("WEB", "<applications/>") == .notJSON)
    #expect(try none("WEB", "401") == .status(401))
    #expect(
      try none("WEB", #"{"applications": {"application": null}}"#)
        == .form(Words(.badLength, "local 'apps'", "userdata")))
  }

  @Test func aHostNameIsResolvedSince316() throws {
    let config = #"{"host": ["http://eureka:8761"], "prefix": "/eureka/"}"#
    let answers = ["apps": application(instance("app.example.org") + "," + instance("gone.example.org"))]
    let found = try find(.eureka, "WEB", config, answers)
    #expect(found.nodes == [#"192.0.2.7:80 100 metadata={} domain="app.example.org""#])
    #expect(found.asked.contains(.address(of: "app.example.org")))
    #expect(try find(.eureka, "WEB", config, in: "3.15.0", answers).none == .noneUsable)
  }

  // MARK: dns

  let dns = #"{"servers": ["127.0.0.1:8600"]}"#

  @Test func recordsOfServicesShareTheirWeight() throws {
    let records: [String: [DNSRecord]] = [
      "web.service.consul SRV": [
        .srv(priority: 1, weight: 0, port: 8080, target: "a.node.consul"),
        .srv(priority: 2, weight: 3, port: 0, target: "b.node.consul"),
      ],
      "a.node.consul A": [.address(.a, "192.0.2.1"), .address(.a, "192.0.2.2")],
      "b.node.consul A": [.cname("c.node.consul"), .address(.a, "192.0.2.3")],
    ]
    let found = try find(.dns, "Web.service.consul", dns, records: records)
    #expect(
      found.nodes == ["192.0.2.1:8080 1 priority=-1", "192.0.2.2:8080 1 priority=-1", "192.0.2.3:- 6 priority=-2"])
    #expect(
      found.asked == [
        .dns(name: "web.service.consul", .srv), .dns(name: "a.node.consul", .srv), .dns(name: "a.node.consul", .a),
        .dns(name: "b.node.consul", .srv), .dns(name: "b.node.consul", .a),
      ])
  }

  /// As a hostile server might: no product of the counts may be too large.
  @Test func manyTargetsOfManyAddresses() throws {
    var records: [String: [DNSRecord]] = [:]
    let counts = (1...400).map { $0 }
    records["web.example.org SRV"] = counts.map { .srv(priority: 1, weight: 65535, port: 80, target: "t\($0)") }
    for count in counts {
      records["t\(count) A"] = (0..<count).map { .address(.a, "192.0.2.\($0)") }
      for index in 0..<count { records["chain\(index) CNAME"] = [.cname("chain\(index + 1)")] }
    }
    #expect(try find(.dns, "web.example.org", dns, records: records).nodes?.count == counts.reduce(0, +))
    #expect(try find(.dns, "chain0", dns, records: records).none == .unknown)
  }

  @Test func oneTypeAfterTheOtherIsAsked() throws {
    let records: [String: [DNSRecord]] = [
      "alias.example.org CNAME": [.cname("a.example.org")], "a.example.org AAAA": [.address(.aaaa, "2001:db8::1")],
      "loop.example.org CNAME": [.cname("loop.example.org")],
    ]
    let found = try find(.dns, "alias.example.org:80", dns, records: records)
    #expect(found.nodes == ["[2001:db8:0:0:0:0:0:1]:80 1"])
    #expect(found.asked.count == 7)
    #expect(try find(.dns, "loop.example.org:80", dns, records: records).none == .unknown)
    #expect(try find(.dns, "192.0.2.1:80", dns).nodes == ["192.0.2.1:80 1"])
    #expect(try find(.dns, "2001:db8::1", dns).nodes == ["[2001:db8::1]:- 1"])
    let ordered = #"{"servers": ["127.0.0.1:8600"], "order": ["A"]}"#
    #expect(try find(.dns, "a.example.org", ordered, in: "3.0.0").asked.count == 1)
    #expect(try find(.dns, "a.example.org", ordered, in: "2.15.3").asked.count == 4)
  }

  // MARK: kubernetes, tars

  @Test func pagesOfAListAreAskedForOneByOne() throws {
    let config = #"{"service": {"schema": "http", "host": "10.0.0.1", "port": "8080"}, "client": {"token": "t-1"}}"#
    let section = DiscoveryConfig(Array(#"{"discovery": {"kubernetes": \#(config)}}"#.utf8)).registries.first?.value
    var lookup = RegistryLookup("default/web:http", of: .kubernetes, section)
    let one = RegistryKind.kubernetes.questions(lookup)
    #expect(
      one == [
        .get(
          "http://10.0.0.1:8080/api/v1/endpoints?fieldSelector=metadata.name%3Dweb%2Cmetadata.namespace%3Ddefault"
            + "&resourceVersion=0", [.header(name: "Authorization", value: "Bearer t-1")])
      ])
    lookup.asksAll = true
    func page(_ name: String, next: String) -> RegistryReply {
      let text = """
        {"kind": "EndpointsList", "apiVersion": "v1", "metadata": {"resourceVersion": "7", "continue": "\(next)"},
         "items": [{"metadata": {"name": "\(name)", "namespace": "default"}, "subsets": [
           {"addresses": [{"ip": "192.0.2.1"}], "ports": [{"name": "http", "port": 80}]}]}]}
        """
      return .http(status: 200, body: Array(text.utf8))
    }
    var answers = RegistryAnswers()
    var asked: [String] = []
    while case .http(let request)? = RegistryKind.kubernetes.questions(lookup, after: answers).first {
      asked.append(request.url)
      answers[.http(request)] = page(asked.count == 1 ? "api" : "web", next: asked.count == 1 ? "c-1" : "")
    }
    #expect(
      asked.map { $0.dropFirst(20) } == ["/api/v1/endpoints?limit=120", "/api/v1/endpoints?continue=c-1&limit=120"])
    let nodes = RegistryKind.kubernetes.nodes(lookup, answers).nodes
    #expect(nodes == [UpstreamNode(host: "192.0.2.1", port: 80, weight: 50)])
  }

  @Test func ofTarsNothingIsKnown() {
    let lookup = RegistryLookup("App.Server.Obj", of: .tars)
    #expect(RegistryKind.tars.questions(lookup).isEmpty)
    #expect(RegistryKind.tars.nodes(lookup, RegistryAnswers()).none == .notKnown)
  }
}
