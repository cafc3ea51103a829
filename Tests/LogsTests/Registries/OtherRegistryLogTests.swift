import APISIX
import Findings
import Testing

@testable import Logs

@Suite struct OtherRegistryLogTests {
  // MARK: Eureka

  @Test func eurekaRefuses() throws {
    let prefix = try #require(
      explain(
        timer("init.lua:175: failed to fetch registry from http://u:pa55word@127.0.0.1:30325/eureka/v2/: status=404")))
    #expect(prefix.rule.id == "log/eureka-fetch-failed" && prefix.settings.first == "prefix")
    #expect(prefix.message == "Eureka at http://127.0.0.1:30325/eureka/v2/ answers 404")
    #expect(!prefix.whole.contains("pa55word"))
    // Up to 3.14.
    let older = try #require(explain(timer("init.lua:160: failed to fetch registry, status = 401")))
    #expect(older[.status] == "401" && older.settings == ["host"])
  }

  @Test func eurekaIsNotReached() throws {
    let refused = try #require(explain(timer("init.lua:155: failed to fetch registryconnection refused")))
    #expect(refused.rule.id == "log/eureka-fetch-failed" && refused.message == "Eureka refuses connections")
    let name = explain(timer("init.lua:155: failed to fetch registryfailed to parse domain: failed to parse domain"))
    #expect(name?.message.contains("does not resolve") == true)
    let all = "failed to fetch registry from all eureka hosts, no healthy endpoint found, tried 1 host(s)"
    #expect(explain(timer("init.lua:180: " + all))?.part == .effect(.eureka))
  }

  @Test func eurekaGivesNoJSON() {
    let page = explain(timer("init.lua:166: invalid response body: <applications/> err: Expected value"))
    #expect(page?.rule.id == "log/eureka-fetch-failed" && page?.message.contains("XML") == true)
    // A plugin's own server.
    #expect(
      explain(request("[lua] authz-keycloak.lua:301: discover(): invalid response body: <html> err: Expected value"))?
        .rule.id == nil)
    let early = explain(request("[lua] eureka.lua:226: nodes(): failed to fetch nodes for : APP-ONE"))
    #expect(early?[.service] == "APP-ONE" && early?.part == .request(.eureka))
  }

  @Test func anInstanceOfEurekaIsLeftOut() throws {
    let text =
      "init.lua:128: parse_instance(): WEB service host-a node IP web.internal is invalid(must be IPv4 or IPv6)."
    let old = try #require(explain(timer(text)))
    #expect(old.rule.id == "log/eureka-instance-invalid" && old.severity == .warning)
    #expect(old[.service] == "WEB" && old[.address] == "web.internal")
    let new = explain(timer("init.lua:130: failed to resolve web.internal: dns server error: 3 name error"))
    #expect(new?.rule.id == "log/eureka-instance-invalid" && new?[.address] == "web.internal")
    // A plugin of a request says it as well.
    #expect(explain(request("[lua] plugin.lua:30: failed to resolve web.internal: no")) == nil)
  }

  // MARK: DNS

  private static func dns(_ cause: String, release: String = "init.lua:646: handle_upstream()") -> Explanation? {
    explain(request("[lua] \(release): failed to set upstream: no valid upstream node: \(cause)"))
  }

  @Test(arguments: ["init.lua:646: handle_upstream()", "init.lua:517: http_access_phase()"])
  func dnsHasNoNodes(_ release: String) throws {
    let unknown = try #require(
      Self.dns("failed to query the DNS server: dns server error: 3 name error", release: release))
    #expect(unknown.rule.id == "log/dns-failed" && unknown[.status] == "3" && unknown.message.contains("NXDOMAIN"))
    #expect(unknown.part == .request(.dns))
    let zone = try #require(Self.dns("failed to query the DNS server: dns server error: 5 refused", release: release))
    #expect(zone.message.contains("not responsible"))
  }

  @Test func aServerGivenByName() throws {
    let text =
      "failed to query the DNS server: dns lookup pool exceeded retries (1): failed to create a resolver: failed to "
      + "set peer name: registry1:8600 could not be resolved (2: Server failure)"
    let found = try #require(Self.dns(text))
    #expect(found.rule.id == "log/dns-failed" && found[.server] == "registry1:8600")
    #expect(found.message == "registry1:8600 in discovery.dns.servers is a name; DNS servers must be IP addresses")
  }

  @Test func otherFaultsOfDNS() throws {
    let silent = try #require(Self.dns("failed to query the DNS server: dns lookup pool exceeded retries (1): timeout"))
    #expect(silent.message == "the DNS server does not answer in time")
    let target = try #require(
      Self.dns("failed to resolve SRV record nowhere.test.local: dns server error: 3 name error"))
    #expect(target[.address] == "nowhere.test.local" && target.message.contains("nowhere.test.local"))
    let closed =
      "failed to query the DNS server: dns lookup pool exceeded retries (1): failed to receive reply from UDP "
      + "server 127.0.0.1:1: connection refused"
    #expect(
      Self.dns(closed)?[.server] == "127.0.0.1:1: connection refused".split(separator: ": ").first.map(String.init))
    #expect(Self.dns("failed to query the DNS server: dns client error: 101 empty record received")?[.status] == "101")
    // Those of a node's own name are not the registry's.
    let node =
      "[lua] resolver.lua:80: parse_domain(): failed to parse domain: app.example.com, error: failed to query the "
      + "DNS server: dns client error: 101 empty record received"
    let found = explain(request(node))
    #expect(found?.rule.id == "log/node-unreachable" && found?[.address] == "app.example.com")
    #expect(explain(timer(String(node.dropFirst("[lua] ".count))))?.rule.id != "log/dns-failed")
  }

  // MARK: Tars, and crashes

  @Test func theDatabaseOfTars() throws {
    let refused = try #require(explain(timer("init.lua:317: failed to connect mysql: connection refused, nil, nil")))
    #expect(refused.rule.id == "log/tars-database-failed" && refused[.reason] == "connection refused")
    let denied = "failed to connect mysql: Access denied for user 'tars'@'10.0.0.1' (using password: YES), 1045, 28000"
    #expect(explain(timer("init.lua:317: " + denied))?.help?.contains("user and password") == true)
    #expect(
      explain(timer("init.lua:220: query failed, error: timeout, nil nil"))?.rule.id == "log/tars-database-failed")
  }

  @Test func aLuaErrorOfARegistry() throws {
    let front =
      "2022/12/20 04:07:02 [error] 26#26: *64695 lua entry thread aborted: runtime error: /usr/local/apisix/apisix/"
    let stream = try #require(
      explain(
        front + "discovery/dns/init.lua:32: attempt to index upvalue 'dns_client' (a nil value)\nstack traceback:\n"
          + "coroutine 0: in main chunk while prereading client data, client: 198.51.100.17, server: 0.0.0.0:10000"))
    #expect(stream.rule.id == "log/registry-crash" && stream.part == .request(.dns))
    #expect(stream.help?.contains("3.2") == true)
    let nacos = explain(front + "discovery/nacos/init.lua:361: attempt to index upvalue 'applications' (a nil value)")
    #expect(nacos?.rule.id == "log/registry-crash" && nacos?[.registry] == "nacos")
    #expect(explain(front + "api_router.lua:99: bad argument #1 to 'ipairs' (table expected, got nil)") == nil)
  }
}
