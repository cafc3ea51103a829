import APISIX
import Findings
import Foundation
import Testing

@testable import Logs

/// What requests were told.
@Suite struct RequestLogTests {
  private static func upstream(_ cause: String, release: String = "init.lua:646: handle_upstream()") -> Explanation? {
    explain(request("[lua] \(release): failed to set upstream: \(cause)"))
  }

  @Test(arguments: [
    "init.lua:646: handle_upstream()", "init.lua:486: handle_upstream()", "init.lua:512: http_access_phase()",
  ])
  func nothingIsKnown(_ release: String) throws {
    let found = try #require(Self.upstream("no valid upstream node: nil", release: release))
    #expect(found.rule.id == "log/no-valid-upstream-node" && found.severity == .error && found[.reason] == "nil")
    let help = try #require(found.help)
    // By registry, the one with the fewest causes first; for kubernetes the command that tells.
    let order = ["consul:", "nacos:", "eureka:", "kubernetes:"].compactMap { help.range(of: $0)?.lowerBound }
    #expect(order.count == 4 && order == order.sorted())
    #expect(help.contains("gatecheck resolve NAME --config config.yaml"))
  }

  @Test func anEmptyListIsAnotherMatter() {
    let empty = Self.upstream("no valid upstream node")
    #expect(empty?.rule.id == "log/no-valid-upstream-node" && empty?[.reason] == "empty list")
    let stream =
      "2022/11/25 17:26:59 [error] 65#65: *8526392 stream [lua] init.lua:965: stream_preread_phase(): failed to set "
      + "upstream: no valid upstream node while prereading client data, client: 172.22.104.189, server: 0.0.0.0:9779"
    #expect(explain(stream)?[.reason] == "empty list")
  }

  /// At level info an unknown service is named; an unknown port is not.
  @Test func anUnknownServiceIsNamed() throws {
    let line = request(
      "[lua] core.lua:575: get_endpoint(): get empty endpoint version from discovery DICT shop/nosuch", level: "info")
    let found = try #require(explain(line))
    #expect(found.rule.id == "log/no-valid-upstream-node" && found[.service] == "shop/nosuch")
    #expect(found.part == .request(.kubernetes))
    #expect(found.help?.hasPrefix("gatecheck resolve shop/nosuch:PORT --config config.yaml") == true)
  }

  @Test func aRegistryThatIsNotEnabled() throws {
    let kubernetes = try #require(Self.upstream("discovery kubernetes is uninitialized"))
    #expect(kubernetes.rule.id == "log/discovery-uninitialized" && kubernetes[.registry] == "kubernetes")
    #expect(kubernetes.help?.hasPrefix("gatecheck lint config.yaml") == true)
    #expect(Self.upstream("discovery zookeeper is uninitialized")?.help?.contains("no registry zookeeper") == true)
    #expect(Self.upstream("discovery Nacos is uninitialized")?.help?.contains("nacos is near") == true)
    let old =
      "[lua] balancer.lua:210: run(): failed to pick server: discovery is uninitialized while connecting to upstream"
    #expect(explain(request(old))?.rule.id == "log/discovery-uninitialized")
  }

  @Test func aTypeThatIsMissing() {
    #expect(Self.upstream("discovery server need appoint")?.rule.id == "log/discovery-type-missing")
  }

  @Test func aNodeThatIsRefused() throws {
    let item = "invalid nodes format: failed to validate item 1: property "
    let weight = try #require(
      Self.upstream(item + "\"weight\" validation failed: wrong type: expected integer, got string"))
    #expect(weight.rule.id == "log/invalid-node" && weight[.property] == "weight")
    #expect(weight.help?.contains("Eureka") == true)
    let port = try #require(Self.upstream(item + "\"port\" validation failed: expected 0 to be at least 1"))
    #expect(port[.property] == "port" && port[.reason] == "expected 0 to be at least 1")
    let host = try #require(
      Self.upstream("invalid nodes format: failed to validate item 1: property \"host\" is required"))
    #expect(host[.property] == "host" && host.message.hasSuffix("its host is missing"))
  }

  @Test func aHostName() throws {
    let text =
      "[lua] balancer.lua:362: run(): failed to set server peer [web.internal:8080] err: no host allowed while "
      + "connecting to upstream"
    let name = try #require(explain(request(text)))
    #expect(name.rule.id == "log/host-name-node" && name[.address] == "web.internal:8080")
    let none = explain(request("[lua] balancer.lua:362: run(): failed to set server peer [:80] err: no host"))
    #expect(none?.rule.id == "log/host-name-node" && none?.message.contains("without a host") == true)
  }

  @Test(arguments: [
    ("connect() failed (111: Connection refused) while connecting to upstream", "connection refused"),
    ("connect() failed (113: No route to host) while connecting to upstream", "no route"),
    ("upstream timed out (110: Operation timed out) while connecting to upstream", "timeout"),
    (
      "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream",
      "TLS"
    ),
    ("peer closed connection in SSL handshake while SSL handshaking to upstream", "TLS"),
  ])
  func aNodeThatIsNotReachedIsNoFaultOfDiscovery(_ text: String, _ reason: String) throws {
    let found = try #require(explain(request(text, upstream: "http://10.1.2.3:8080/a")))
    #expect(found.rule.id == "log/node-unreachable" && found.severity == .warning)
    #expect(found[.address] == "10.1.2.3:8080" && found[.reason] == reason)
    #expect(found.message.hasPrefix("the node 10.1.2.3:8080 "))
  }

  @Test func aSlowOrBrokenAnswerIsLeftAlone() {
    for text in [
      "upstream timed out (110: Operation timed out) while reading response header from upstream",
      "upstream prematurely closed connection while reading response header from upstream",
      "recv() failed (104: Connection reset by peer) while reading response header from upstream",
    ] {
      #expect(explain(request(text, upstream: "http://10.1.2.3:8080/a")) == nil, "\(text)")
    }
    let all =
      "[lua] balancer.lua:346: run(): failed to pick server: failed to find valid upstream server, all upstream servers "
      + "tried while connecting to upstream"
    #expect(explain(request(all))?.rule.id == "log/node-unreachable")
  }

  @Test func aPluginThatLooksNothingUp() {
    let front = "lua entry thread aborted: runtime error: /usr/local/apisix/apisix/plugins/traffic-split.lua:"
    for error in [
      "149: bad argument #1 to 'isarray' (table expected, got nil)",
      "120: bad argument #1 to 'pairs' (table expected, got nil)",
    ] {
      let found = explain(request(front + error + "\nstack traceback:\ncoroutine 0:\n\t[C]: in main chunk"))
      #expect(found?.rule.id == "log/plugin-without-discovery" && found?.part == .request(nil))
    }
  }

  @Test func linesOfOtherCode() {
    for line in [
      request("[lua] limit-count.lua:119: phase_func(): failed to limit count: rejected"),
      request(
        "[lua] openidc.lua:573: accessing discovery url (http://127.0.0.1:4444/.well-known) failed: connection refused"),
      request(
        "a client request body is buffered to a temporary file /usr/local/apisix/client_body_temp/1", level: "warn"),
      timer("config_etcd.lua:567: no healthy etcd endpoint available, next retry after 2s"),
      timer("plugin.lua:223: load_stream(): new plugins: {\"limit-conn\":true}", level: "warn"),
      "2026/11/28 11:00:01 [notice] 40#40: start worker processes", "",
    ] {
      #expect(explain(line) == nil, "\(line)")
    }
  }
}
